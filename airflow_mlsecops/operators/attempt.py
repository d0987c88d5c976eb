"""One try of one gate: what it opens, who asks, and how its verdict is recorded, pushed and only then raised."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_mlsecops import __version__
from airflow_mlsecops.core.approval import EXPIRED_TOLD, granted
from airflow_mlsecops.core.errors import LedgerError, MlsecopsError
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.policy import Mode
from airflow_mlsecops.core.record import Entry, Record, Run, record_id
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.core.waive import apply_waivers
from airflow_mlsecops.core.words import render
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown

if TYPE_CHECKING:
    from airflow_mlsecops.core.dataset import Dataset
    from airflow_mlsecops.core.policy import Policy
    from airflow_mlsecops.core.waiver import Waiver
    from airflow_mlsecops.hook import MlsecopsHook
    from airflow_mlsecops.ledger import Ledger
    from airflow_mlsecops.scan.allowances import Allowances

T = TypeVar("T")

XCOM_KEY = "verdict"
XCOM_LIMIT = 4096
_MOST_APPROVALS = 10_000  # the newest of one dataset; to leave some out is to stop more


class Attempt:
    """One try of one gate.

    :param context: Airflow's context of the task
    :param dataset: what the gate is about; ``partition``: what of it, rendered
    :param log: the task's logger
    """

    def __init__(self, context: Mapping[str, Any], *, gate: Gate, dataset: Dataset, partition: str, log: Any) -> None:
        from airflow_mlsecops.hook import MlsecopsHook

        self.context = context
        self.gate = gate
        self.dataset = dataset
        # Rendered as a native object it may be a number, or nothing at all: which must not mean everything.
        self.partition = str(partition)
        self.log = log
        self.now = datetime.now(UTC)
        self.hook: MlsecopsHook = MlsecopsHook()
        self._started = time.monotonic()

    @cached_property
    def run(self) -> Run:
        """Who asks, as Airflow says."""
        instance = self.context["ti"]
        dag_run = self.context.get("dag_run")
        return Run(
            dag_id=instance.dag_id,
            run_id=instance.run_id,
            task_id=instance.task_id,
            map_index=instance.map_index if instance.map_index is not None else -1,
            try_number=instance.try_number,
            requested_by=getattr(dag_run, "triggering_user_name", None) or "",
        )

    @property
    def run_token(self) -> str:
        """A short name of this task's work in this run, the same for each try: names what it leaves if it is killed."""
        run = self.run
        told = "\0".join((run.dag_id, run.run_id, run.task_id, str(run.map_index)))
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger, opened once."""
        return self.hook.ledger()

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.hook.policy.policy

    @property
    def stage(self) -> str:
        """The stage that the policy gives the dataset."""
        return self.policy.rule_for(self.identity)[0].stage

    @property
    def allowances(self) -> Allowances:
        """What the policy allows in the dataset, as a scan leaves it out."""
        from airflow_mlsecops.scan.allowances import allowances

        return allowances(self.policy, self.identity, self.now.date(), self.hook.fingerprint_key)

    @cached_property
    def identity(self) -> str:
        """Connection-free identity of the dataset."""
        from airflow_mlsecops.sources import identity_of

        return identity_of(self.dataset, self.hook.clients(self.context))

    @property
    def environment(self) -> str:
        """What this deployment claims to be."""
        return self.hook.settings.environment

    def _granted(self, asked: str) -> tuple[Waiver, ...]:
        """What people approved of the dataset in this environment, as far as today's policy would still let them."""
        told = timedelta(days=self.policy.approval_days) + EXPIRED_TOLD
        entries = self.ledger.history(
            dataset=self.identity,
            environment=self.environment,
            gate=Gate.APPROVAL,
            since=self.now - told,
            limit=_MOST_APPROVALS,
        )
        return granted(
            entries,
            identity=self.identity,
            environment=self.environment,
            asked=asked,
            policy=self.policy,
            entities=self.hook.policy.entities,
        )

    def waived(self, findings: tuple[Finding, ...], asked: str = "") -> tuple[Finding, ...]:
        """The findings with the waivers that cover them: the policy's, and those that people gave in Airflow.

        :param asked: the action and purpose, or the environment: people gave leave for that alone
        """
        if all(finding.status is not Status.FAIL for finding in findings):
            return findings
        return apply_waivers(
            findings,
            identity=self.identity,
            policy=self.policy,
            today=self.now.date(),
            granted=self._granted(asked),
        )

    @property
    def enforced(self) -> bool:
        """False only in observe mode, and only until the policy's ``observe_until``."""
        until = self.policy.observe_until
        return self.hook.settings.mode is Mode.ENFORCE or until is None or self.now.date() > until

    def verdict(self, findings: tuple[Finding, ...], outcome: Outcome, **what: Any) -> Verdict:
        """A verdict of this gate, with what every verdict carries."""
        return Verdict(
            gate=self.gate,
            outcome=outcome,
            dataset=self.identity,
            uri=self.dataset.uri,
            partition=self.partition,
            findings=findings,
            policy=self.policy.digest,
            enforced=self.enforced,
            seconds=round(time.monotonic() - self._started, 3),
            **what,
        )

    def conclude(self, judge: Callable[[], Verdict], ask: Callable[[Entry], str] | None = None) -> Entry:
        """Judge, record, push, and only then raise.

        :param judge: looks and judges; whatever it raises becomes UNKNOWN with a code
        :param ask: asks a person to approve what stops the task, and lets it wait; says why not, where nobody is asked
        :returns: the acknowledged record of a verdict that lets the task go on
        :raises GateFailed: on FAIL
        :raises GateUnknown: on UNKNOWN, and where the ledger did not acknowledge
        """
        entry, trouble = self._record(_outer_edge(judge, self))
        if entry is None:
            self.log.error("%s", trouble)
            raise GateUnknown(trouble) from None
        text = self._say(entry)
        self._push(entry)
        if not entry.record.verdict.stops:
            return entry
        # Nothing is chained: causes of pydantic, psycopg or pyarrow carry values.
        stop = GateFailed if entry.record.verdict.outcome is Outcome.FAIL else GateUnknown
        not_asked = ask(entry) if ask else ""
        raise stop("\n".join(filter(None, (text, not_asked)))) from None

    def append(self, verdict: Verdict, record: str = "") -> Entry:
        """Record a verdict.

        :param record: id of the record, where the verdict names it
        :raises LedgerError: if the ledger did not acknowledge it
        """
        return self.ledger.append(self._as_record(verdict, record))

    def _record(self, verdict: Verdict) -> tuple[Entry | None, str]:
        try:
            return self.append(verdict), ""
        except LedgerError as error:
            return None, f"UNKNOWN {error.code}: the verdict could not be recorded, so nothing may go on. {error}"
        except MlsecopsError as error:
            return None, f"UNKNOWN {error.code}: {error}"
        except Exception as error:  # noqa: BLE001 - the outer edge: its class is told, its text may hold secrets
            return None, f"UNKNOWN UNEXPECTED: the verdict could not be recorded ({_class_of(error)})"

    def _as_record(self, verdict: Verdict, record: str) -> Record:
        return Record(
            id=record or record_id(self.now, os.urandom(10)),
            time=self.now,
            environment=self.environment,
            producer=f"airflow-mlsecops {__version__}",
            run=self.run,
            verdict=verdict,
        )

    def _say(self, entry: Entry) -> str:
        text = render(entry.record.verdict, self.hook.titles, record=entry.record.id, signer=entry.key_id)
        level = self.log.info if entry.record.verdict.outcome is Outcome.PASS else self.log.error
        level("%s\nLedger head: %d %s", text, entry.sequence, entry.hash)
        return text

    def _push(self, entry: Entry) -> None:
        self.context["ti"].xcom_push(key=XCOM_KEY, value=summary(entry))


def summary(entry: Entry) -> dict[str, Any]:
    """What XCom holds of a verdict: names and a reference, at most 4 KB; nobody decides by it."""
    import json

    verdict = entry.record.verdict
    blocking: list[str] = []
    told: dict[str, Any] = {
        "outcome": verdict.outcome.value,
        "record": entry.record.id,
        "dataset": verdict.dataset[:512],
        "enforced": verdict.enforced,
        "findings": len(verdict.findings),
        "blocking": blocking,
    }
    for finding in verdict.findings:
        line = f"{finding.code} {finding.subject[:80]} {finding.entity or ''}".strip()
        line += " EXPIRED" if finding.ended else ""
        if finding.blocks and len(json.dumps({**told, "blocking": [*blocking, line]})) <= XCOM_LIMIT:
            blocking.append(line)
    return told


def unknown(attempt: Attempt, code: str, reason: str) -> Verdict:
    """The verdict of a gate that could not do its work."""
    finding = Finding(
        status=Status.UNKNOWN,
        code=code,
        subject=attempt.dataset.uri,
        severity=Severity.CRITICAL,
        reason=reason,
        remedy="mend what the sentence names, then let the gate run again",
    )
    return Verdict(
        gate=attempt.gate,
        outcome=Outcome.UNKNOWN,
        dataset=_or(lambda: attempt.identity, attempt.dataset.uri),
        uri=attempt.dataset.uri,
        partition=attempt.partition,
        findings=(finding,),
        policy=_or(lambda: attempt.policy.digest, ""),
        enforced=_or(lambda: attempt.enforced, True),
    )


def _outer_edge(judge: Callable[[], Verdict], attempt: Attempt) -> Verdict:
    try:
        return judge()
    except MlsecopsError as error:
        code, reason = error.code, "; ".join(str(error).splitlines())
    except BaseException as error:
        # A panic in Rust is no Exception, nor is a library that calls sys.exit(0), as pyspark does when it takes a
        # worker for a test of its own; a timeout or a SIGTERM is none either, and is not ours to keep.
        if not isinstance(error, Exception | SystemExit) and type(error).__name__ != "PanicException":
            raise
        code, reason = "UNEXPECTED", f"{_class_of(error)} while looking"
    return unknown(attempt, code, reason)


def _class_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__name__}"


def _or(ask: Callable[[], T], otherwise: T) -> T:
    try:
        return ask()
    except Exception:  # noqa: BLE001 - the outer edge: the verdict is UNKNOWN already
        return otherwise
