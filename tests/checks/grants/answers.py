"""Answers of AWS as they were recorded, for the tests of who can read a bucket."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from airflow_mlsecops.core.aws import Absent, Answered, AwsFacts
from airflow_mlsecops.core.unseen import NotObserved

OWN, REGION, URI = "222222222222", "eu-central-1", "s3://ml-prod/train"
HERE = f"arn:aws:iam::{OWN}:"
EVERYBODY = "iam.get_account_authorization_details"
Row = dict[str, Any]
_TABLE = json.loads(Path(__file__).with_name("bucket.json").read_text())
ROWS: tuple[Row, ...] = tuple(_TABLE["rows"])
WHOLE: Row = next(row for row in ROWS if row.get("whole"))


def facts(row: Row, **changes: Answered | Absent | NotObserved) -> AwsFacts:
    """What AWS answered, of a row of the table.

    :param changes: answers that are others, by their key
    """
    return AwsFacts(region=REGION, answers={**read(row), **changes})


def read(row: Row) -> dict[str, Answered | Absent | NotObserved]:
    """The answers of a row over those of an account where nobody is let in."""
    told = {**_TABLE["base"], EVERYBODY: everybody(row), **row.get("answers", {})}
    return {key: _answer(one) for key, one in told.items()}


def _answer(told: Mapping[str, Any]) -> Answered | Absent | NotObserved:
    if "denied" in told:
        return NotObserved(why=f"permission {told['denied']} is missing (AccessDenied)")
    return Absent(absent=told["absent"]) if "absent" in told else Answered(answer=dict(told))


def everybody(row: Row) -> Row:
    """What IAM says of an account's users, groups, roles and policies."""
    return {
        "UserDetailList": [
            {
                "Arn": f"{HERE}user/{name}",
                "UserPolicyList": _inline(who),
                "GroupList": who.get("groups", []),
                **_held(who),
            }
            for name, who in row.get("users", {}).items()
        ],
        "GroupDetailList": [
            {"GroupName": name, "GroupPolicyList": _inline(who), **_held(who)}
            for name, who in row.get("groups", {}).items()
        ],
        "RoleDetailList": [
            {
                "Arn": f"{HERE}role/{name}",
                "AssumeRolePolicyDocument": {"Statement": who.get("trust", [])},
                "RolePolicyList": _inline(who),
                **_held(who),
            }
            for name, who in row.get("roles", {}).items()
        ],
        "Policies": [_managed(name, versions) for name, versions in row.get("managed", {}).items()],
    }


def _inline(who: Row) -> list[Row]:
    return [{"PolicyName": name, "PolicyDocument": _document(said)} for name, said in who.get("inline", {}).items()]


def _held(who: Row) -> Row:
    attached = [{"PolicyName": name, "PolicyArn": f"{HERE}policy/{name}"} for name in who.get("managed", ())]
    bound = {"PermissionsBoundaryArn": f"{HERE}policy/{who.get('boundary')}"}
    return {"AttachedManagedPolicies": attached, **({"PermissionsBoundary": bound} if "boundary" in who else {})}


def _managed(name: str, versions: Iterable[tuple[str, bool, Any]]) -> Row:
    listed = [
        {"VersionId": f"v{n}", "IsDefaultVersion": default, "CreateDate": f"{day}T00:00:00+00:00", "Document": _document(said)}
        for n, (day, default, said) in enumerate(versions)
    ]  # fmt: skip
    return {"PolicyName": name, "Arn": f"{HERE}policy/{name}", "PolicyVersionList": listed}


def _document(said: Any) -> Row:
    return {"Version": "2012-10-17", "Statement": said}
