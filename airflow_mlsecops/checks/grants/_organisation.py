"""What an organisation allows in an account, from its root down to the account itself.

Only its management account, and whom that delegates it to, may ask; elsewhere nobody could look.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks.grants._estate import Levels, Policy
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.unseen import NotObserved, Unseen

_OVER_PRINCIPALS, _OVER_RESOURCES = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
_DEEPEST = 10  # AWS lets units lie in one another five deep
NO_ORGANISATION = ("AWSOrganizationsNotInUseException",)


class _Organisation(Shape):
    master_account_id: str


class _Described(Shape):
    organization: _Organisation


class _Parent(Shape):
    id: str
    type: str


class _Parents(Shape):
    parents: tuple[_Parent, ...]


class _Summary(Shape):
    id: str
    name: str


class _Policies(Shape):
    policies: tuple[_Summary, ...]


class _Content(Shape):
    content: str


class _DescribedPolicy(Shape):
    policy: _Content


DESCRIBE_ORGANIZATION = Operation(
    service="organizations", name="describe_organization", shape=_Described,
    action="organizations:DescribeOrganization", absent=NO_ORGANISATION,
)  # fmt: skip
LIST_PARENTS = Operation(
    service="organizations", name="list_parents", shape=_Parents, action="organizations:ListParents"
)
LIST_POLICIES = Operation(
    service="organizations", name="list_policies_for_target", shape=_Policies,
    action="organizations:ListPoliciesForTarget",
)  # fmt: skip
DESCRIBE_POLICY = Operation(
    service="organizations", name="describe_policy", shape=_DescribedPolicy, action="organizations:DescribePolicy"
)


def levels(inquiry: Inquiry, account: str) -> tuple[Levels, Levels]:
    """Policies over the principals of an account, and over its resources, level by level."""
    what = f"What an organisation denies in account {account}"
    described = inquiry.ask(what, DESCRIBE_ORGANIZATION)
    if isinstance(described, NotObserved):
        return described, described
    # No policy binds the management account:
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    if described is None or described.organization.master_account_id == account:
        return (), ()
    targets = inquiry.told(what, lambda: (*reversed(tuple(_above(inquiry, account))), account))
    if isinstance(targets, NotObserved):
        return targets, targets
    return _of_kind(inquiry, _OVER_PRINCIPALS, targets, what), _of_kind(inquiry, _OVER_RESOURCES, targets, what)


def _above(inquiry: Inquiry, child: str) -> Iterator[str]:
    """Units above an account, and their root at last."""
    for _ in range(_DEEPEST):
        found = inquiry.aws.need(LIST_PARENTS, ChildId=child).parents
        if len(found) != 1:
            break
        child = found[0].id
        yield child
        if found[0].type == "ROOT":
            return
    raise Unseen("the root of the organisation", NotObserved(why="the way from the account up to its root has gaps"))


def _of_kind(inquiry: Inquiry, kind: str, targets: tuple[str, ...], what: str) -> Levels:
    found: list[tuple[Policy, ...]] = []
    for target in targets:
        listed = inquiry.need(what, LIST_POLICIES, TargetId=target, Filter=kind)
        if isinstance(listed, NotObserved):
            return listed
        found.append(tuple(_policy(inquiry, one, what) for one in listed.policies))
    # Where policies of a kind are on, each level has one at least; without any they are off, and deny nothing.
    return tuple(level for level in found if level)


def _policy(inquiry: Inquiry, one: _Summary, what: str) -> Policy:
    said = inquiry.need(what, DESCRIBE_POLICY, PolicyId=one.id)
    if isinstance(said, NotObserved):
        return Policy(name=one.name, statements=said)
    return inquiry.policy(f"policy {one.name} of the organisation", one.name, said.policy.content)
