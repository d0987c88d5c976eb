"""How datasets stand, counted, filtered and cut into pages by the database, within the Dags that somebody may see."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import Field

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Entry
from airflow_mlsecops.ledger import chain
from airflow_mlsecops.ledger.index_schema import AMOUNTS, index_exists, index_tables
from airflow_mlsecops.ledger.keys import Keyring
from airflow_mlsecops.ledger.schema import rows, tables
from airflow_mlsecops.ledger.standing import RUNS, Mark, Standing

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, CompoundSelect, Connection, FromClause, Select

ENDING_DAYS = 14
COUNTED_DAYS = 31
OBSERVED_DAYS = 7
FIRST = 10
_NOTHING = 3  # the rank of what needs nobody
Shown = Literal["fail", "unknown", "ending", "waived", "pass", "observed"]


class Asked(Frozen):
    """Which datasets to look for.

    :param dags: the Dags that may be seen: nothing of any other is counted, found or named
    :param today: a waiver that ends within 14 days of it is ending
    :param text: part of the name of a dataset, column or Dag
    :param page: from 1
    :param size: lines of a page
    """

    dags: frozenset[str]
    today: date
    text: str = ""
    shown: Shown | None = None
    level: Level | None = None
    entity: str = ""
    dag_id: str = ""
    environment: str = ""
    page: int = Field(default=1, ge=1, le=1_000_000)
    size: int = Field(default=25, ge=1, le=100)

    @property
    def whole(self) -> bool:
        """True of the first page of all, which tells more than lines."""
        return self.page == 1 and not self.narrowed

    @property
    def narrowed(self) -> bool:
        """True if anything but the page is asked for."""
        return bool(self.text or self.shown or self.level or self.entity or self.dag_id or self.environment)


class Ran(Frozen):
    """One run in a strip of runs."""

    mark: Mark
    time: str


class Seen(Frozen):
    """A class that a dataset holds.

    :param since: the day from which every scan has seen it
    """

    entity: str
    new: bool
    since: str


class Line(Frozen):
    """One dataset in one environment, by the worst that the newest run of any Dag came to.

    :param dag_id: the Dag whose run says so
    :param others: how many other Dags look at it
    :param observed: true if nothing was stopped, for these gates only observe
    :param until: the first day on which a waiver ends; empty if none does
    :param level: the highest of what it holds; ``None`` if it was not scanned
    :param strip: its last runs, oldest first
    :param entry: the record that says why; ``None`` if it does not verify
    """

    dataset: str
    environment: str
    dag_id: str
    others: int
    mark: Mark
    observed: bool
    until: str
    level: Level | None
    seen: tuple[Seen, ...]
    time: str
    scanned: str
    strip: tuple[Ran, ...]
    entry: Entry | None


class Counts(Frozen):
    """How many datasets stand how."""

    total: int = 0
    fail: int = 0
    unknown: int = 0
    ending: int = 0
    passing: int = 0
    observed: int = 0


class Day(Frozen):
    """What gates said on one day, and what they took."""

    day: str
    runs: int
    passed: int
    failed: int
    unknown: int
    observed: int
    bytes: int
    milliseconds: int


class Choices(Frozen):
    """What there is to filter by."""

    entities: tuple[str, ...] = ()
    dags: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()


class Overview(Frozen):
    """How datasets stand.

    :param current: false if there are newer records than those that are counted
    :param counts: of all that may be seen, whatever is asked for
    :param first: the first of what is failing, unknown or ending; as ``days`` and ``observing`` told on the first page
        of all alone
    :param found: how many fit what is asked for; ``lines`` are one page of them
    :param observing: environments with gates that stopped nothing in the last seven days, and how often they would have
    """

    current: bool
    counts: Counts
    first: tuple[Line, ...]
    found: int
    lines: tuple[Line, ...]
    days: tuple[Day, ...]
    observing: Mapping[str, int]
    choices: Choices


def look(connection: Connection, asked: Asked, keyring: Keyring) -> Overview:
    """Answer from one moment of the ledger.

    :raises LedgerError: ``INDEX_ABSENT`` if there is no index to answer from
    """
    if not index_exists(connection):
        raise LedgerError(
            "the ledger has no index for the overview yet: run `airflow-mlsecops ledger index` as the owner of its "
            "tables",
            code="INDEX_ABSENT",
        )
    stood = _stood(connection, asked)
    days, observing = _days(connection, asked) if asked.whole else ((), {})
    return Overview(
        current=_current(connection),
        counts=stood.counts,
        first=_lines(connection, stood.first, asked, keyring),
        found=stood.found,
        lines=_lines(connection, stood.page, asked, keyring),
        days=days,
        observing=observing,
        choices=_choices(connection, asked),
    )


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


class _Stood(NamedTuple):
    """How lines stand: counts, and which lines to show."""

    counts: Counts
    found: int
    first: list[str]
    page: list[str]


def _stood(connection: Connection, asked: Asked) -> _Stood:
    parts: dict[str, list[dict[str, Any]]] = {"counts": [], "found": [], "first": [], "page": []}
    for row in rows(connection, lines_query(connection, asked)):
        parts[row["part"]].append(row)
    (counts,), (found,) = parts["counts"], parts["found"]
    # A union promises no order. Times and lines are in their order backwards: two stable sorts.
    for part in ("first", "page"):
        parts[part].sort(key=lambda row: row["line"])
        parts[part].sort(key=lambda row: row["time"], reverse=True)
    first = sorted(parts["first"], key=lambda row: (row["n1"], -row["n0"]))
    page = sorted(parts["page"], key=lambda row: (-row["n0"], row["n1"]))
    return _Stood(
        Counts(**{name: counts[f"n{place}"] for place, name in enumerate(Counts.model_fields)}),
        found["n0"],
        [row["line"] for row in first],
        [row["line"] for row in page],
    )


def days_query(connection: Connection, asked: Asked) -> Select[Any]:
    """What gates said in the last 31 days, by day and environment."""
    from sqlalchemy import func, select

    day = index_tables().day
    sums = [func.sum(day.c[name]).label(name) for name in AMOUNTS]
    return (
        select(day.c.day, day.c.environment, *sums)
        .where(day.c.day > _days_ago(asked, COUNTED_DAYS), among(connection, day.c.dag_id, asked.dags))
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


def _days_ago(asked: Asked, days: int) -> str:
    return (asked.today - timedelta(days=days)).isoformat()


def _current(connection: Connection) -> bool:
    from sqlalchemy import select

    indexed, head = index_tables().indexed, tables().head
    found = connection.execute(
        select(indexed.c.sequence, head.c.sequence).select_from(indexed.join(head, head.c.id == 1))
    )
    return [one == other for one, other in found] == [True]


def _lines(connection: Connection, found: list[str], asked: Asked, keyring: Keyring) -> tuple[Line, ...]:
    from sqlalchemy import func, select

    standing, state, *_ = index_tables()
    where = [standing.c.line.in_(found), among(connection, standing.c.dag_id, asked.dags)]
    where += [standing.c.dag_id == asked.dag_id] if asked.dag_id else []
    same = (state.c.line == standing.c.line) & (state.c.dag_id == standing.c.dag_id)
    query = select(standing, func.coalesce(state.c.state, "").label("state")).outerjoin(state, same).where(*where)
    of_line: dict[str, list[dict[str, Any]]] = {line: [] for line in found}
    for row in rows(connection, query) if found else ():
        of_line[row["line"]].append(row)
    entries = _entries(connection, [_worst(some)["telling"] for some in of_line.values()], keyring)
    return tuple(_line(some, entries) for some in of_line.values())


def _worst(some: list[dict[str, Any]]) -> dict[str, Any]:
    """The row that a line is told by: the worst, of those the newest."""
    newest_first = sorted(some, key=lambda row: row["time"], reverse=True)
    return min(newest_first, key=lambda row: (row["mark"], row["observed"]))


def _entries(connection: Connection, sequences: list[int], keyring: Keyring) -> dict[int, Entry]:
    record = tables().record
    found = rows(connection, record.select().where(record.c.sequence.in_(sequences))) if sequences else []
    believed = {}
    for row in found:
        try:
            believed[row["sequence"]] = chain.believed(row, keyring)
        except LedgerTampered:
            continue  # the line says so
    return believed


def _line(some: list[dict[str, Any]], entries: Mapping[int, Entry]) -> Line:
    worst = _worst(some)
    states = [state for row in some if (state := Standing.load(row["state"]))]
    runs = sorted(((run.time, run.mark) for state in states for run in state.runs), key=lambda run: run[0])
    level = max(row["level"] for row in some)
    return Line(
        dataset=worst["dataset"],
        environment=worst["environment"],
        dag_id=worst["dag_id"],
        others=len(some) - 1,
        mark=Mark(worst["mark"]),
        observed=bool(worst["observed"]),
        until=min((row["until"] for row in some if row["until"]), default=""),
        level=None if level < 0 else tuple(Level)[level],
        seen=_seen(states),
        time=max(row["time"] for row in some),
        scanned=max((state.scanned for state in states), default=""),
        strip=tuple(Ran(mark=mark, time=time) for time, mark in runs[-RUNS:]),
        entry=_told_by(worst, entries.get(worst["telling"])),
    )


def _told_by(row: Mapping[str, Any], entry: Entry | None) -> Entry | None:
    """The record that a row is told by, if the row does not say it is another's: rows are not signed, records are."""
    if entry is None:
        return None
    record = entry.record
    same = (record.verdict.dataset, record.environment, record.run.dag_id) == (
        row["dataset"],
        row["environment"],
        row["dag_id"],
    )
    passed = record.verdict.outcome.value == "pass"
    return entry if same and passed == (row["mark"] >= Mark.WAIVED) else None


def _seen(states: list[Standing]) -> tuple[Seen, ...]:
    together: dict[str, Seen] = {}
    for state in states:
        for entity, held in state.held.items():
            known = together.get(entity)
            since = min(state.since.get(entity, ""), known.since if known else state.since.get(entity, ""))
            new = held.new or (known is not None and known.new)
            together[entity] = Seen(entity=entity, new=new, since=since)
    return tuple(sorted(together.values(), key=lambda seen: (not seen.new, seen.entity)))


def _days(connection: Connection, asked: Asked) -> tuple[tuple[Day, ...], dict[str, int]]:
    """What gates said by day, and by environment how often they would have stopped a run in the last week."""
    days: dict[str, Counter[str]] = {}
    observing: Counter[str] = Counter()
    for row in rows(connection, days_query(connection, asked)):
        days.setdefault(row["day"], Counter()).update({name: int(row[name]) for name in AMOUNTS})
        if row["observed"] and row["day"] > _days_ago(asked, OBSERVED_DAYS):
            observing[row["environment"]] += int(row["observed"])
    return tuple(Day(day=day, **amounts) for day, amounts in days.items()), dict(sorted(observing.items()))


def _choices(connection: Connection, asked: Asked) -> Choices:
    from sqlalchemy import select

    standing = index_tables().standing
    columns = [standing.c.dag_id, standing.c.environment, standing.c.classes]
    query = select(*columns).where(among(connection, standing.c.dag_id, asked.dags)).distinct()
    found = connection.execute(query).all()
    entities = {entity for classes in {row.classes for row in found} for entity in classes.split("|") if entity}
    return Choices(
        entities=tuple(sorted(entities)),
        dags=tuple(sorted({row.dag_id for row in found})),
        environments=tuple(sorted({row.environment for row in found})),
    )
