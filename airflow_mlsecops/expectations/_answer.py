"""What an expectation comes to, in counts, names and positions; knows no Great Expectations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.classification import Classification, Sighting, Skipped
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.finding import Status
from airflow_mlsecops.core.judge_anonymity import judge_anonymity
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.words import printable, share
from airflow_mlsecops.expectations._rows import Shaped, Trouble
from airflow_mlsecops.expectations._scan import Scan

_MOST_TOLD = 3


@dataclass(frozen=True)
class Answer:
    """What an expectation comes to.

    :param said: one sentence for people
    :param rows: rows looked at; ``None`` if nobody could say
    :param unexpected: rows that are not as they should be; of several kinds in one row the most that it can be
    :param code: why nothing can be said, for machines; empty if something can
    :param found: what breaks it
    :param details: further counts
    """

    success: bool
    said: str
    rows: int | None = None
    unexpected: int | None = None
    code: str = ""
    found: tuple[Sighting, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


def nothing_known(trouble: Trouble, rows: int | None = None) -> Answer:
    """The answer where nobody could look: no expectation passes on it."""
    return Answer(success=False, said=printable(trouble.reason), code=trouble.code, rows=rows)


def free(
    scan: Scan, entities: frozenset[str], titles: Mapping[str, Entity], *, mostly: float, column: str | None = None
) -> Answer:
    """Whether a column, or all of them, are free of some entities.

    :param mostly: the share of rows, 0 to 1, that has to be
    """
    found = scan.classification.sightings if column is None else scan.sightings(column)
    return _judged(scan, [one for one in found if one.entity in entities], titles, mostly=mostly, column=column)


def at_most(scan: Scan, level: Level, titles: Mapping[str, Entity]) -> Answer:
    """Whether nothing in a table is more sensitive than a level."""
    found = [one for one in scan.classification.sightings if titles[one.entity].level > level]
    return _judged(scan, found, titles)


def known(scan: Scan, baseline: Mapping[str, Iterable[str]], level: Level, titles: Mapping[str, Entity]) -> Answer:
    """Whether what is at least so sensitive stands where it is known to stand."""
    pairs = {(column, entity) for column, entities in baseline.items() for entity in entities}
    new = [one for one in scan.classification.sightings if (one.column, one.entity) not in pairs]
    return _judged(scan, [one for one in new if titles[one.entity].level >= level], titles)


def pseudonymous(shaped: Shaped) -> Answer:
    """Whether a column holds pseudonyms, and nothing else."""
    cells = shaped.rows - shaped.nulls
    if not cells:
        reason = f"no cell in {_counted(shaped.rows, 'row')}: nothing was proven"
        return nothing_known(Trouble("NO_CELLS", reason), shaped.rows)
    good = not shaped.misshapen
    part = f"{shaped.misshapen:,} of {_counted(cells, 'cell')} ({share(shaped.misshapen / cells)})"
    return Answer(
        success=good,
        said=f"nothing but pseudonyms in {_counted(cells, 'cell')}" if good else f"no pseudonym in {part}",
        rows=shaped.rows,
        unexpected=shaped.misshapen,
        details={"nulls": shaped.nulls},
    )


def anonymous(anonymity: Anonymity) -> Answer:
    """Whether each row has enough others like it, and each group enough values of the sensitive column."""
    if not anonymity.rows:
        return _no_rows()
    findings = judge_anonymity(anonymity, where="")
    worst = [one for one in findings if one.status is not Status.PASS] or list(findings)
    return Answer(
        success=all(one.status is Status.PASS for one in findings),
        said="; ".join(f"{one.reason} ({one.got})" for one in worst),
        rows=anonymity.rows,
        unexpected=max(anonymity.rows_below, anonymity.rows_undiverse),
        details=anonymity.model_dump(exclude={"columns", "rows", "k", "l", "sensitive"}, mode="json"),
    )


def result(
    answer: Answer, positions: Mapping[tuple[str, str], Sequence[int]] | None, titles: Mapping[str, Entity]
) -> dict[str, Any]:
    """The answer as a result of Great Expectations, whose names for counts it uses."""
    details: dict[str, Any] = {**answer.details}
    if answer.code:
        details["code"] = answer.code
    if answer.found:
        details["found"] = [_told(one, answer.rows or 0, titles) for one in answer.found]
    if positions:
        details["row_positions"] = [
            {"column": printable(column), "entity": entity, "rows": list(rows)}
            for (column, entity), rows in sorted(positions.items())
        ]
    told: dict[str, Any] = {"observed_value": answer.said}
    if answer.rows is not None:
        told["element_count"] = answer.rows
    if answer.unexpected is not None:
        told |= {"unexpected_count": answer.unexpected, "unexpected_percent": _percent(answer)}
    return told | ({"details": details} if details else {})


def _judged(
    scan: Scan,
    found: Sequence[Sighting],
    titles: Mapping[str, Entity],
    *,
    mostly: float = 1.0,
    column: str | None = None,
) -> Answer:
    """What was found, as long as all was looked at."""
    looked = scan.classification
    trouble = _unread(looked, looked.skipped if column is None else scan.skipped(column))
    if column is not None and column not in scan.shown:
        trouble = Trouble("NO_SUCH_COLUMN", "there is no such column: spell it as the batch does")
    if trouble and not found:
        return nothing_known(trouble, looked.rows_scanned)
    rows = looked.rows_scanned
    bad = min(rows, sum(one.rows for one in found))
    # Exactly: 0.999 is no sum of powers of two.
    enough = rows - bad >= Decimal(str(mostly)) * rows
    said = _sentence(found, rows, titles, named=column is None)
    return Answer(
        success=enough and trouble is None,
        said=f"{said}; {printable(trouble.reason)}" if trouble else said,
        rows=rows,
        unexpected=bad,
        code=trouble.code if trouble else "",
        found=tuple(sorted(found, key=lambda one: (-one.rows, one.column, one.entity))),
    )


def _unread(looked: Classification, skipped: Sequence[Skipped]) -> Trouble | None:
    """Why not all of it was looked at."""
    if not looked.rows_scanned or not looked.columns:
        return Trouble("NO_ROWS", "there is no row to look at: nothing was proven")
    if looked.rows_present != looked.rows_scanned:
        present = "an unknown number of" if looked.rows_present is None else f"{looked.rows_present:,}"
        return Trouble("NOT_ALL_ROWS", f"{looked.rows_scanned:,} of {present} rows were read: run it again")
    if skipped:
        first, more = skipped[0], len(skipped) - 1
        place = f"{first.column}: " if first.column and not first.detail.startswith("column") else ""
        return Trouble(first.code, f"{place}{first.detail}" + (f", and {_counted(more, 'more gap')}" if more else ""))
    return None


def _no_rows() -> Answer:
    return nothing_known(Trouble("NO_ROWS", "there is no row to look at: nothing was proven"), 0)


def _sentence(found: Sequence[Sighting], rows: int, titles: Mapping[str, Entity], *, named: bool) -> str:
    if not found:
        return f"nothing found in {_counted(rows, 'row')}"
    told = sorted(found, key=lambda one: (-one.rows, one.column, one.entity))[:_MOST_TOLD]
    parts = [_part(one, rows, titles, named=named) for one in told]
    left = len(found) - len(told)
    return "; ".join([*parts, *([f"and {left:,} more"] if left else [])])


def _part(one: Sighting, rows: int, titles: Mapping[str, Entity], *, named: bool) -> str:
    about = "about " if one.estimated else ""
    where = f"{printable(one.column)}: " if named else ""
    count = f"{about}{one.rows:,} of {_counted(rows, 'row')} ({share(one.rows / rows)})"
    return f"{where}{titles[one.entity].title} in {count}"


def _told(one: Sighting, rows: int, titles: Mapping[str, Entity]) -> dict[str, Any]:
    return {
        "column": printable(one.column),
        "entity": one.entity,
        "title": titles[one.entity].title,
        "level": titles[one.entity].level.value,
        "rows": one.rows,
        "percent": 100 * one.rows / rows if rows else 0.0,
        "how": one.how.value,
        "estimated": one.estimated,
    }


def _percent(answer: Answer) -> float:
    return 100 * answer.unexpected / answer.rows if answer.rows and answer.unexpected else 0.0


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else f'{one}s'}"
