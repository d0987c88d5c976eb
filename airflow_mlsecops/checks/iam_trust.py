"""Only this environment's accounts and services may take its roles, and no person may.

Read from each role's trust policy, statement by statement. Services must act for this environment's own accounts
(``aws:SourceAccount``, ``aws:SourceArn``), or anybody who uses the service could have it take the role
(https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html); EC2 does not say for whom it acts, and takes
roles of the instance's own account only. A provider of OpenID Connect must name both its ``aud`` and the ``sub`` it
lets in, in full (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html). An account that
is named as a whole leaves it to its own policies who takes the role. What a Deny takes away again is not taken off.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import each, listed, profile
from airflow_mlsecops.checks._iam import GET_ROLE, arn_parts, held_to, the_role
from airflow_mlsecops.checks._people import SSO, person
from airflow_mlsecops.checks._scope import no_role, role_names
from airflow_mlsecops.checks._statements import Principal, Statement, statements
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.environment import Aws
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "accounts and services of this environment, no person"
_TAKES = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")
_SAYS_NO_SOURCE = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")
_NEGATED = "not"


def _ask(name: str, facts: Facts, demand: Demand) -> Answer:
    ours = profile(demand)
    listed(ours.accounts, "accounts")
    document = the_role(name, facts, demand).assume_role_policy_document
    read = statements(document, f"trust policy of {name}")
    troubles = [f"{one.name}: {who}" for one in read if _lets_in(one) for who in _strangers(one, ours)]
    if troubles:
        reason = f"{len(troubles):,} ways lead into the role that should not"
        return failed(name, reason, expected=_EXPECTED, got="; ".join(sorted(troubles)))
    return passed(name, "nobody but this environment may take the role", expected=_EXPECTED)


def _lets_in(statement: Statement) -> bool:
    return statement.allow and any(map(statement.does, _TAKES))


def _strangers(statement: Statement, ours: Aws) -> Iterator[str]:
    if statement.everybody_but or not statement.principals:
        yield "everybody but a few"
        return
    yield from filter(None, (_trouble(principal, statement, ours) for principal in statement.principals))
    # The only way to name roles of IAM Identity Center, whose ARNs nobody knows beforehand.
    for arn in _named(statement, "aws:principalarn"):
        if sign := person(arn, ours.people) or (f"roles called {SSO}…" if SSO in arn else ""):
            yield f"{arn} ({sign})"


def _trouble(principal: Principal, statement: Statement, ours: Aws) -> str:
    if principal.anybody:
        return "anybody"
    if principal.kind == "Service":
        known = principal.name in _SAYS_NO_SOURCE or _for_us(statement, ours)
        return "" if known else f"{principal.name}, for whichever account"
    if principal.kind == "Federated":
        return _federated(principal.name, statement)
    if principal.account not in (*ours.accounts, *ours.partners):
        return f"{principal.name} (not an account of this environment)"
    sign = "" if principal.name.endswith(":root") else person(principal.name, ours.people)
    return f"{principal.name} ({sign})" if sign else ""


def _for_us(statement: Statement, ours: Aws) -> bool:
    """True if a condition surely holds a service to what our accounts ask of it."""
    sources = (
        {arn_parts(value)[4] if value.startswith("arn:") else value for value in values}
        for key, values in statement.narrowings
        if key in ("aws:sourceaccount", "aws:sourcearn")
    )
    return any(accounts <= set(ours.accounts) for accounts in sources)


def _federated(provider: str, statement: Statement) -> str:
    if ":saml-provider/" in provider:
        return f"{provider} (people who sign in)"
    issuer = provider.partition(":oidc-provider/")[2] or provider
    if held_to(statement, f"{issuer.lower()}:sub") and held_to(statement, f"{issuer.lower()}:aud"):
        return ""
    return f"{provider} (without conditions that name sub and aud in full)"


def _named(statement: Statement, key: str) -> Iterator[str]:
    for operator, keys in statement.conditions.items():
        if _NEGATED not in operator:
            yield from keys.get(key, ())


CHECK = Check(
    id="IAM_TRUST",
    question="May only this environment's accounts and services take its roles?",
    why="whoever may take a role has all that the task has, and is the task to every log",
    remedy=(
        "`aws iam get-role --role-name {subject} --query Role.AssumeRolePolicyDocument > trust.json`, take out whom "
        "it names wrongly or add the condition that is missing, then `aws iam update-assume-role-policy --role-name "
        "{subject} --policy-document file://trust.json`"
    ),
    severity=Severity.CRITICAL,
    standards=("NIST 800-53 AC-3", "NIST 800-53 AC-6", "ISO 27001 A.5.15", "SOC 2 CC6.1", "MITRE ATLAS AML.T0012"),
    ask=each(role_names, _ask, none=no_role),
    reads=(GET_ROLE,),
)
