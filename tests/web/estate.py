"""Fifty datasets over twenty Dags: half of them are kept from somebody, who may read the others; ten datasets are of both.

Whatever is said by a Dag of the far side bears a token that stands nowhere else.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.classification import How, Sighting
from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Origin
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.record import Entry, Record
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.core.waiver import Waiver
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.policy import default_folder, load
from tests.web import scene

# A process that serves the estate is told which one it is.
TOKEN = os.environ.get("ESTATE_TOKEN") or f"zq{secrets.token_hex(4)}xk"
DAGS = 10
UNTIL = date(2026, 12, 20)


class Side(NamedTuple):
    """One half of the Dags, and how everything is called that they speak of.

    :param odd: the other side's records are between its own
    """

    word: str
    odd: int

    @property
    def dags(self) -> tuple[str, ...]:
        return tuple(f"{self.word}_dag_{number}" for number in range(DAGS))

    def own(self, number: int) -> tuple[str, str]:
        return f"s3://{self.word}-lake/features/{number}", f"postgres://{self.word}:5432/crm.public.table_{number}"

    @property
    def names(self) -> dict[str, str]:
        """One name of each kind."""
        run, dataset = f"{self.word}-run-0", self.own(0)[0]
        return {
            "dag": self.dags[0], "dag_id": self.dags[0], "run": run, "run_id": run, "dataset": dataset, "name": dataset,
            "env": f"{self.word}-prod", "environment": f"{self.word}-prod", "column": f"{self.word}_contact",
            "class": self.entity, "entity": self.entity, "task_id": f"{self.word}_classify", "q": self.word,
            "owner": f"team-{self.word}", "waiver": f"W-{self.word}-0", "approver": f"{self.word}_lead",
        }  # fmt: skip

    @property
    def entity(self) -> str:
        return f"CLASS_{self.word.upper()}"


NEAR, FAR = Side("meadow", 0), Side(TOKEN, 1)


def shared(number: int) -> str:
    """A dataset of which Dags of both sides speak."""
    return f"s3://both/features/{number}"


def owner(dataset: str) -> str:
    """Who answers for a dataset, as the policy would say."""
    return f"team-{dataset.split('//')[1].split(':')[0].split('/')[0]}"


@cache
def policy() -> Policy:
    """The shipped policy, with waivers for datasets of each side."""
    waivers = tuple(
        Waiver(
            id=f"P-{side.word}-{number}", dataset=dataset, code="ENTITY_NOT_ALLOWED", subject=f"{side.word}_note",
            entity="PHONE_NUMBER", requested_by=f"{side.word}_asker", approved_by=f"{side.word}_lead",
            reason=f"{side.word} says so", until=UNTIL,
        )
        for side in (NEAR, FAR)
        for number, dataset in enumerate(side.own(0))
    )  # fmt: skip
    return load(default_folder()).policy.model_copy(update={"waivers": waivers})


def granted(entry: Entry) -> tuple[Waiver, ...]:
    """What of an answer holds: all that it grants."""
    answer = entry.record.verdict.answer
    return answer.waivers if answer else ()


def titles() -> dict[str, str]:
    """What classes are called."""
    return {**scene.TITLES, **{side.entity: f"{side.word} number" for side in (NEAR, FAR)}}


def records(side: Side, dags: int = DAGS) -> Iterator[Record]:
    """Some hundred records: failures, waivers asked for, granted and ended, passes, and what sealed tasks made."""
    number = 0
    for dag in range(dags):
        features, table = side.own(dag)
        for dataset in (features, table, shared(dag)):
            for task, said, environment in islice(
                _said(side, dag, dataset, parent=table), 1 if dataset is table else 9
            ):
                run = {"dag_id": side.dags[dag], "run_id": f"{side.word}-run-{dag}"}
                made = scene.record(f"{side.word}_{task}", said, number=2 * number + side.odd, **run)
                yield made.model_copy(update={"environment": environment})
                number += 1


def _said(side: Side, dag: int, dataset: str, parent: str) -> Iterator[tuple[str, Verdict, str]]:
    here = {"dataset": dataset, "uri": dataset, "partition": f"{side.word}={dag}"}
    contact, note, old = _findings(side, dag, parent)
    sight = tuple(
        Sighting(column=finding.subject, entity=str(finding.entity), rows=7 + dag + side.odd, how=How.VALIDATED)
        for finding in (contact, note, old)
    )
    seen: dict[str, Any] = {**scene.read(), **here, "sightings": sight, "clean_columns": (f"{side.word}_clean",)}
    yield "classify", scene.verdict(Gate.CLASSIFY, contact, note, old, **seen), "prod-train"
    for reply in (Reply.ASKED, Reply.GRANTED):
        yield "classify", _answered(side, dag, reply, contact, here), "prod-train"
    waived = contact.model_copy(update={"waiver": note.waiver})
    if dag % 2:
        yield "classify", scene.verdict(Gate.CLASSIFY, waived, note, scene.POSTCODE, **seen), "prod-train"
    stranger = scene.strangers(2 + side.odd)[0].model_copy(update={"subject": f"{side.word}_reader"})
    yield "may_train", scene.verdict(Gate.ACCESS, stranger, **here, asked=f"train for {side.word}"), f"{side.word}-prod"
    made = (f"s3://{side.word}-models/{dag}",)
    yield "train", scene.verdict(Gate.SEAL, scene.check("SEAL_HOLDS", subject=f"{side.word}_classify"), **here, makes=made), "prod-train"  # fmt: skip


def _findings(side: Side, dag: int, parent: str) -> tuple[Finding, Finding, Finding]:
    waiver = AppliedWaiver(
        id=f"W-{side.word}-{dag}", approved_by=f"{side.word}_lead", requested_by=f"{side.word}_asker", until=UNTIL,
        reason=f"{side.word} migration",
    )  # fmt: skip
    contact = scene.EMAIL.model_copy(
        update={
            "subject": f"{side.word}_contact", "entity": side.entity, "reason": f"97 % of it stands in {parent}",
            "origin": Origin(parent=parent, column=f"{side.word}_email", share=0.97, compared=1000),
            "remedy": f"leave out {side.word}_email", "level": (Level.RESTRICTED, Level.CONFIDENTIAL)[dag % 2],
        }
    )  # fmt: skip
    note = scene.PHONE.model_copy(update={"subject": f"{side.word}_note", "waiver": waiver})
    old = scene.PHONE.model_copy(update={"subject": f"{side.word}_old", "waiver": None, "ended": waiver})
    return contact, note, old


def _answered(side: Side, dag: int, reply: Reply, about: Finding, here: dict[str, Any]) -> Verdict:
    granted = reply is Reply.GRANTED
    waiver = Waiver(
        id=f"W-{side.word}-{dag}", dataset=here["dataset"], code=about.code, subject=about.subject, entity=about.entity,
        requested_by=f"{side.word}_asker", approved_by=f"{side.word}_lead", reason=f"{side.word} why", until=UNTIL,
        max_share=0.5,
    )  # fmt: skip
    answer = Answer(
        reply=reply, stopped="0" * 32, requested_by=(f"{side.word}_asker",), approvers=(f"{side.word}_lead",),
        answered_by=f"{side.word}_lead" if granted else "", reason=f"{side.word} why" if granted else "",
        until=UNTIL if granted else None, waivers=(waiver,) if granted else (),
    )  # fmt: skip
    return scene.verdict(Gate.APPROVAL, about, **here, answer=answer, outcome=Outcome.FAIL)


class Ledgers(NamedTuple):
    """The addresses of two ledgers that are one and the same up to where the far side begins to speak in one of them."""

    whole: str
    near: str
    keyring: Keyring


def ledgers_in(folder: Path) -> Ledgers:
    """Write both, so that what the near side said has the same place and hash in each."""
    ledger, whole, keyring = scene.ledger_in(folder)
    with ledger:
        for record in records(NEAR):
            ledger.append(record)
    near = folder / "near.db"
    shutil.copyfile(folder / "ledger.db", near)
    ledger, _, _ = scene.ledger_in(folder)
    with ledger:
        for record in records(FAR):
            ledger.append(record)
    return Ledgers(whole, f"sqlite:///{near}", keyring)


def mixed_in(folder: Path) -> tuple[str, Keyring]:
    """Write one in which both sides speak in turns, as they do."""
    ledger, url, keyring = scene.ledger_in(folder)
    with ledger:
        for record in sorted((*records(NEAR), *records(FAR)), key=lambda record: record.time):
            ledger.append(record)
    return url, keyring
