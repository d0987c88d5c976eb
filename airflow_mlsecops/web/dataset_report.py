"""All that is known of one dataset, as data: what the page shows and the downloads say. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger.dataset import Found, Wanted
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.dataset_changes import Changes, changes_of
from airflow_mlsecops.web.dataset_columns import Columns, columns_of
from airflow_mlsecops.web.dataset_line import Shown, dataset_line
from airflow_mlsecops.web.dataset_readers import ReadersTold, readers_of
from airflow_mlsecops.web.dataset_ties import Parent, Use, WaiverLine, parents_of, uses_of, waivers_of
from airflow_mlsecops.web.line import plain
from airflow_mlsecops.web.sentences import Titles
from airflow_mlsecops.web.traced import Traces

FORMAT = "airflow-mlsecops dataset 1"
MOST_BLIND = 20


class ScanFacts(Frozen):
    """One scan that the page goes by, and where it stands in the ledger.

    :param rows_present: as the source says; ``None`` if it could not
    :param sample: the uniform sample that was read, in words; empty where every row was
    :param fingerprint: root of the keyed fingerprint of ``parts`` parts
    :param hash: of its entry in the chain; ``key``: who signed it
    """

    record: str
    hash: str
    key: str
    time: str
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    gate: str
    outcome: str
    enforced: bool
    partition: str
    rows_scanned: int
    rows_present: int | None
    sample: str
    columns: int
    bytes_read: int
    seconds: float
    ruleset: str
    policy: str
    fingerprint: str
    parts: int


class DatasetReport(Frozen):
    """One dataset in one environment, as the Dags see it that may be seen.

    :param format: what this document is, and its version
    :param uri: as its Dag's author wrote it
    :param verdict: ``fail``, ``unknown``, ``ending``, ``waived`` or ``pass``: the worst of the newest runs; ``fail``
        where a record does not verify (``verified`` is then false)
    :param observed: true if nothing was stopped
    :param why: what is wrong, in a sentence
    :param level: the highest of what it holds; empty if it was not scanned
    :param rule: where the policy speaks of it
    :param partition: asked for; ``None``: whatever the newest scans looked at
    :param partitions: that are told of; ``others``: that can be asked for
    :param scans: that are told of; ``scans_unverified`` more do not verify, and ``scans_left_out`` were not read
    :param newest_read_nothing: true if a newer scan read nothing
    :param traces_current: false if ``first_seen``, ``used_by`` and the uses of waivers may lack the newest records
    """

    format: str = FORMAT
    dataset: str
    uri: str
    environment: str
    environments: tuple[str, ...]
    verdict: str
    verdict_says: str
    verified: bool
    observed: bool
    why: str
    level: str
    stage: str
    owner: str
    rule: str
    partition: str | None
    partitions: tuple[str, ...]
    others: tuple[str, ...]
    last_scan: str
    rows_scanned: int
    rows_present: int | None
    scans: tuple[ScanFacts, ...]
    scans_unverified: int
    scans_left_out: int
    newest_read_nothing: bool
    columns: Columns
    not_looked_at: tuple[str, ...]
    changes: Changes
    parents: tuple[Parent, ...]
    readers: ReadersTold
    waivers: tuple[WaiverLine, ...]
    used_by: tuple[Use, ...]
    index_current: bool
    traces_current: bool


def report_of(found: Found, wanted: Wanted, traces: Traces, *, policy: Policy | None, titles: Titles) -> DatasetReport:
    """Put together what the ledger found of a dataset.

    :param policy: ``None`` where it could not be read: stage, owner and waivers are then not known
    """
    entries = found.now.entries
    shown = shown_of(found, wanted, policy, titles)
    rule, where = policy.rule_for(wanted.dataset) if policy else (None, "")
    columns = columns_of(entries, titles=titles, seen=traces.sighted)
    rows, present = _rows(entries)
    verified = is_verified(found) and traces.verified
    return DatasetReport(
        dataset=wanted.dataset,
        uri=_uri(found),
        environment=found.environment,
        environments=found.environments,
        verdict=shown.mark if verified else "fail",
        verdict_says=shown.word if verified else "Not verified",
        verified=verified,
        observed=shown.observed,
        why=plain(shown.why),
        level=_level(columns, entries),
        stage=rule.stage if rule else "",
        owner=rule.owner if rule else "",
        rule=where,
        partition=wanted.partition,
        partitions=tuple(sorted({entry.record.verdict.partition for entry in entries})),
        others=found.partitions,
        last_scan=max((entry.record.time.isoformat() for entry in entries), default=""),
        rows_scanned=rows,
        rows_present=present,
        scans=tuple(_facts(entry) for entry in entries),
        scans_unverified=found.now.unverified,
        scans_left_out=found.now.left_out,
        newest_read_nothing=found.blank,
        columns=columns,
        not_looked_at=tuple(dict.fromkeys(one.detail for e in entries for one in e.record.verdict.not_looked_at)),
        changes=changes_of(found),
        parents=parents_of(columns.lines, entries),
        readers=readers_of(found),
        waivers=waivers_of(wanted.dataset, policy, traces, titles=titles, today=wanted.today),
        used_by=uses_of(traces.consumed),
        index_current=found.current,
        traces_current=traces.current,
    )


def shown_of(found: Found, wanted: Wanted, policy: Policy | None, titles: Titles) -> Shown:
    """The dataset's line, as the overview has it."""
    owner = policy.rule_for(wanted.dataset)[0].owner if policy else ""
    return dataset_line(found.line, wanted.today, titles, lambda _: owner)


def is_verified(found: Found) -> bool:
    """False if a record that would say how it stands was changed, or is gone from where the ledger says it is."""
    return found.line.entry is not None and not found.hidden and found.now.unverified == 0


def worst_of(found: Found) -> Finding | None:
    """The finding to fix first."""
    return sentences.worst(found.line.entry.record.verdict) if found.line.entry else None


def _uri(found: Found) -> str:
    newest = max(found.now.entries, key=lambda entry: entry.sequence, default=found.line.entry)
    return newest.record.verdict.uri if newest else found.line.dataset


def _level(columns: Columns, entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    levels = (Level(line.level) for line in columns.lines if line.level)
    return max(levels, default=Level.PUBLIC, key=lambda level: level.rank).value


def _rows(entries: Sequence[Entry]) -> tuple[int, int | None]:
    """Rows read of rows there: of each partition as its newest scan counted them."""
    newest = {e.record.verdict.partition: e.record.verdict for e in sorted(entries, key=lambda e: e.sequence)}
    present = [verdict.rows_present for verdict in newest.values()]
    known = [rows for rows in present if rows is not None]
    return sum(v.rows_scanned for v in newest.values()), sum(known) if len(known) == len(present) else None


def _facts(entry: Entry) -> ScanFacts:
    record, verdict = entry.record, entry.record.verdict
    return ScanFacts(
        record=record.id,
        hash=entry.hash,
        key=entry.key_id,
        time=record.time.isoformat(),
        dag_id=record.run.dag_id,
        run_id=record.run.run_id,
        task_id=record.run.task_id,
        map_index=record.run.map_index,
        gate=verdict.gate.value,
        outcome=verdict.outcome.value,
        enforced=verdict.enforced,
        partition=verdict.partition,
        rows_scanned=verdict.rows_scanned,
        rows_present=verdict.rows_present,
        sample=str(verdict.sampled) if verdict.sampled else "",
        columns=verdict.columns,
        bytes_read=verdict.bytes_read,
        seconds=verdict.seconds,
        ruleset=verdict.ruleset,
        policy=verdict.policy,
        fingerprint=verdict.fingerprint,
        parts=verdict.parts,
    )
