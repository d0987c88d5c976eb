"""Who can read a dataset, as the newest access gate that asked was told: pure."""

from __future__ import annotations

import json
from typing import Literal

from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.judge_readers import NOT_SEEN, POSSIBLE
from airflow_mlsecops.ledger.dataset import Found
from airflow_mlsecops.web.addresses import of_record
from airflow_mlsecops.web.line import Line, sentence
from airflow_mlsecops.web.sentences import to_run

MOST_READERS = 100
Badge = Literal["pass", "fail", "unknown", "none"]
_SAID: dict[str, tuple[Badge, str]] = {
    "READER_NOT_ALLOWED": ("fail", "Not allowed"),
    POSSIBLE: ("unknown", "May read it"),
    NOT_SEEN: ("unknown", "Not observed"),
    "READERS_NOT_DECLARED": ("unknown", "Nobody declared"),
    "READERS_NOT_ASKED": ("none", "Not asked"),
}


class Reader(Frozen):
    """One answer: a principal that can read the dataset, or what nobody could see.

    :param who: as the system itself calls it; empty where nobody is named
    :param by: which way, or why it is not known
    """

    mark: Badge
    word: str
    who: str
    by: str
    rule: str
    commands: tuple[str, ...] = ()

    @property
    def said(self) -> Line:
        """The way, with what stands between backticks as code."""
        return sentence(self.by)

    @property
    def end(self) -> Line:
        """What ends its ways, to be copied."""
        return to_run((), self.commands)


class ReadersTold(Frozen):
    """Who can read it.

    :param asked: when, as an ISO moment; empty if no access gate that may be seen has asked
    :param unverified: true if a newer answer does not verify
    :param summary: how many in all, where not all are allowed
    :param commands: what ends every way of whoever is not allowed; ``end`` ends each where it is run
    :param record: address of the record, relative to this app's root
    """

    asked: str = ""
    unverified: bool = False
    summary: str = ""
    remedy: str = ""
    commands: tuple[str, ...] = ()
    end: str = ""
    record: str = ""
    readers: tuple[Reader, ...] = ()
    more: int = 0

    @property
    def todo(self) -> Line:
        """What to do about whoever is not allowed, with the commands to be copied."""
        return to_run(sentence(self.remedy), self.commands, self.end)


def readers_of(found: Found) -> ReadersTold:
    """Tell who can read it, by the newest record that says."""
    entry = next((one for one in found.access.entries if any(_speaks(f) for f in one.record.verdict.findings)), None)
    if entry is None:
        return ReadersTold(unverified=found.access.unverified > 0)
    told = [finding for finding in entry.record.verdict.findings if _speaks(finding)]
    everybody = next((one for one in told if one.code == "READERS"), None)
    each = [_reader(one) for one in told if one.code != "READERS" or one.status is Status.PASS]
    strangers = everybody if everybody and everybody.status is not Status.PASS else None
    return ReadersTold(
        asked=entry.record.time.isoformat(),
        unverified=found.access.unverified > 0,
        summary=strangers.reason if strangers else "",
        remedy=(strangers.remedy or "") if strangers else "",
        commands=strangers.commands if strangers else (),
        end=";" if entry.record.verdict.dataset.startswith("postgres") else "",
        record=of_record(entry.record.run, entry.record.id),
        readers=tuple(each[:MOST_READERS]),
        more=max(0, len(each) - MOST_READERS),
    )


def question(uri: str) -> str:
    """What to paste so that the question is asked.

    :param uri: the dataset, as its Dag's author wrote it
    """
    # A Python string: whatever the name holds, it ends nothing but itself.
    return (
        "from airflow_mlsecops.operators import AccessGateOperator\n\n"
        f'may_train = AccessGateOperator(\n    task_id="may_train", dataset={json.dumps(uri)},\n'
        '    action="train", purpose="churn", requires=[classify, isolate],\n)'
    )


def _speaks(finding: Finding) -> bool:
    return finding.code == "READERS" or finding.code in _SAID


def _reader(finding: Finding) -> Reader:
    mark, word = _SAID.get(finding.code, ("pass", "Allowed"))
    named = finding.code in ("READER_NOT_ALLOWED", POSSIBLE)
    if finding.code == "READERS":
        return Reader(mark=mark, word=word, who=finding.got or "", by=finding.reason, rule=finding.rule or "")
    if finding.waiver:
        mark, word = "pass", "Waived"
    return Reader(
        mark=mark,
        word=word,
        who=finding.subject if named else "",
        by=finding.reason,
        rule=finding.rule or "",
        commands=finding.commands,
    )
