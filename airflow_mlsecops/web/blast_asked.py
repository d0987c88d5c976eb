"""What the address of a blast radius asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from airflow_mlsecops.core.frozen import Frozen

DAYS = 30
MOST_TEXT = 2_000


class BlastAsked(Frozen):
    """Where to begin, and within which days (UTC).

    :param dags: the Dags that may be seen: nothing of any other is found, counted or named
    :param environment: empty for any, as are ``column`` and ``entity``
    """

    dags: frozenset[str]
    since: date
    until: date
    dataset: str = ""
    environment: str = ""
    column: str = ""
    entity: str = ""

    @property
    def address(self) -> str:
        """The query that asks the same."""
        said = {
            "dataset": self.dataset,
            "env": self.environment,
            "column": self.column,
            "class": self.entity,
            "from": self.since.isoformat(),
            "to": self.until.isoformat(),
        }
        return f"?{urlencode({name: value for name, value in said.items() if value})}"


def blast_asked_by(query: Mapping[str, str], *, dags: frozenset[str], today: date) -> BlastAsked:
    """Read an address; a day that it spells wrongly is that of a trace over the last 30 days."""

    def text(name: str) -> str:
        return query.get(name, "").replace("\0", "").strip()[:MOST_TEXT]

    until = _day(text("to")) or today
    since = _day(text("from")) or max(date.min + timedelta(days=DAYS), until) - timedelta(days=DAYS)
    return BlastAsked(
        dags=dags,
        since=min(since, until),
        until=max(since, until),
        dataset=text("dataset"),
        environment=text("env"),
        column=text("column"),
        entity=text("class"),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
