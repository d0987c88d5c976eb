"""What a person answered to findings that stopped a gate."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.waiver import Waiver


class Reply(StrEnum):
    """What came of asking."""

    ASKED = "asked"
    GRANTED = "granted"
    DENIED = "denied"
    REFUSED = "refused"
    TIMED_OUT = "timed out"


class Answer(Frozen):
    """A question put to the approvers, or what one of them said.

    It lets nothing through by itself: its record is a FAIL, and what passes or fails is the gate's next verdict, to
    which the waivers apply.

    :param reply: ASKED while nobody has answered; REFUSED where the answer itself is outside the policy's bounds
    :param stopped: id of the record whose findings it is about
    :param requested_by: who asked; none of them may approve
    :param approvers: who may answer
    :param answered_by: who did, as Airflow names them; empty for nobody
    :param reason: why, in their words; of a refused answer, what was wrong with it in ours
    :param until: the last day on which the findings are accepted
    :param deadline: without an answer by then, it counts as denied
    :param waivers: what was granted, one for each finding
    """

    reply: Reply
    stopped: str
    requested_by: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    answered_by: str = ""
    reason: str = ""
    until: date | None = None
    deadline: AwareDatetime | None = None
    waivers: tuple[Waiver, ...] = ()
