"""``MlsecopsNotifier``: tells people of a verdict that needs them, through any of Airflow's notifiers."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseNotifier

if TYPE_CHECKING:
    from airflow.sdk import Context

    from airflow_mlsecops.notifications.message import Message

BODIES = ("html_content", "text", "message", "body", "content", "message_body", "summary")
SUBJECTS = ("subject", "title")
_MARK = "mlsecops."


class MlsecopsNotifier(BaseNotifier):
    """Send what the ledger says of a task or run that FAILs, is UNKNOWN, or passed by a waiver that ends soon.

    It is silent about everything else, so that it can be both ``on_failure_callback`` and ``on_success_callback`` of a
    gate, a sealed task, a whole Dag, or of all tasks by ``default_args``.

    :param through: the notifier that sends: its class, or the path of it, which is imported only when something is sent
    :param arguments: of that notifier. The argument that holds its message is filled in, and its subject where it has
        one; any of them may instead hold ``{{ mlsecops.text }}``, ``{{ mlsecops.html }}``, ``{{ mlsecops.slack }}``,
        ``{{ mlsecops.subject }}``
    :raises ValueError: if ``through`` is a class that has no such argument, and none of these is given
    """

    def __init__(self, through: str | type[BaseNotifier], *, context: Context | None = None, **arguments: Any) -> None:
        super().__init__(context)
        self.through = through
        self.arguments = arguments
        if not isinstance(through, str):
            filled(through, arguments)  # a mistake is an import error of the Dag, not a silence at night

    def notify(self, context: Context) -> None:
        """Read the ledger and send; whatever goes wrong is logged, and changes nothing of the task."""
        try:
            if message := self._message(context):
                told, sender = self._sender(message, context)
                sender(told)
        except Exception as error:  # noqa: BLE001 - the outer edge: the verdict stands, whatever becomes of the mail
            self._not_sent(error)

    async def async_notify(self, context: Context) -> None:
        """The same for the triggerer."""
        try:
            if message := await asyncio.to_thread(self._message, context):
                told, sender = self._sender(message, context)
                await _send(sender, told)
        except Exception as error:  # noqa: BLE001 - the outer edge: the verdict stands, whatever becomes of the mail
            self._not_sent(error)

    def render_template_fields(self, context: Any, jinja_env: Any = None) -> None:
        """Render nothing: the arguments are those of the notifier that sends, which renders them."""

    def _message(self, context: Mapping[str, Any]) -> Message | None:
        from airflow_mlsecops.notifications.told import told  # parsing a DAG file must not pay for it

        return told(context)

    def _sender(self, message: Message, context: Mapping[str, Any]) -> tuple[Any, Any]:
        """The notifier that sends, and the context that it renders its arguments with.

        What is sent is the value of a variable in a template and never a template itself: a column could be called
        ``{{ conn.smtp_default.password }}``.
        """
        sends: Any = resolve_name(self.through) if isinstance(self.through, str) else self.through
        said = message.forms()
        sender = sends(**filled(sends, self.arguments, said))
        told = {**context, "mlsecops": said}
        if not hasattr(context.get("dag"), "get_template_env"):
            told.pop("dag", None)  # the one that dag.test() calls back with cannot render anything
        return told, sender

    def _not_sent(self, error: Exception) -> None:
        kind = type(error)
        self.log.error(
            "the notification was not sent (%s.%s); the verdict is in the ledger all the same",
            kind.__module__,
            kind.__name__,
        )


def filled(
    sends: Callable[..., Any], arguments: Mapping[str, Any], said: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The arguments of a notifier, with its message and subject where it takes them and none are given.

    :param said: what is said, for arguments that the notifier does not render
    :raises ValueError: if nothing would be said
    """
    takes = inspect.signature(sends).parameters
    body = next((name for name in BODIES if name in takes), "")
    subject = next((name for name in SUBJECTS if name in takes), "")
    if not body and _MARK not in repr(arguments):
        raise ValueError(
            f"{getattr(sends, '__name__', sends)} has no argument {', '.join(BODIES)}: give it the one that holds its "
            "message, such as payload={'text': '{{ mlsecops.text }}'}"
        )
    form = "html" if body == "html_content" else "slack" if ".slack." in f"{sends.__module__}." else "text"
    ours = {name: key for name, key in ((body, form), (subject, "subject")) if name and name not in arguments}
    rendered = getattr(sends, "template_fields", ())
    for name, key in ours.items():
        ours[name] = f"{{{{ mlsecops.{key} }}}}" if name in rendered else (said or {}).get(key, "")
    return {**ours, **arguments}


async def _send(sender: Any, told: Any) -> None:
    sender.context = told
    try:
        await sender
    except NotImplementedError:
        await asyncio.to_thread(sender, told)
