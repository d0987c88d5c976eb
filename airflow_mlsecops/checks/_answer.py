"""The four things a check can say."""

from __future__ import annotations

from airflow_mlsecops.core.check import Answer
from airflow_mlsecops.core.facts import NotObserved
from airflow_mlsecops.core.finding import Status


def passed(subject: str, reason: str, *, expected: str | None = None, got: str | None = None) -> Answer:
    """The fact was observed, and it is as it should be."""
    return Answer(status=Status.PASS, subject=subject, reason=reason, expected=expected, got=got)


def failed(subject: str, reason: str, *, expected: str | None = None, got: str | None = None) -> Answer:
    """The fact was observed, and it is not as it should be."""
    return Answer(status=Status.FAIL, subject=subject, reason=reason, expected=expected, got=got)


def unknown(subject: str, fact: str, missing: NotObserved, *, expected: str | None = None) -> Answer:
    """Nobody could look; say which fact is missing, and why.

    :param fact: what was not observed, to stand before ``was not observed``
    """
    reason = f"{fact} was not observed: {missing.why}"
    return Answer(status=Status.UNKNOWN, subject=subject, reason=reason, expected=expected)


def not_applicable(subject: str, reason: str) -> Answer:
    """The question does not arise here."""
    return Answer(status=Status.NOT_APPLICABLE, subject=subject, reason=reason)
