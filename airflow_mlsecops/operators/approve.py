"""A gate that asks people to approve what stopped it, and weighs what they answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from airflow_mlsecops.core import approval
from airflow_mlsecops.core.answer import Answer, Reply
from airflow_mlsecops.core.approval import Bounds, Said
from airflow_mlsecops.core.errors import LedgerError, MlsecopsError
from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.question import MOST_TOLD, question
from airflow_mlsecops.core.record import Entry, record_id
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.core.words import printable, render
from airflow_mlsecops.operators import hitl
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator

    from airflow_mlsecops.operators.attempt import Attempt

T = TypeVar("T")
_MOST = 1_000  # questions and answers of one task in one run
_BY_ITSELF = frozenset({"scheduled", "asset_triggered", "operator_triggered"})


class Approval:
    """The approval of one gate's findings in one run.

    All that is to be known later stands in the ledger: a task that resumes is another process, and XCom is anybody's.

    :param operator: the gate, which is to wait
    """

    def __init__(self, attempt: Attempt, operator: BaseOperator) -> None:
        self.attempt = attempt
        self.operator = operator

    def ask(self, stopped: Entry) -> str:
        """Ask about a recorded verdict and let the task wait, which raises.

        :returns: why nobody was asked
        """
        try:
            return f"Nobody was asked to approve this: {self._ask(stopped.record.id, stopped.record.verdict)}."
        except MlsecopsError as error:
            return f"Nobody was asked to approve this: {error.code}: {error}"
        except Exception as error:  # noqa: BLE001 - the outer edge: its class is told, its text may hold secrets
            return f"Nobody was asked to approve this: {type(error).__name__} while asking."

    def answered(self, event: Mapping[str, Any]) -> None:
        """Weigh an answer and record it; one that counts and grants lets the gate judge once more.

        :raises GateFailed: if it was denied, or nobody answered in time
        :raises GateUnknown: if it could not be weighed or recorded
        """
        try:
            self._weigh(event)
        except (GateFailed, GateUnknown):
            raise
        except MlsecopsError as error:
            raise GateUnknown(f"UNKNOWN {error.code}: the answer could not be weighed. {error}") from None
        except Exception as error:  # noqa: BLE001 - the outer edge: its class is told, its text may hold secrets
            raise GateUnknown(f"UNKNOWN UNEXPECTED: {type(error).__name__} while weighing the answer") from None

    def _ask(self, stopped: str, verdict: Verdict) -> str:
        if self._nobody_knows_who_asks():
            return "somebody triggered this run, and Airflow does not say who"
        bounds = self._bounds()
        why = approval.why_not_asked(verdict, bounds, self.attempt.policy, self.attempt.hook.policy.entities)
        if why:
            return why
        said = self._said()
        denied = next((one for one in said if _reply(one) is Reply.DENIED), None)
        if denied:
            return f"{_who(denied)} denied it in this run"
        blocking: tuple[Finding, ...] | None = tuple(finding for finding in verdict.findings if finding.blocks)
        first = next((one for one in reversed(said) if _reply(one) is Reply.ASKED), None)
        if first:
            blocking = approval.again(first.record.verdict, verdict)
        if blocking is None:
            return "Airflow shows the first question of a task in a run, which was about less; trigger a new run"
        if len(blocking) > MOST_TOLD:
            return f"{len(blocking):,} findings are more than anybody reads; mend some of them"
        asked = self._record(verdict, _question(stopped, bounds), blocking)
        return self._show(asked, first or asked)

    def _show(self, asked: Entry, first: Entry) -> str:
        """Show the question, if Airflow shows that one, and wait."""
        text = question(first.record, self.attempt.hook.titles)
        answer = asked.record.verdict.answer
        ti_id = self.attempt.context["ti"].id
        shown = hitl.show(ti_id, text, approvers=answer.approvers if answer else ())
        if shown == (text.subject, text.body, text.options):
            left = (answer.deadline if answer and answer.deadline else self.attempt.now) - datetime.now(UTC)
            hitl.wait(self.operator, ti_id, text, left)
        return "Airflow shows another question for this task, which is not this gate's; trigger a new run"

    def _weigh(self, event: Mapping[str, Any]) -> None:
        asked = self._open()
        answer = asked.record.verdict.answer
        if answer is None or answer.deadline is None:
            raise LedgerError("the record of the question holds none", code="NOT_ASKED")
        try:
            said = hitl.said(event)
        except ValueError:  # its text may hold what somebody typed
            self._refuse(asked, answer, "", "its fields are not filled in as they should be")
        if said is None or said.at > answer.deadline:
            self._stop(asked, answer, Reply.TIMED_OUT, "", "nobody answered in time")
        bounds = self._bounds(answer)
        why = approval.refusal(said, bounds, self.attempt.now.date()) or self._sensitive(said.justification)
        if not why and said.at < asked.record.time:
            why = "it was given before the question was"
        if why:
            self._refuse(asked, answer, _name(said), why)
        if said.options == (approval.DENY,):
            self._stop(asked, answer, Reply.DENIED, _name(said), said.justification)
        self._grant(asked, answer, said, bounds)

    def _grant(self, asked: Entry, answer: Answer, said: Said, bounds: Bounds) -> None:
        until = approval.day_of(said.until, self.attempt.now.date())
        by = approval.approver_of(said, bounds)
        if until is None or by is None:
            raise LedgerError("an answer that does not count was about to be granted", code="NOT_GRANTED")
        record = record_id(self.attempt.now, os.urandom(10))
        reason = said.justification
        given = {
            "reply": Reply.GRANTED,
            "requested_by": bounds.requesters,
            "answered_by": _name(said),
            "reason": reason,
            "until": until,
            "waivers": approval.waivers_of(record, asked.record.verdict, by=by, reason=reason, until=until),
        }
        self._record(asked.record.verdict, answer.model_copy(update=given), record=record)

    def _refuse(self, asked: Entry, answer: Answer, by: str, why: str) -> NoReturn:
        """Record why an answer does not count, and ask once more until the same moment."""
        given = {"reply": Reply.REFUSED, "answered_by": by, "reason": why}
        self._record(asked.record.verdict, answer.model_copy(update=given))
        bounds = self._bounds(answer)
        if not bounds.approvers or answer.deadline is None or answer.deadline <= datetime.now(UTC):
            self._stop(asked, answer, Reply.TIMED_OUT, "", "nobody who may answered in time")
        now = {"approvers": bounds.approvers, "requested_by": bounds.requesters}
        again = self._record(asked.record.verdict, answer.model_copy(update=now))
        first = next(one for one in reversed(self._said()) if _reply(one) is Reply.ASKED)
        why = self._show(again, first)
        raise GateFailed(f"FAIL  {asked.record.verdict.dataset}: the answer was refused, and {why}") from None

    def _stop(self, asked: Entry, answer: Answer, reply: Reply, by: str, why: str) -> NoReturn:
        given = {"reply": reply, "answered_by": by, "reason": why, "until": None}
        entry = self._record(asked.record.verdict, answer.model_copy(update=given))
        raise GateFailed(self._told(entry)) from None

    def _record(
        self, about: Verdict, answer: Answer, findings: tuple[Finding, ...] | None = None, record: str = ""
    ) -> Entry:
        """Record what was asked or answered, and say it."""
        verdict = Verdict(
            gate=Gate.APPROVAL,
            outcome=Outcome.FAIL,
            dataset=about.dataset,
            uri=about.uri,
            partition=about.partition,
            asked=about.asked,
            findings=about.findings if findings is None else findings,
            policy=self.attempt.policy.digest,
            fingerprint=about.fingerprint,
            parts=about.parts,
            enforced=self.attempt.enforced,
            answer=answer,
        )
        entry = self.attempt.append(verdict, record)
        self.attempt.log.warning("%s\nLedger head: %d %s", self._told(entry), entry.sequence, entry.hash)
        return entry

    def _told(self, entry: Entry) -> str:
        return render(entry.record.verdict, self.attempt.hook.titles, record=entry.record.id, signer=entry.key_id)

    def _bounds(self, answer: Answer | None = None) -> Bounds:
        attempt = self.attempt
        asked_by = answer.requested_by if answer else ()
        return approval.bounds_of(
            attempt.policy, attempt.identity, attempt.run.requested_by, datetime.now(UTC), asked_by=asked_by
        )

    def _nobody_knows_who_asks(self) -> bool:
        """True where a person may have triggered the run whom Airflow does not name: whoever approves may be them."""
        kind = getattr(self.attempt.context.get("dag_run"), "run_type", "")
        by_itself = str(getattr(kind, "value", kind)) in _BY_ITSELF
        return not by_itself and not self.attempt.run.requested_by.strip()

    def _sensitive(self, text: str) -> str:
        from airflow_mlsecops.scan import occurrences

        hook = self.attempt.hook
        found = sorted({one.entity for one in occurrences([text], hook.policy.detectors)[0]})
        if not found:
            return ""
        return f"the justification holds what it should not: {', '.join(hook.titles.get(one, one) for one in found)}"

    def _said(self) -> list[Entry]:
        """What was asked and answered for this task in this run, newest first."""
        run = self.attempt.run
        found = self.attempt.ledger.history(
            dag_id=run.dag_id,
            run_id=run.run_id,
            task_id=run.task_id,
            map_index=run.map_index,
            dataset=self.attempt.identity,
            gate=Gate.APPROVAL,
            limit=_MOST,
        )
        return [one for one in found if one.record.run.map_index == run.map_index]

    def _open(self) -> Entry:
        """The question that waits for an answer.

        :raises LedgerError: if none does: what was answered already is not answered twice
        """
        newest = next(iter(self._said()), None)
        if newest is None or _reply(newest) is not Reply.ASKED:
            raise LedgerError("the ledger holds no question of this task that waits for an answer", code="NOT_ASKED")
        # Nothing newer may be hidden by an edited column: an answer to this question, above all.
        self.attempt.ledger.require_unbroken(newest)
        return newest


def _question(stopped: str, bounds: Bounds) -> Answer:
    return Answer(
        reply=Reply.ASKED,
        stopped=stopped,
        requested_by=bounds.requesters,
        approvers=bounds.approvers,
        until=bounds.until,
        deadline=bounds.deadline,
    )


def _reply(entry: Entry) -> Reply | None:
    return entry.record.verdict.answer.reply if entry.record.verdict.answer else None


def _who(entry: Entry) -> str:
    return (entry.record.verdict.answer.answered_by if entry.record.verdict.answer else "") or "somebody"


def _name(said: Said) -> str:
    return printable(said.by[-1]) if said.by else ""
