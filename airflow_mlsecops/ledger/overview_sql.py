"""What the overview asks as SQL: no row of a Dag that may not be seen is counted, compared or returned."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.ledger.index_schema import AMOUNTS, index_tables
from airflow_mlsecops.ledger.overview import ENDING_DAYS, Asked
from airflow_mlsecops.ledger.standing import Mark

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, CompoundSelect, Connection, FromClause, Select

FIRST = 10
COUNTED_DAYS = 31
_NOTHING = 3  # the rank of what needs nobody


def lines_query(connection: Connection, asked: Asked) -> CompoundSelect[Any]:
    """Counts of all lines, the first that need somebody, how many fit, and one page of them: the rows are read once."""
    from sqlalchemy import case, false, func, select, union_all

    every = _grouped(connection, asked, narrowed=False).cte("every")
    line = _grouped(connection, asked).cte("line") if asked.narrowed else every

    def of(condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    counts = _part("counts", func.count(), *(of(condition) for condition in _counted(every, asked)))
    found = _part("found", func.count()).select_from(line).where(*_having(line, asked))
    rank, risk = _rank(every, asked), _rank(line, asked)
    first = (
        select(every.c.line, every.c.time, every.c.level, rank.label("rank"))
        .where(rank < _NOTHING if asked.whole else false())
        .order_by(rank, every.c.level.desc(), every.c.time.desc(), every.c.line)
        .limit(FIRST)
        .subquery("first")
    )
    page = (
        select(line.c.line, line.c.time, line.c.level, risk.label("rank"))
        .where(*_having(line, asked))
        .order_by(line.c.level.desc(), risk, line.c.time.desc(), line.c.line)
        .limit(asked.size)
        .offset((asked.page - 1) * asked.size)
        .subquery("page")
    )
    return union_all(
        counts.select_from(every),
        found,
        *(
            _part(table.name, table.c.level, table.c.rank, line=table.c.line, time=table.c.time)
            for table in (first, page)
        ),
    )


def _part(name: str, *numbers: Any, line: Any = None, time: Any = None) -> Select[Any]:
    """One part of an answer that has several: its name, a line, a time and six numbers."""
    from sqlalchemy import literal, select

    padded = [*numbers, *(literal(0) for _ in range(6 - len(numbers)))]
    texts = (literal("") if line is None else line, literal("") if time is None else time)
    names = ("line", "time", *(f"n{place}" for place in range(6)))
    columns = [column.label(name) for name, column in zip(names, (*texts, *padded), strict=True)]
    return select(literal(name).label("part"), *columns)


def _counted(line: FromClause, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return (
        line.c.mark == Mark.FAIL,
        line.c.mark == Mark.UNKNOWN,
        _ending(line, asked),
        line.c.mark >= Mark.WAIVED,
        line.c.observed == 1,
    )


def days_query(connection: Connection, asked: Asked) -> Select[Any]:
    """What gates said in the last 31 days, by day and environment."""
    from sqlalchemy import func, select

    day = index_tables().day
    sums = [func.sum(day.c[name]).label(name) for name in AMOUNTS]
    return (
        select(day.c.day, day.c.environment, *sums)
        .where(day.c.day > days_ago(asked, COUNTED_DAYS), among(connection, day.c.dag_id, asked.dags))
        .group_by(day.c.day, day.c.environment)
        .order_by(day.c.day, day.c.environment)
    )


def among(connection: Connection, column: ColumnElement[str], names: Iterable[str]) -> ColumnElement[bool]:
    """True of a column that holds one of the names, of which there may be more than a statement may have parameters."""
    from sqlalchemy import ARRAY, Text, any_, bindparam, func, select

    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(sorted(names))).table_valued("value").c.value))
    return column == any_(bindparam(None, sorted(names), type_=ARRAY(Text)))


def _grouped(connection: Connection, asked: Asked, *, narrowed: bool = True) -> Select[Any]:
    """One line for each dataset and environment, of the rows of Dags that may be seen."""
    from sqlalchemy import case, func, literal, select

    standing = index_tables().standing
    where = [among(connection, standing.c.dag_id, asked.dags)]
    if narrowed and asked.dag_id:
        where.append(standing.c.dag_id == asked.dag_id)
    if narrowed and asked.environment:
        where.append(standing.c.environment == asked.environment)

    def any_of(condition: ColumnElement[bool]) -> Any:
        return func.max(case((condition, 1), else_=0))

    holds = standing.c.classes.contains(f"|{asked.entity}|", autoescape=True)
    named = standing.c.words.contains(asked.text.lower(), autoescape=True)
    return (
        select(
            standing.c.line,
            func.min(standing.c.mark).label("mark"),
            # Observed only where none of the Dags that are in trouble is stopped.
            func.coalesce(func.min(case((standing.c.mark < Mark.WAIVED, standing.c.observed))), 0).label("observed"),
            func.min(func.nullif(standing.c.until, "")).label("until"),
            func.max(standing.c.level).label("level"),
            func.max(standing.c.time).label("time"),
            (any_of(holds) if narrowed and asked.entity else literal(1)).label("holds"),
            (any_of(named) if narrowed and asked.text else literal(1)).label("named"),
        )
        .where(*where)
        .group_by(standing.c.line)
    )


def _having(line: FromClause, asked: Asked) -> list[ColumnElement[bool]]:
    conditions = [line.c.holds == 1] if asked.entity else []
    conditions += [line.c.named == 1] if asked.text else []
    conditions += [line.c.level == asked.level.rank] if asked.level else []
    if asked.shown == "ending":
        conditions.append(_ending(line, asked))
    elif asked.shown == "observed":
        conditions.append(line.c.observed == 1)
    elif asked.shown == "pass":
        conditions.append(line.c.mark >= Mark.WAIVED)
    elif asked.shown:
        conditions.append(line.c.mark == Mark[asked.shown.upper()])
    return conditions


def _ending(line: FromClause, asked: Asked) -> ColumnElement[bool]:
    soon = (asked.today + timedelta(days=ENDING_DAYS)).isoformat()
    return (line.c.mark >= Mark.WAIVED) & (line.c.until <= soon)


def _rank(line: FromClause, asked: Asked) -> ColumnElement[int]:
    from sqlalchemy import case

    return case((line.c.mark < Mark.WAIVED, line.c.mark), (_ending(line, asked), 2), else_=_NOTHING)


def days_ago(asked: Asked, days: int) -> str:
    """The day so many days before the one that is asked on, as rows hold it."""
    return (asked.today - timedelta(days=days)).isoformat()
