"""How a gate stops a task."""

from __future__ import annotations

from airflow.sdk.exceptions import AirflowException, AirflowFailException


class GateFailed(AirflowFailException):
    """The verdict is FAIL: the task fails at once, retries would only ask the same question again."""


class GateUnknown(AirflowException):
    """The verdict is UNKNOWN: the task fails and may be retried, each try is recorded."""
