"""What gates said by day, as plots: pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from airflow_mlsecops.ledger.overview import Day
from airflow_mlsecops.web.plot import Bars, Plot

DAYS = 30


def plots_of(days: Sequence[Day], today: date) -> tuple[Plot, ...]:
    """Trouble and passes of the last 30 days, each on a scale of its own: one failure shows beside thousands of passes.

    :returns: none where no gate spoke, and none for what never came up
    """
    of_day = {day.day: day for day in days}
    wanted = [(today - timedelta(days=DAYS - 1 - ago)).isoformat() for ago in range(DAYS)]
    passed, failed, unknown = (
        tuple(int(getattr(of_day[day], name)) if day in of_day else 0 for day in wanted)
        for name in ("passed", "failed", "unknown")
    )
    labels = tuple(day[5:] for day in wanted)
    trouble = Plot(
        labels=labels,
        series=(
            Bars(word="failed", mark="fail", values=failed),
            Bars(word="unknown", mark="unknown", values=unknown),
        ),
        says=f"Failed and unknown, per day, {labels[0]} to {labels[-1]}: {sum(failed):,} failed and {sum(unknown):,} "
        f"unknown in all. {_most(labels, failed, unknown)}",
    )
    quiet = Plot(
        labels=labels,
        series=(Bars(word="passed", mark="pass", values=passed),),
        says=f"Passed, per day, {labels[0]} to {labels[-1]}: {sum(passed):,} in all.",
        height=110,
    )
    return tuple(plot for plot in (trouble, quiet) if any(any(bars.values) for bars in plot.series))


def _most(labels: Sequence[str], failed: Sequence[int], unknown: Sequence[int]) -> str:
    together = [one + other for one, other in zip(failed, unknown, strict=True)]
    worst = max(range(len(together)), key=lambda place: (together[place], place))
    return f"The most on {labels[worst]}: {failed[worst]:,} failed and {unknown[worst]:,} unknown."
