"""Principals of AWS behind whom a person stands.

Names: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html; roles of IAM Identity Center:
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html.
"""

from __future__ import annotations

from collections.abc import Collection

from airflow_mlsecops.checks._aws import fits

IDENTITY = "identity"  # what messages call whom the task works as
_KINDS = {
    "user": "a user of IAM, whose password and keys do not end by themselves",
    "federated-user": "somebody who signed in elsewhere (federated user)",
    "root": "the root user of the account",
}
SSO = "AWSReservedSSO_"
_SSO_PATH = "/aws-reserved/sso.amazonaws.com/"


def role_in(arn: str) -> str:
    """Name of the role that an ARN of a role, or of a session of one, speaks of; empty for any other."""
    kind, _, rest = arn.split(":", 5)[-1].partition("/")
    if (
        kind == "assumed-role"
    ):  # without the role's path: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
        return rest.partition("/")[0]
    return rest.rpartition("/")[2] if kind == "role" else ""


def person(arn: str, people: Collection[str]) -> str:
    """What shows that a person stands behind a principal; empty if nothing does.

    :param people: globs over the names of roles that people use
    """
    kind = arn.split(":", 5)[-1].partition("/")[0]
    if kind in _KINDS:
        return _KINDS[kind]
    role = role_in(arn)
    if role.startswith(SSO) or _SSO_PATH in arn:
        return "a role of IAM Identity Center, which people sign in to"
    return "a role that the policy says people use" if role and fits(role, people) else ""
