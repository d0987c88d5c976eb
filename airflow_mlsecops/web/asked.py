"""What the address of an overview asks for, and the addresses of what else could be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import get_args
from urllib.parse import urlencode

from airflow_mlsecops.core.level import Level
from airflow_mlsecops.ledger.overview import Asked, Shown

MOST_TEXT = 300
_MOST_PAGE = 1_000_000


def asked_by(query: Mapping[str, str], *, dags: frozenset[str], today: date) -> Asked:
    """Read an address; what it spells wrongly asks for nothing.

    :param dags: the Dags that may be seen
    """

    def text(name: str) -> str:
        # Cut: a database refuses patterns that are long, Python numbers; nothing to choose from is longer.
        return query.get(name, "").replace("\0", "").strip()[:MOST_TEXT]

    verdict, level, page = text("verdict"), text("level"), text("page")
    return Asked(
        dags=dags,
        today=today,
        text=text("q"),
        shown=next((shown for shown in get_args(Shown) if shown == verdict), None),
        level=next((known for known in Level if known.value == level), None),
        entity=text("class"),
        dag_id=text("dag"),
        environment=text("env"),
        page=min(int(page), _MOST_PAGE) if page.isascii() and page.isdigit() and int(page[:9]) else 1,
    )


def address(asked: Asked, **other: str) -> str:
    """The query that asks the same, but for what is given otherwise; an empty string asks for all."""
    same = {
        "q": asked.text,
        "verdict": asked.shown or "",
        "level": asked.level.value if asked.level else "",
        "class": asked.entity,
        "dag": asked.dag_id,
        "env": asked.environment,
    }
    chosen = {name: value for name, value in {**same, **other}.items() if value}
    return f"?{urlencode(chosen)}" if chosen else "?"
