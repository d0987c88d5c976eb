"""Roles of IAM and what their policies allow: the questions, and what is read of their answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_mlsecops.checks._aws import aws, listed, profile
from airflow_mlsecops.checks._scope import role_name, the_job
from airflow_mlsecops.checks._statements import Statement, statements
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.unseen import NotObserved, Unseen

Document = str | dict[str, Any]
_POSITIVE = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})


class Boundary(Shape):
    """The permissions boundary of a role."""

    permissions_boundary_arn: str


class Role(Shape):
    """One role."""

    arn: str
    assume_role_policy_document: Document
    permissions_boundary: Boundary | None = None


class GotRole(Shape):
    """Answer of GetRole."""

    role: Role


class InlinePolicies(Shape):
    """Answer of ListRolePolicies."""

    policy_names: tuple[str, ...]


class InlinePolicy(Shape):
    """Answer of GetRolePolicy."""

    policy_document: Document


class AttachedPolicy(Shape):
    """One policy that is attached to a role."""

    policy_name: str
    policy_arn: str


class AttachedPolicies(Shape):
    """Answer of ListAttachedRolePolicies."""

    attached_policies: tuple[AttachedPolicy, ...]


class Policy(Shape):
    """What matters of a managed policy."""

    default_version_id: str


class GotPolicy(Shape):
    """Answer of GetPolicy."""

    policy: Policy


class PolicyVersion(Shape):
    """One version of a managed policy."""

    document: Document


class GotPolicyVersion(Shape):
    """Answer of GetPolicyVersion."""

    policy_version: PolicyVersion


GET_ROLE = Operation(service="iam", name="get_role", shape=GotRole, action="iam:GetRole", absent=("NoSuchEntity",))
LIST_ROLE_POLICIES = Operation(
    service="iam", name="list_role_policies", shape=InlinePolicies, action="iam:ListRolePolicies"
)
GET_ROLE_POLICY = Operation(service="iam", name="get_role_policy", shape=InlinePolicy, action="iam:GetRolePolicy")
LIST_ATTACHED_ROLE_POLICIES = Operation(
    service="iam", name="list_attached_role_policies", shape=AttachedPolicies, action="iam:ListAttachedRolePolicies"
)
GET_POLICY = Operation(service="iam", name="get_policy", shape=GotPolicy, action="iam:GetPolicy")
GET_POLICY_VERSION = Operation(
    service="iam", name="get_policy_version", shape=GotPolicyVersion, action="iam:GetPolicyVersion"
)
READS_POLICIES = (
    GET_ROLE, LIST_ROLE_POLICIES, GET_ROLE_POLICY, LIST_ATTACHED_ROLE_POLICIES, GET_POLICY, GET_POLICY_VERSION,
)  # fmt: skip


class Grant(Frozen):
    """One statement that allows something to a role.

    :param policy: name of the policy that holds it
    """

    policy: str
    statement: Statement

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.policy}, {self.statement.name}"


def the_role(name: str, facts: Facts, demand: Demand) -> Role:
    """A role, by its name.

    :raises Unseen: if nobody could look, if there is none, or if what is seen is a namesake in an account that is not
        this environment's, or not the job's
    """
    role = aws(facts).need(GET_ROLE, RoleName=name).role
    if arn_parts(role.arn)[4] not in listed(profile(demand).accounts, "accounts"):
        why = f"whoever looks sees {role.arn}, in an account that is not listed under aws.accounts"
        raise Unseen(f"role {name}", NotObserved(why=why))
    job = the_job(facts)
    for used in job.roles if job else ():
        if used.startswith("arn:") and role_name(used) == name and used != role.arn:
            raise Unseen(used, NotObserved(why="whoever looks sees another role of that name"))
    return role


def grants(name: str, facts: Facts, demand: Demand) -> tuple[Grant, ...]:
    """All that the policies of a role allow, inline and attached; what else denies it is not taken off.

    :raises Unseen: if a policy was not seen, or cannot be read
    """
    the_role(name, facts, demand)
    return tuple(
        Grant(policy=policy, statement=statement)
        for policy, document in (*_inline(name, facts), *_attached(name, facts))
        for statement in statements(document, f"policy {policy} of {name}")
        if statement.allow
    )


def _inline(role: str, facts: Facts) -> Iterator[tuple[str, Document]]:
    for name in aws(facts).need(LIST_ROLE_POLICIES, RoleName=role).policy_names:
        yield name, aws(facts).need(GET_ROLE_POLICY, RoleName=role, PolicyName=name).policy_document


def _attached(role: str, facts: Facts) -> Iterator[tuple[str, Document]]:
    for policy in aws(facts).need(LIST_ATTACHED_ROLE_POLICIES, RoleName=role).attached_policies:
        version = aws(facts).need(GET_POLICY, PolicyArn=policy.policy_arn).policy.default_version_id
        read = aws(facts).need(GET_POLICY_VERSION, PolicyArn=policy.policy_arn, VersionId=version)
        yield policy.policy_name, read.policy_version.document


def held_to(statement: Statement, key: str) -> tuple[str, ...]:
    """What a condition surely holds a key to, value by value; empty if none does.

    A condition of another operator, or with a wildcard or a variable in one of its values, holds nothing for sure.

    :param key: in small letters
    """
    holding = (
        keys[key]
        for operator, keys in statement.conditions.items()
        if operator.removeprefix("foranyvalue:") in _POSITIVE and keys.get(key) and all(map(literal, keys[key]))
    )
    return min(holding, key=len, default=())  # all of them must be met: one that names fewest is enough


def literal(text: str) -> bool:
    """True if a text of a policy stands for itself alone."""
    return not any(sign in text for sign in ("*", "?", "${"))


def arn_parts(resource: str) -> list[str]:
    """The six parts of an ARN; those that are not said are wildcards to AWS.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    parts = resource.split(":", 5)
    return parts + ["*"] * (6 - len(parts))
