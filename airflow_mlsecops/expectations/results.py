"""Results of Great Expectations without values: how to run a user's own suites, and how to read what comes of them.

A result format cannot do it. The one given to a run stands above that of each expectation, so that none can be set for
some of them; and under ``BOOLEAN_ONLY``, too, the text and the trace of an exception are kept, cells and all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import isfinite
from numbers import Integral, Real
from typing import Any

from great_expectations.checkpoint.checkpoint import CheckpointResult  # noqa: TID253 - whoever imports this uses it
from great_expectations.core.expectation_validation_result import (  # noqa: TID253
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.exceptions.exceptions import ExpectationNotFoundError  # noqa: TID253
from great_expectations.expectations.registry import get_expectation_impl  # noqa: TID253
from pydantic import NonNegativeInt

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.expectations._base import ValueFreeExpectation
from airflow_mlsecops.expectations._exceptions import class_of

Result = CheckpointResult | ExpectationSuiteValidationResult | ExpectationValidationResult

_COUNTS = (
    "element_count",
    "unexpected_count",
    "unexpected_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
    "missing_count",
    "missing_percent",
)
_COLUMNS = ("column", "column_A", "column_B", "column_list", "columns")


class Held(Frozen):
    """What one of our expectations found.

    :param column: as the classification calls it
    :param rows: rows that hold it
    """

    column: str
    entity: str
    rows: NonNegativeInt
    how: str


class Outcome(Frozen):
    """What one expectation came to: names and counts, never a value.

    :param suite: its suite
    :param expectation: its type: ``expect_column_values_to_not_be_null``
    :param columns: what it is about, as the suite names them; none for a whole table
    :param success: whether it was met; false, too, where it raised
    :param rows: rows looked at, where it counts them
    :param unexpected: rows that are not as they should be, where it counts them
    :param percent: the same as a share of 100, as Great Expectations tells it
    :param exception: class of what it raised; empty for nothing
    :param ours: whether it is one of this package, whose sentences and finds hold no value
    :param said: one sentence of ours for people
    :param code: why ours could not say anything, for machines
    :param found: what ours found
    """

    suite: str
    expectation: str
    columns: tuple[str, ...] = ()
    success: bool
    rows: NonNegativeInt | None = None
    unexpected: NonNegativeInt | None = None
    percent: float | None = None
    exception: str = ""
    ours: bool = False
    said: str = ""
    code: str = ""
    found: tuple[Held, ...] = ()


def value_free(result: Result) -> list[Outcome]:
    """What the expectations of a run came to, in their order.

    Nothing at all means that nothing was expected, which Great Expectations calls a success: it proves nothing.

    :param result: of a checkpoint, a suite or one expectation
    """
    return [_outcome(one, suite) for suite, ones in _suites(result) for one in ones]


def strip_values(result: Result, *, except_for: Collection[str] = ()) -> None:
    """Take the values out of a result, in place: what is left of expectations that are not ours are counts.

    :param except_for: types of expectations whose results may show values (``expect_column_max_to_be_between``)
    """
    for suite in result.run_results.values() if isinstance(result, CheckpointResult) else [result]:
        if isinstance(suite, ExpectationSuiteValidationResult):
            # A plain digest of the data, which says of a small table what is in it.
            dict.pop(suite.meta.get("batch_markers") or {}, "pandas_data_fingerprint", None)
    for _, ones in _suites(result):
        for one in ones:
            if _type(one) not in except_for:
                _strip(one)


def _strip(one: ExpectationValidationResult) -> None:
    if not _is_ours(one):
        one.result = _counts(one.result)
    if raised := class_of(one.exception_info):
        one.exception_info = {
            "raised_exception": True,
            "exception_message": f"{raised}; what it says is not kept, since it may hold values",
            "exception_traceback": f"{raised}",
        }
    if one.rendered_content:
        one.render()


def _suites(result: Result) -> Iterable[tuple[str, list[ExpectationValidationResult]]]:
    if isinstance(result, CheckpointResult):
        return [(suite.suite_name, suite.results) for suite in result.run_results.values()]
    if isinstance(result, ExpectationSuiteValidationResult):
        return [(result.suite_name, result.results)]
    return [("", [result])]


def _outcome(one: ExpectationValidationResult, suite: str) -> Outcome:
    counts, ours = _counts(one.result), _is_ours(one)
    rows, unexpected = counts.get("element_count"), counts.get("unexpected_count")
    told = (one.result or {}) if ours else {}
    return Outcome(
        suite=suite,
        expectation=_type(one),
        columns=tuple(_columns(one)),
        success=one.success is True,
        rows=rows,
        unexpected=unexpected,
        percent=counts.get("unexpected_percent"),
        exception=class_of(one.exception_info),
        ours=ours,
        said=str(told.get("observed_value", "")),
        code=str(told.get("details", {}).get("code", "")),
        found=tuple(_held(found) for found in told.get("details", {}).get("found", ())),
    )


def _held(found: Mapping[str, Any]) -> Held:
    return Held(column=found["column"], entity=found["entity"], rows=found["rows"], how=found["how"])


def _type(one: ExpectationValidationResult) -> str:
    return one.expectation_config.type if one.expectation_config else ""


def _columns(one: ExpectationValidationResult) -> Iterable[str]:
    said: Mapping[str, Any] = one.expectation_config.kwargs if one.expectation_config else {}
    for name in _COLUMNS:
        named = said.get(name)
        if isinstance(named, list | tuple):
            yield from map(str, named)
        elif named is not None:
            yield str(named)


def _is_ours(one: ExpectationValidationResult) -> bool:
    """True for the classes of this package themselves: one derived from them may tell what it likes."""
    try:
        kind = get_expectation_impl(_type(one))
    except ExpectationNotFoundError:
        return False
    return issubclass(kind, ValueFreeExpectation) and kind.__module__.startswith(f"{__package__}.")


def _counts(result: Mapping[str, Any] | None) -> dict[str, Any]:
    """What of a result are counts and shares of rows."""
    numbers = {name: _number((result or {}).get(name)) for name in _COUNTS}
    counts = {name: number for name, number in numbers.items() if number is not None}
    rows = counts.get("element_count")
    # More rows than there are is no count.
    return {name: number for name, number in counts.items() if rows is None or not _is_count(name) or number <= rows}


def _is_count(name: str) -> bool:
    return name.endswith("_count")


def _number(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value) or value < 0:
        return None
    return int(value) if isinstance(value, Integral) else float(value)
