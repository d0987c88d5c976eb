"""Judgement of how well people hide among the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from airflow_mlsecops.core.anonymity import Anonymity
from airflow_mlsecops.core.classification import Sighting
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.finding import Finding, Severity, Status

K_ANONYMITY, L_DIVERSITY, JOINED, NO_ROWS = "K_ANONYMITY", "L_DIVERSITY", "QUASI_IDENTIFIERS_JOINED", "NO_ROWS"


def quasi_identifiers(sightings: Iterable[Sighting], entities: Mapping[str, Entity]) -> frozenset[tuple[str, str]]:
    """The columns, each with its entity, that may identify somebody together."""
    return frozenset(
        (sighting.column, sighting.entity)
        for sighting in sightings
        if sighting.entity in entities and entities[sighting.entity].role is Role.QUASI
    )


def judge_anonymity(found: Anonymity, *, where: str) -> tuple[Finding, ...]:
    """Judge whether each row has enough others like it, and each group enough values of the sensitive column.

    :param where: where the policy asks for it, as ``policy.yaml:14``
    :returns: one finding for k, and one for l where it was asked; UNKNOWN where there was no row to look at
    """
    if found.rows == 0:
        return (_no_rows(NO_ROWS, found, where),)
    return (_judge_k(found, where), *([] if found.l is None else [_judge_l(found, where)]))


def judge_combination(found: Anonymity, parents: Mapping[str, str], *, where: str) -> tuple[Finding, ...]:
    """Judge whether quasi-identifiers of different parents identify people now that they stand side by side.

    :param parents: identity of the parent that each column came from, by column; columns made here are left out
    :param where: where the policy asks for it, as ``policy.yaml:14``
    :returns: one finding; UNKNOWN where there was no row, or where the origin of too few columns is known to tell
    """
    if found.rows == 0:
        return (_no_rows(JOINED, found, where),)
    known = {column: parents[column] for column in found.columns if column in parents}
    joined = len(set(known.values())) > 1
    if found.rows_below == 0:
        reason = f"side by side they leave no group of fewer than {_rows(found.k)}"
        return (_about_k(JOINED, found, Status.PASS, where, reason),)
    if joined:
        return (_about_k(JOINED, found, Status.FAIL, where, _origins(found, known), _SEPARATE),)
    if len(known) == len(found.columns) or len(found.columns) == 1:
        reason = "they all came from one parent: nothing that was apart was joined"
        return (_about_k(JOINED, found, Status.PASS, where, reason),)
    unknown = ", ".join(column for column in found.columns if column not in known)
    reason = f"together they identify people, and it is not known which parent {unknown} came from"
    return (_about_k(JOINED, found, Status.UNKNOWN, where, reason, _NAME_PARENTS),)


_COARSER = (
    "use coarser bands (years instead of dates, three digits of a postcode), drop one of the columns, or leave out the "
    "rows of the small groups"
)
_SEPARATE = (
    "leave out the columns of one parent that the model does not need, or use coarser bands in one of them before they "
    "are joined"
)
_NAME_PARENTS = "name the datasets they came from under parents= and run the gate again"


def _judge_k(found: Anonymity, where: str) -> Finding:
    if found.rows_below == 0:
        others = "one other that is" if found.k == 2 else f"{found.k - 1:,} others that are"
        reason = f"every row has at least {others} equal in these columns"
        return _about_k(K_ANONYMITY, found, Status.PASS, where, reason)
    reason = (
        f"{_rows(found.rows_below)} in {_groups(found.groups_below)} of fewer than {_rows(found.k)}: whoever knows "
        f"these facts of a person can single out the row{_alone(found)}"
    )
    return _about_k(K_ANONYMITY, found, Status.FAIL, where, reason, _COARSER)


def _judge_l(found: Anonymity, where: str) -> Finding:
    column, least = found.sensitive, found.l or 0
    fails = found.rows_undiverse > 0
    reason = f"no group gives away which value of {column} a person has"
    if fails:
        reason = (
            f"{_rows(found.rows_undiverse)} in {_groups(found.groups_undiverse)} of fewer than {_values(least)} of "
            f"{column}: whoever knows that a person is among them knows it, or nearly"
        )
    return Finding(
        status=Status.FAIL if fails else Status.PASS,
        code=L_DIVERSITY,
        subject=f"{column} by {_subject(found)}",
        reason=reason,
        severity=Severity.HIGH if fails else Severity.LOW,
        rows=found.rows_undiverse,
        of=found.rows,
        expected=f"groups of at least {_values(least)}",
        got=f"{_values(found.least_diverse or 0)} in the least diverse of {_groups(found.groups)}",
        remedy=f"{_COARSER}, or drop {column}" if fails else None,
        rule=where,
    )


def _about_k(
    code: str, found: Anonymity, status: Status, where: str, reason: str, remedy: str | None = None
) -> Finding:
    return Finding(
        status=status,
        code=code,
        subject=_subject(found),
        reason=reason,
        severity=Severity.LOW if status is Status.PASS else Severity.HIGH,
        rows=found.rows_below,
        of=found.rows,
        expected=f"groups of at least {_rows(found.k)}",
        got=f"{_rows(found.smallest)} in the smallest of {_groups(found.groups)}",
        remedy=remedy,
        rule=where,
    )


def _no_rows(code: str, found: Anonymity, where: str) -> Finding:
    return Finding(
        status=Status.UNKNOWN,
        code=code,
        subject=_subject(found),
        reason="there is no row to look at: nothing was proven",
        rows=0,
        of=0,
        expected=f"groups of at least {_rows(found.k)}",
        got="no row",
        remedy="see why the task that writes it wrote nothing, then run the gate again",
        rule=where,
    )


def _origins(found: Anonymity, parents: Mapping[str, str]) -> str:
    came = "; ".join(f"{column} came from {parent}" for column, parent in parents.items())
    return (
        f"{_rows(found.rows_below)} can be singled out now that columns of {len(set(parents.values()))} parents stand "
        f"side by side: {came}{_alone(found)}"
    )


def _alone(found: Anonymity) -> str:
    """Which of the columns are enough, where not all of them are needed."""
    fewer = [names for names in found.smallest_combinations if len(names) < len(found.columns)]
    if not fewer:
        return ""
    return f"; enough for that: {', '.join(' + '.join(names) for names in fewer)}"


def _subject(found: Anonymity) -> str:
    return " + ".join(found.columns)


def _rows(number: int) -> str:
    return _counted(number, "row", "rows")


def _groups(number: int) -> str:
    return _counted(number, "group", "groups")


def _values(number: int) -> str:
    return _counted(number, "distinct value", "distinct values")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
