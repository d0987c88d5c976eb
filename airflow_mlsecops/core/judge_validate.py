"""Judgement of what was expected of a dataset: each expectation is an answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.judge_sanitize import REPLACED

Pair = tuple[str, str | None]


class Held(Protocol):
    """One kind of sensitive data in one column."""

    @property
    def column(self) -> str: ...  # noqa: D102
    @property
    def entity(self) -> str: ...  # noqa: D102


class Expected(Protocol):
    """What one expectation came to, in names and counts.

    :param code: why it could not say anything; ``exception``: class of what it raised instead
    :param said: one sentence of its own
    :param found: what it found that it should not
    """

    @property
    def suite(self) -> str: ...  # noqa: D102
    @property
    def expectation(self) -> str: ...  # noqa: D102
    @property
    def columns(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def success(self) -> bool: ...  # noqa: D102
    @property
    def rows(self) -> int | None: ...  # noqa: D102
    @property
    def unexpected(self) -> int | None: ...  # noqa: D102
    @property
    def exception(self) -> str: ...  # noqa: D102
    @property
    def said(self) -> str: ...  # noqa: D102
    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def found(self) -> Sequence[Held]: ...  # noqa: D102


def judge_expectations(outcomes: Sequence[Expected], proven: Collection[Pair], *, changed: bool) -> tuple[Finding, ...]:
    """Judge what expectations came to.

    :param outcomes: of every expectation; none at all proves nothing
    :param proven: columns with classes of which it is proven that they are coarser or made up
    :param changed: whether the dataset changed meanwhile
    """
    judged = [_judge(outcome, proven) for outcome in outcomes]
    if not judged:
        judged = [_unknown("NOTHING_EXPECTED", "dataset", "no expectation was asked", "add expectations to the suite")]
    if changed:
        judged.append(
            _unknown(
                "CHANGED_DURING_SCAN", "dataset", "the dataset changed while it was validated",
                "let whoever writes it finish first",
            )
        )  # fmt: skip
    return tuple(judged)


def _judge(outcome: Expected, proven: Collection[Pair]) -> Finding:
    subject = " + ".join(outcome.columns) or "table"
    if outcome.exception or outcome.code:
        why = outcome.said or f"it raised {outcome.exception}"
        code = outcome.code or "EXPECTATION_RAISED"
        return _unknown(code, subject, f"{_name(outcome)} could not be asked: {why}", _MEND)
    if outcome.success:
        return _answer(outcome, Status.PASS, "VALIDATED", subject, outcome.said or "it is met")
    if outcome.found and all((held.column, held.entity) in proven for held in outcome.found):
        reason = f"{outcome.said}; what is left was proven to be coarser or made up"
        return _answer(outcome, Status.PASS, REPLACED, subject, reason)
    # Who accepts that a column has gaps has not accepted what else is expected of it, nor what is found in it.
    subject, code = f"{subject}: {_words(outcome)}", "EXPECTATION_FOUND" if outcome.found else "EXPECTATION_FAILED"
    return _answer(outcome, Status.FAIL, code, subject, outcome.said or "it is not met")


_MEND = "see that the suite fits the dataset as it is now, and run it by hand where its data may be seen"


def _answer(outcome: Expected, status: Status, code: str, subject: str, said: str) -> Finding:
    failed = status is Status.FAIL
    return Finding(
        status=status,
        code=code,
        subject=subject,
        severity=Severity.HIGH if failed else Severity.LOW,
        rows=outcome.unexpected,
        of=outcome.rows,
        reason=f"{_name(outcome)}: {said}{_counted(outcome) if failed else ''}",
        remedy="find out which task made it so, or correct the suite if it expects too much" if failed else None,
    )


def _name(outcome: Expected) -> str:
    """An expectation as people read it, with its suite."""
    return f"{_words(outcome)} ({outcome.suite})" if outcome.suite else outcome.expectation


def _words(outcome: Expected) -> str:
    return outcome.expectation.replace("_", " ")


def _counted(outcome: Expected) -> str:
    if outcome.unexpected is None or outcome.rows is None or outcome.said:
        return ""
    return f", {outcome.unexpected:,} of {outcome.rows:,} rows are not as they should be"


def _unknown(code: str, subject: str, reason: str, remedy: str) -> Finding:
    return Finding(status=Status.UNKNOWN, code=code, subject=subject, reason=reason, remedy=remedy)
