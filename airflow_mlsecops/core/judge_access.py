"""Judgement of a request for access: the policy engine's decision and what this run has proven."""

from __future__ import annotations

from airflow_mlsecops.core.access import AccessDecision, AccessRequest, UnmetPermit
from airflow_mlsecops.core.finding import Finding, Severity, Status

NO_PERMIT = "NO_PERMIT_MATCHED"
CODES = frozenset({NO_PERMIT, "ACCESS_RULE_ERROR", "ACCESS_ALLOWED", "PRINCIPAL_MISMATCH"})
"""What a decision is called where no rule names it; the subject of all of them is who asks."""
_TOLD = 5


def judge_access(
    request: AccessRequest, decision: AccessDecision, *, expected_principal: str = ""
) -> tuple[Finding, ...]:
    """Turn a decision into findings, each denial named by the rule that made it.

    :param expected_principal: whom the DAG's author expects to ask, as ``dag_id`` or ``dag_id.task_id``; it is an
        expectation, who asks is derived
    """
    asked = _judge_principal(request, expected_principal) if expected_principal else ()
    return (*asked, *_judge_decision(request, decision))


def principal_of(request: AccessRequest) -> str:
    """Who asks, as people read it."""
    return f"{request.dag_id}.{request.task_id}"


def unmet(permit: UnmetPermit) -> str:
    """A permit that does not match, and what it needs, in the rule's own words."""
    needs = ", and ".join(permit.needs) or "more than holds here"
    return f"permit {permit.id} (access.cedar:{permit.line}) needs {needs}"


def code_of(rule_id: str) -> str:
    """What a finding of the rule with that ``@id`` is called."""
    word = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in rule_id.upper())
    return word if word[:1].isalpha() and len(word) > 1 else f"RULE_{word}"


def missing_evidence(task_id: str, gate: str) -> Finding:
    """A record that the decision relies on is not there: name the task to put upstream."""
    return Finding(
        status=Status.UNKNOWN,
        code="EVIDENCE_MISSING",
        subject=task_id,
        severity=Severity.CRITICAL,
        reason=f"no {gate} record of {task_id} in this run: task states and XCom prove nothing",
        remedy=f"put {task_id} upstream of this gate and let it run; marking it as success writes no record",
    )


def _judge_principal(request: AccessRequest, expected: str) -> tuple[Finding, ...]:
    agrees = expected in (request.dag_id, principal_of(request))
    return (
        Finding(
            status=Status.PASS if agrees else Status.FAIL,
            code="PRINCIPAL_MISMATCH",
            subject=principal_of(request),
            severity=Severity.CRITICAL,
            reason="the application that asks is the one expected"
            if agrees
            else "the task asks in the name of another application",
            expected=expected,
            got=principal_of(request),
            remedy=None if agrees else "correct principal=, or find out why this task asks in another's name",
        ),
    )


def _judge_decision(request: AccessRequest, decision: AccessDecision) -> tuple[Finding, ...]:
    who = principal_of(request)
    if decision.errors:
        # Cedar skips a rule that fails to evaluate, a forbid too: an error must never end in Allow.
        return tuple(_denied(who, "ACCESS_RULE_ERROR", error, "have access.cedar mended") for error in decision.errors)
    if decision.allowed:
        reason = "; ".join(f"{rule.id}: {rule.reason}" for rule in decision.reasons)
        return (
            Finding(
                status=Status.PASS,
                code="ACCESS_ALLOWED",
                subject=who,
                reason=f"may {request.action} for {request.purpose} ({reason})",
                rule="access.cedar",
            ),
        )
    if not decision.reasons:
        return (_denied(who, NO_PERMIT, _no_permit(request, decision), _ask_the_owner(request)),)
    return tuple(
        _denied(who, code_of(rule.id), rule.reason, _ask_the_owner(request), rule.id) for rule in decision.reasons
    )


def _no_permit(request: AccessRequest, decision: AccessDecision) -> str:
    told = [unmet(permit) for permit in decision.permits[:_TOLD]]
    more = decision.more_permits + len(decision.permits) - len(told)
    told += [f"{more:,} more permits do not match either"] if more else []
    why = "; ".join(told) or f"no permit speaks of {request.action}"
    return f"no rule permits it to {request.action}: {why}"


def _ask_the_owner(request: AccessRequest) -> str:
    """What was asked, beside what is declared: most denials are a word that differs."""
    purposes = ", ".join(request.allowed_purposes) or "none"
    applications = ", ".join(request.applications) or "any"
    return (
        f"asked: {request.action} for {request.purpose or 'no purpose'}; declared: purposes {purposes}, applications "
        f"{applications}; do what the rule says, or ask {request.owner or 'who owns the dataset'}"
    )


def _denied(who: str, code: str, reason: str, remedy: str, rule: str = "") -> Finding:
    return Finding(
        status=Status.FAIL,
        code=code,
        subject=who,
        severity=Severity.CRITICAL,
        reason=reason,
        remedy=remedy,
        rule=f"access.cedar @id({rule})" if rule else "access.cedar",
    )
