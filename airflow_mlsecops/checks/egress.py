"""The worker reaches nothing outside its environment, which it proves by trying.

A refusal counts as reached: the packets got there and an answer came back. Places inside, which must be reachable, show
that the attempts were real; without one nothing is proven. A name that does not resolve is held off by name only, and
proves nothing unless an address is held off too. What leaves through a proxy, or by UDP, is not tried.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.environment import Egress
from airflow_mlsecops.core.facts import EgressFacts, Facts, NotObserved, Reach
from airflow_mlsecops.core.finding import Severity

_SUBJECT = "egress"
_EXPECTED = "nothing outside"


def _ask(facts: Facts, demand: Demand) -> Answer | tuple[Answer, ...]:
    named = demand.profile.egress or Egress()
    if not named.outside or not named.control:
        return _unknown("the policy names no places outside, or none inside that must be reachable (egress)")
    if not isinstance(facts.egress, EgressFacts):
        return _unknown((facts.egress or NotObserved()).why)
    tried = facts.egress
    reached = tuple(_reached(place, tried.outside[place]) for place in named.outside if _answers(tried, place))
    if reached:
        return reached
    if missing := set(named.outside) - tried.outside.keys():
        return _unknown(f"{len(missing):,} of the places outside were not tried")
    if any(tried.control.get(place) is not Reach.OPEN for place in named.control):
        return _unknown("not every place inside could be reached, so that the others prove nothing")
    if all(tried.outside[place] is Reach.NO_NAME for place in named.outside):
        return _unknown("no name outside resolves here, which keeps off nobody who dials an address: list one too")
    return passed(_SUBJECT, f"none of {len(named.outside):,} places outside could be reached", expected=_EXPECTED)


def _answers(tried: EgressFacts, place: str) -> bool:
    return tried.outside.get(place) in (Reach.OPEN, Reach.REFUSED)


def _reached(place: str, reach: Reach) -> Answer:
    reason = "the worker reaches a place outside its environment"
    return failed(place, reason, expected="dropped, or no way there", got=reach.value)


def _unknown(why: str) -> Answer:
    return unknown(_SUBJECT, "what the worker reaches", NotObserved(why=why), expected=_EXPECTED)


CHECK = Check(
    id="EGRESS",
    question="Is the worker unable to reach anything outside its environment?",
    why="whatever reads the data could send it anywhere: a package that was tampered with, a notebook, a prompt",
    remedy=(
        "close the way to {subject}: an egress NetworkPolicy of the workers' namespace, or a security group without "
        "egress to 0.0.0.0/0"
    ),
    severity=Severity.HIGH,
    standards=(
        *("NIST 800-53 AC-4", "NIST 800-53 SC-7(5)", "ISO 27001 A.8.20", "ISO 27001 A.8.22", "SOC 2 CC6.6"),
        "MITRE ATLAS AML.T0025",
    ),
    ask=_ask,
    probes=True,
)
