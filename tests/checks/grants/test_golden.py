"""Estates small enough to be judged by eye, each with everybody who can read; roots, who always can, where it says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.checks.grants import s3 as grants
from airflow_mlsecops.core.unseen import NotObserved

OWN = "222222222222"
HERE = f"arn:aws:iam::{OWN}:"
ROWS = json.loads(Path(__file__).with_name("golden.json").read_text())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_everybody_who_can_read_is_named_with_the_way_and_what_ends_it(row: dict[str, Any]) -> None:
    given = [one for one in grants.readers(_estate(row)) if row.get("root") or not one.principal.endswith(":root")]
    assert len(given) == len(row["grants"]), given
    for one, (principal, kind, sure, step, undo) in zip(given, row["grants"], strict=True):
        assert (one.principal.removeprefix(HERE), one.kind, one.sure, one.undo) == (principal, kind, sure, undo)
        assert step in " | ".join(one.how)


@pytest.mark.parametrize("accounts", [(), (grants.Account(id=OWN),)])
def test_where_nobody_looked_everybody_may_read_and_nobody_surely(accounts: tuple[grants.Account, ...]) -> None:
    given = grants.readers(grants.Estate(bucket=grants.Bucket(name="ml-prod", account=OWN), accounts=accounts))
    assert {OWN, "*"} <= {one.principal for one in given}
    assert not any(one.sure for one in given)


def test_a_policy_that_cannot_be_read_lets_in_and_denies_no_more_than_perhaps() -> None:
    row = ROWS[0]
    whole = _estate(row)
    torn = whole.bucket.model_copy(update={"policy": grants.policy("bucket", "{")})
    given = grants.readers(whole.model_copy(update={"bucket": torn}))
    assert {f"{HERE}user/alice", "*"} <= {one.principal for one in given}
    assert not any(one.sure for one in given)


@pytest.mark.parametrize("part", ["key", "block"])
def test_what_nobody_saw_of_a_bucket_leaves_no_reader_out(part: str) -> None:
    for row in ROWS:
        whole = _estate(row)
        hidden = whole.model_copy(update={"bucket": whole.bucket.model_copy(update={part: NotObserved()})})
        before, after = ({one.principal for one in grants.readers(it)} for it in (whole, hidden))
        covered = {"*.amazonaws.com"} if "*" in after else set()  # any service is among anybody
        assert before <= after | covered, row["name"]


@pytest.mark.parametrize("word", ["Resource", "NotResource"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_where_nobody_looked_the_buckets_own_policy_tells_the_part_of_aws(partition: str, word: str) -> None:
    here = f"arn:{partition}:s3:::ml-prod/{'*' if word == 'Resource' else 'elsewhere/*'}"
    public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", word: here}
    shut = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": f"arn:{partition}:s3:::ml-prod/*"}
    bucket = _estate({"bucket": [shut, public]}).bucket
    given = grants.readers(grants.Estate(bucket=bucket, accounts=()))
    assert [one.kind for one in given if one.principal == "*"] == ["anybody"], given


def test_a_canonical_user_whom_nobody_knows_is_outside() -> None:
    someone = {"Effect": "Allow", "Principal": {"CanonicalUser": "abc"}, "Action": "s3:GetObject", "Resource": "*"}
    (given,) = (one for one in grants.readers(_estate({"bucket": [someone]})) if one.principal == "abc")
    assert (given.kind, given.sure) == ("outside", False)


def _estate(row: dict[str, Any]) -> grants.Estate:
    bucket = grants.Bucket(
        name="ml-prod",
        account=OWN,
        prefix="train/",
        policy=_document("bucket", row["bucket"]) if "bucket" in row else None,
        access_points=NotObserved() if row.get("points", ()) is None else _points(row.get("points", [])),
        key=_key(row),
        block=grants.Block(ignore_acls=row.get("ignore", False), restrict=row.get("restrict", False)),
        acls=row.get("acls", False),
        readers=tuple(row.get("readers", ())),
    )
    scps = NotObserved() if row.get("scps", ()) is None else ()
    account = grants.Account(id=OWN, identities=_identities(row), scps=scps, rcps=(), block=grants.Block())
    return grants.Estate(bucket=bucket, accounts=(account,))


def _identities(row: dict[str, Any]) -> grants.Identities:
    bounds = {name: _document("boundary", [one]) for name, one in row.get("boundaries", {}).items()}
    users = tuple(
        grants.User(
            arn=f"{HERE}user/{name}",
            policies=_held(held),
            groups=tuple(row.get("members", {}).get(name, ())),
            boundary=bounds.get(name),
        )
        for name, held in row.get("users", {}).items()
    )
    roles = tuple(
        grants.Role(
            arn=f"{HERE}role/{name}",
            policies=_held(role["policies"]),
            trust=_document("trust", [role["trust"]] if "trust" in role else []),
            boundary=bounds.get(name),
        )
        for name, role in row.get("roles", {}).items()
    )
    groups = tuple(grants.Group(name=name, policies=_held(held)) for name, held in row.get("groups", {}).items())
    return grants.Identities(users=users, roles=roles, groups=groups)


def _held(held: list[Any]) -> tuple[grants.Policy, ...]:
    return tuple(_document(name, [one]) for name, one in held)


def _points(statements: list[Any]) -> tuple[grants.AccessPoint, ...]:
    arn = f"arn:aws:s3:eu-central-1:{OWN}:accesspoint/tr"
    block = grants.Block()
    return (grants.AccessPoint(arn=arn, policy=_document("point", statements), block=block),) if statements else ()


def _key(row: dict[str, Any]) -> grants.Key | None:
    if "key" not in row:
        return None
    given = tuple(grants.KeyGrant(id="g", grantee=one, operations=("Decrypt",)) for one in row.get("key_grants", ()))
    return grants.Key(arn=f"arn:aws:kms:eu-central-1:{OWN}:key/1", policy=_document("key", row["key"]), grants=given)


def _document(name: str, statements: list[Any]) -> grants.Policy:
    return grants.policy(name, {"Statement": statements})
