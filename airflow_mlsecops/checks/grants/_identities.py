"""Everybody of an account, with all that they hold, in one answer of IAM.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from airflow_mlsecops.checks._iam import GET_POLICY, GET_POLICY_VERSION, AttachedPolicy, Boundary, Document
from airflow_mlsecops.checks.grants._estate import Group, Identities, Policy, Role, User
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.unseen import NotObserved, Unseen


class _Inline(Shape):
    policy_name: str
    policy_document: Document


class _User(Shape):
    arn: str
    user_policy_list: tuple[_Inline, ...] = ()  # AWS leaves it out where there is none
    group_list: tuple[str, ...]
    attached_managed_policies: tuple[AttachedPolicy, ...]
    permissions_boundary: Boundary | None = None


class _Group(Shape):
    group_name: str
    group_policy_list: tuple[_Inline, ...]
    attached_managed_policies: tuple[AttachedPolicy, ...]


class _Role(Shape):
    arn: str
    assume_role_policy_document: Document
    role_policy_list: tuple[_Inline, ...]
    attached_managed_policies: tuple[AttachedPolicy, ...]
    permissions_boundary: Boundary | None = None


class _Version(Shape):
    document: Document
    is_default_version: bool
    create_date: str = ""


class _Managed(Shape):
    arn: str
    policy_version_list: tuple[_Version, ...]


class _Everybody(Shape):
    user_detail_list: tuple[_User, ...]
    group_detail_list: tuple[_Group, ...]
    role_detail_list: tuple[_Role, ...]
    policies: tuple[_Managed, ...]


GET_EVERYBODY = Operation(
    service="iam", name="get_account_authorization_details", shape=_Everybody,
    action="iam:GetAccountAuthorizationDetails",
)  # fmt: skip


def identities(inquiry: Inquiry, account: str) -> Identities | NotObserved:
    """Users, groups and roles of the account of whoever looks."""
    listed = inquiry.told(f"Who there is in account {account}", lambda: _each_once(inquiry.aws.need(GET_EVERYBODY)))
    return listed if isinstance(listed, NotObserved) else _Reading(inquiry, listed).identities()


def _each_once(listed: _Everybody) -> _Everybody:
    """The list, if it tells one thing only of each: what is said later must not hide what was said before.

    :raises Unseen: if it does not
    """
    names = (
        *(one.arn for one in listed.user_detail_list),
        *(one.arn for one in listed.role_detail_list),
        *(one.arn for one in listed.policies),
        *(one.group_name for one in listed.group_detail_list),
    )
    if len({*names}) < len(names):
        raise Unseen("the account", NotObserved(why="AWS lists somebody, or a policy, twice"))
    return listed


class _Reading:
    """The answer, with each managed policy read once, however many hold it."""

    def __init__(self, inquiry: Inquiry, listed: _Everybody) -> None:
        self._inquiry = inquiry
        self._listed = listed
        self._defaults = {
            one.arn: version
            for one in listed.policies
            for version in one.policy_version_list
            if version.is_default_version
        }
        self._managed = cache(self._read)

    def identities(self) -> Identities:
        """All of it."""
        return Identities(
            users=tuple(map(self._user, self._listed.user_detail_list)),
            groups=tuple(map(self._group, self._listed.group_detail_list)),
            roles=tuple(map(self._role, self._listed.role_detail_list)),
        )

    def _user(self, one: _User) -> User:
        return User(
            arn=one.arn,
            policies=self._held(one.arn, one.user_policy_list, one.attached_managed_policies),
            groups=one.group_list,
            boundary=self._boundary(one.permissions_boundary),
        )

    def _group(self, one: _Group) -> Group:
        held = self._held(f"group {one.group_name}", one.group_policy_list, one.attached_managed_policies)
        return Group(name=one.group_name, policies=held)

    def _role(self, one: _Role) -> Role:
        return Role(
            arn=one.arn,
            trust=self._inquiry.changeable(f"the trust policy of {one.arn}", one.assume_role_policy_document),
            policies=self._held(one.arn, one.role_policy_list, one.attached_managed_policies),
            boundary=self._boundary(one.permissions_boundary),
        )

    def _held(self, whose: str, inline: Iterable[_Inline], attached: Iterable[AttachedPolicy]) -> tuple[Policy, ...]:
        own = (
            self._inquiry.policy(f"policy {one.policy_name} of {whose}", one.policy_name, one.policy_document)
            for one in inline
        )
        return (*own, *(self._managed(one.policy_arn) for one in attached))

    def _boundary(self, boundary: Boundary | None) -> Policy | None:
        return None if boundary is None else self._managed(boundary.permissions_boundary_arn)

    def _read(self, arn: str) -> Policy:
        name = arn.rpartition("/")[2]
        if version := self._defaults.get(arn):
            return self._inquiry.policy(f"policy {arn}", name, version.document, arn, version.create_date[:10])
        try:
            return self._inquiry.policy(f"policy {arn}", name, self._asked(arn), arn)
        except Unseen as end:
            missing = self._inquiry.missing(f"What policy {arn} says", end)
        return Policy(name=name, statements=missing, arn=arn)

    def _asked(self, arn: str) -> Document:
        """The text of a policy that is not in the list: such as one that is nobody's but as a boundary."""
        facts = self._inquiry.aws
        version = facts.need(GET_POLICY, PolicyArn=arn).policy.default_version_id
        return facts.need(GET_POLICY_VERSION, PolicyArn=arn, VersionId=version).policy_version.document
