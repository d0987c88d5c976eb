"""What came of verifying one record: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.web.card import LOCAL, short_id
from airflow_mlsecops.web.line import Line, code, line, name
from airflow_mlsecops.web.sentences import Pair

if TYPE_CHECKING:
    from airflow_mlsecops.core.errors import LedgerTampered
    from airflow_mlsecops.core.record import Entry
    from airflow_mlsecops.ledger import Verification


class Checked(Frozen):
    """The answer to "is this record as it was written?".

    :param mark: ``pass``, ``fail``, or ``unknown`` where this record verifies and others do not
    """

    id: str
    short: str
    mark: Literal["pass", "fail", "unknown"]
    head: Line
    then: Line
    pairs: tuple[Pair, ...]


def checked(entry: Entry, chain: Verification | None) -> Checked:
    """Tell what was verified.

    :param entry: as the ledger gave it, which it does only if hash and signature agree
    :param chain: the look at the whole ledger; ``None`` if it was too long for a page
    """
    bad = chain is not None and any(problem.sequence == entry.sequence for problem in chain.problems)
    if bad:
        return tampered(entry.record.id, "CHAIN_BROKEN")
    others = len(chain.problems) if chain else 0
    head = line("Verified. This record is as it was written.")
    if others:
        head = line(
            f"This record verifies, but the ledger has {others:,} problem{'' if others == 1 else 's'} elsewhere."
        )
    return Checked(
        id=entry.record.id,
        short=short_id(entry.record.id),
        mark="unknown" if others or (chain and not chain.ok) else "pass",
        head=head,
        then=_chain(chain),
        pairs=_proof(entry),
    )


def tampered(record_id: str, why: LedgerTampered | str) -> Checked:
    """Tell that a record does not verify; nothing that it says is shown."""
    problem = why if isinstance(why, str) else why.code
    return Checked(
        id=record_id,
        short=short_id(record_id),
        mark="fail",
        head=line("Tampered. This record does not verify."),
        then=line(
            "It was changed after it was written, or is signed by a key that is not trusted. It counts for nothing: no "
            "gate and no sealed task goes by it. Tell the security team."
        ),
        pairs=(
            Pair(label="Record", line=line(code(record_id))),
            Pair(label="Error", line=line(code(problem))),
            Pair(label="Command", line=line(code("airflow-mlsecops ledger verify"), " names what disagrees")),
        ),
    )


def _chain(chain: Verification | None) -> Line:
    command = code("airflow-mlsecops ledger verify")
    if chain is None:
        return line("Its hash and its signature agree. The chain of all records is too long for a page: ", command, ".")
    if not chain.ok:
        return line("Its hash and its signature agree. ", command, " names the others.")
    # Without their number: it counts the records of Dags that the reader may not see as well.
    return line("Its hash and its signature agree, and so do those of all other records of the ledger.")


def _proof(entry: Entry) -> tuple[Pair, ...]:
    local = " (a local key: trusted on this host only)" if entry.key_id.startswith(LOCAL) else ""
    return (
        Pair(label="Record", line=line(code(entry.record.id))),
        Pair(label="Task", line=line(name(entry.record.run.task_id), f", attempt {entry.record.run.try_number}")),
        Pair(label="Place", line=line(f"number {entry.sequence:,} in the ledger")),
        Pair(label="Hash", line=line(code(entry.hash))),
        Pair(label="Before it", line=line(code(entry.previous))),
        Pair(label="Signed by", line=line(name(entry.key_id), local)),
        Pair(label="Written", line=line(f"{entry.record.time:%Y-%m-%d %H:%M:%S} UTC by {entry.record.producer}")),
    )
