"""What the gates cost, in words: pure."""

from __future__ import annotations

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.ledger.overview import Day


class Cost(Frozen):
    """What the gates added to runs, and what they said."""

    added: str
    read: str
    runs: str
    said: str


def cost_of(days: tuple[Day, ...]) -> Cost | None:
    """What gates added to the runs of those days; ``None`` if there were none."""
    runs = sum(day.runs for day in days)
    if not runs:
        return None
    passed, failed, unknown = (sum(getattr(day, name) for day in days) for name in ("passed", "failed", "unknown"))
    return Cost(
        added=seconds(sum(day.milliseconds for day in days) / runs / 1000),
        read=size(sum(day.bytes for day in days) / runs),
        runs=f"{runs:,} run{'' if runs == 1 else 's'}",
        said=f"{passed:,} passed, {failed:,} failed, {unknown:,} unknown",
    )


def seconds(number: float) -> str:
    """``2.4 s``, ``14 min 10 s``."""
    if number < 60:
        return f"{number:.1f} s"
    minutes, rest = divmod(round(number), 60)
    return f"{minutes:,} min {rest} s"


def size(number: float) -> str:
    """``412 MiB``, in the unit that leaves at most four digits."""
    unit = "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if number < 1024:
            break
        number, unit = number / 1024, larger
    return f"{number:,.0f} {unit}" if number >= 10 or unit == "B" else f"{number:.1f} {unit}"
