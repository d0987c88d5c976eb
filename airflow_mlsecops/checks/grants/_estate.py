"""What the question of who can read a bucket is asked of: documents and settings, as they were observed.

What nobody could read is ``NotObserved``, and makes an answer no surer than *may*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from airflow_mlsecops.checks._statements import Statement, statements
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.unseen import NotObserved, Unseen


class Policy(Frozen):
    """A policy document with what people call it.

    :param arn: of a managed policy; empty for an inline one and for those of resources
    :param since: the date of this version of a managed policy, where it was told
    :param text: the document, where a command that changes it is to be told
    """

    name: str
    statements: tuple[Statement, ...] | NotObserved
    arn: str = ""
    since: str = ""
    text: str = ""


def policy(name: str, document: str | Mapping[str, Any], arn: str = "", since: str = "") -> Policy:
    """Read a policy; one that cannot be read stands for any that might be there."""
    try:
        said: tuple[Statement, ...] | NotObserved = statements(document, name)
    except Unseen as end:
        said = end.missing
    if not isinstance(said, NotObserved) and any(map(_varies, said)) and _takes_variables_for_text(document):
        said = NotObserved(why="it has variables, which policies of its version take for text")
    return Policy(name=name, statements=said, arn=arn, since=since)


def _varies(statement: Statement) -> bool:
    conditions = (value for keys in statement.conditions.values() for values in keys.values() for value in values)
    return any("${" in text for text in (*statement.resources, *statement.not_resources, *conditions))


def _takes_variables_for_text(document: str | Mapping[str, Any]) -> bool:
    """True for all versions but the newest, which is not the one that counts where none is named.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    """
    read = json.loads(document) if isinstance(document, str) else document
    return read.get("Version") != "2012-10-17"


def changeable(name: str, document: str | Mapping[str, Any]) -> Policy:
    """Read a policy of a resource, or of a role's trust, and keep it as it stands: a command may change it."""
    text = document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))
    return policy(name, text).model_copy(update={"text": text})


Levels = tuple[tuple[Policy, ...], ...] | NotObserved  # of the organisation: root, units, account; each must allow


class Group(Frozen):
    """A group of users."""

    name: str
    policies: tuple[Policy, ...] = ()


class User(Frozen):
    """A user of IAM.

    :param groups: by name
    """

    arn: str
    policies: tuple[Policy, ...] = ()
    groups: tuple[str, ...] = ()
    boundary: Policy | None = None


class Role(Frozen):
    """A role of IAM."""

    arn: str
    trust: Policy
    policies: tuple[Policy, ...] = ()
    boundary: Policy | None = None


class Identities(Frozen):
    """Everybody of an account, as ``iam:GetAccountAuthorizationDetails`` lists them."""

    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    roles: tuple[Role, ...] = ()


class Block(Frozen):
    """What a public access block does after the fact; the two other flags only refuse new grants."""

    ignore_acls: bool = False
    restrict: bool = False


class Account(Frozen):
    """An account whose insides were looked at.

    :param scps: service control policies over its principals; ``()`` where there is no organisation over it
    :param rcps: resource control policies over its resources
    """

    id: str
    canonical: str = ""
    identities: Identities | NotObserved = NotObserved()
    scps: Levels = NotObserved()
    rcps: Levels = NotObserved()
    block: Block | NotObserved = NotObserved()


class AccessPoint(Frozen):
    """Another name of the bucket, with a policy of its own.

    :param vpc: the only network that it answers to; empty where it answers everybody
    :param since: the date when it was made, where AWS told
    """

    arn: str
    policy: Policy | None = None
    vpc: str = ""
    block: Block | NotObserved = NotObserved()
    since: str = ""


class KeyGrant(Frozen):
    """A grant of KMS.

    :param constrained: true if it speaks of some encryption contexts only
    :param since: the date when it was given, where AWS told
    """

    id: str
    grantee: str
    operations: tuple[str, ...]
    constrained: bool = False
    since: str = ""


class Key(Frozen):
    """The key that every object of the dataset is encrypted with.

    :param by_aws: true if AWS manages it, and no organisation's policy over resources binds it
    """

    arn: str
    policy: Policy
    grants: tuple[KeyGrant, ...] | NotObserved = NotObserved()
    by_aws: bool = False


class Bucket(Frozen):
    """The bucket, and the part of it that the dataset is.

    :param prefix: of the keys
    :param itself: a key that belongs to the dataset too: that of the object by whose name the prefix begins; where it
        has no suffix, there may be no such object
    :param key: ``None`` where SSE-KMS is not used
    :param acls: true unless the bucket's owner owns every object, and access control lists are off
    :param readers: whom the objects' lists let read, by URI of a group or by canonical id, as far as they were read
    """

    name: str
    account: str
    prefix: str = ""
    itself: str = ""
    region: str = ""
    policy: Policy | None = None
    access_points: tuple[AccessPoint, ...] | NotObserved = NotObserved()
    key: Key | NotObserved | None = NotObserved()
    block: Block | NotObserved = NotObserved()
    acls: bool = True
    readers: tuple[str, ...] | NotObserved = NotObserved()


class Estate(Frozen):
    """All of it.

    :param people: globs over the names of roles that people use
    """

    bucket: Bucket
    accounts: tuple[Account, ...]
    people: tuple[str, ...] = ()
