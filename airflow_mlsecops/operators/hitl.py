"""The names of Airflow by which a running task asks a person and waits: none is public, so they stand here alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from airflow_mlsecops.core.approval import DENY, ID, LONGEST_REASON, Said
from airflow_mlsecops.core.question import Question

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator

RESUMES = "execute_complete"
_BY_NAME = "SimpleAuthManager"


def show(ti_id: Any, asked: Question, *, approvers: Sequence[str]) -> tuple[str, str, tuple[str, ...]]:
    """Put a question into Required Actions.

    Airflow keeps one question for each task of a run, the first: it answers with the one that people see.

    :param ti_id: Airflow's id of the task instance
    :param approvers: who may answer, for as far as Airflow can hold it
    :returns: subject, body and options of what is shown
    """
    from airflow.sdk.api.datamodels._generated import HITLUser
    from airflow.sdk.execution_time import task_runner
    from airflow.sdk.execution_time.comms import CreateHITLDetailPayload

    known = [name.removeprefix(ID) for name in approvers] if _ids_are_names() else []
    users = [HITLUser(id=name, name=name) for name in known]
    shown = task_runner.SUPERVISOR_COMMS.send(
        msg=CreateHITLDetailPayload(
            ti_id=ti_id,
            options=list(asked.options),
            subject=asked.subject,
            body=asked.body,
            defaults=[DENY],
            multiple=False,
            params=_fields(),
            assigned_users=users,
        )
    )
    options = tuple(getattr(shown, "options", None) or ())
    return getattr(shown, "subject", None) or "", getattr(shown, "body", None) or "", options


def wait(operator: BaseOperator, ti_id: Any, asked: Question, within: timedelta) -> NoReturn:
    """Give the worker's slot back until somebody answers, or time is up."""
    try:
        from airflow.sdk.exceptions import TaskAwaitingInput
    except ImportError:  # Airflow 3.2 polls for the answer in its triggerer
        _defer(operator, ti_id, asked, within)
    raise TaskAwaitingInput(method_name=RESUMES, timeout=within)


def said(event: Mapping[str, Any]) -> Said | None:
    """What Airflow says that somebody answered; ``None`` where nobody did in time.

    :raises ValueError: if it is no answer, or one to other fields than were asked for
    """
    if event.get("error_type") == "timeout" or event.get("timedout"):
        return None
    if "error" in event:
        raise ValueError("its fields are not filled in as they should be")
    by = event.get("responded_by_user")
    if not by:
        return None
    fields = event.get("params_input") or {}
    return Said(
        options=tuple(event.get("chosen_options") or ()),
        by=tuple(_names(str(_of(by, "id") or ""), str(_of(by, "name") or ""))),
        at=_moment(event.get("responded_at")),
        justification=_text(fields, "justification"),
        until=_text(fields, "until"),
    )


def _ids_are_names() -> bool:
    """True where Airflow knows people by the names that a policy gives them; elsewhere ids are numbers or the like."""
    from airflow.configuration import conf

    return str(conf.get("core", "auth_manager", fallback="")).endswith(_BY_NAME)


def _fields(least: int = 1) -> dict[str, dict[str, Any]]:
    why = {"type": "string", "title": "Justification", "minLength": least, "maxLength": LONGEST_REASON}
    until = {"type": "string", "title": "Until", "minLength": least, "maxLength": 10}
    return {
        "justification": {"value": "", "description": "Why this is acceptable, without personal data.", "schema": why},
        "until": {"value": "", "description": "The last day, as 2026-12-24, or in how many days.", "schema": until},
    }


def _defer(operator: BaseOperator, ti_id: Any, asked: Question, within: timedelta) -> NoReturn:
    from airflow.providers.standard.triggers.hitl import HITLTrigger

    trigger = HITLTrigger(
        ti_id=ti_id,
        options=list(asked.options),
        params=_fields(least=0),  # what is left empty when time is up must be valid, or the trigger fails
        defaults=[DENY],
        multiple=False,
        timeout_datetime=datetime.now(UTC) + within,
    )
    operator.defer(trigger=trigger, method_name=RESUMES)
    raise AssertionError("Airflow did not let the task wait")  # defer() has raised


def _names(user_id: str, name: str) -> Iterator[str]:
    """What a policy may call somebody, the name last; no name counts as an id: some people choose theirs themselves."""
    if user_id:
        yield f"{ID}{user_id}"
    yield from dict.fromkeys(one for one in (user_id, name) if one and not one.startswith(ID))


def _of(user: Any, key: str) -> Any:
    return user.get(key) if isinstance(user, Mapping) else getattr(user, key, None)


def _moment(at: Any) -> datetime:
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(fields: Any, name: str) -> str:
    value = fields.get(name) if isinstance(fields, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()
