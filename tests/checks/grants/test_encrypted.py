"""Whoever only a key holds off does not read a bucket that refuses what is not encrypted with it; near misses may be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_mlsecops.checks.grants import bucket
from airflow_mlsecops.core.aws import Answered
from airflow_mlsecops.core.grant import Allowed
from tests.checks.grants.answers import HERE, ROWS, URI, facts

KEY = "arn:aws:kms:eu-central-1:222222222222:key/k1"
HOW, NAME = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
OWN_KEY = "s3:x-amz-server-side-encryption-customer-algorithm"
ROW = next(row for row in ROWS if row["name"].startswith("a key: who may use it reads"))
ALL = "arn:aws:s3:::ml-prod/*"


def deny(condition: Any, **more: Any) -> dict[str, Any]:
    denial = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": ALL, "Condition": condition}
    return {name: value for name, value in {**denial, **more}.items() if value is not None}


OTHER_KEY = {"StringNotEquals": {NAME: KEY}}
# What says nothing is encrypted with the bucket's key: let through by these three, and all else refused.
BY_DEFAULT = [
    deny({"StringNotEquals": {NAME: KEY}, "Null": {NAME: "false"}}),
    deny({"Null": {HOW: "false", NAME: "true"}}),
    deny({"Null": {OWN_KEY: "false"}}),
]
HELD: dict[str, list[Any]] = {
    "the name of another key": [deny(OTHER_KEY)],
    "if there is one": [deny({"StringNotEqualsIfExists": {NAME: [KEY]}})],
    "as AWS' guide has it": [deny({"ArnNotEqualsIfExists": {NAME: KEY}})],
    "more than is asked for": [deny(OTHER_KEY, Action=["s3:List*", "s3:P*Object"], Principal={"AWS": ["*"]})],
    "the dataset alone": [deny(OTHER_KEY, Resource=["arn:aws:s3:::ml-prod/train", "arn:aws:s3:::ml-prod/train/*"])],
    "what says nothing gets the key": BY_DEFAULT,
    "the same, as two": [
        *(BY_DEFAULT[0], BY_DEFAULT[2]),
        deny({"StringNotEqualsIfExists": {HOW: ["aws:kms", "aws:kms:dsse"]}, "Null": {HOW: "false"}}),
        deny({"StringLike": {HOW: "aws:kms*"}, "Null": {NAME: "true"}}),
    ],
}
NEAR: dict[str, list[Any]] = {
    "an alias, which may be of another key tomorrow": [
        deny({"StringNotEquals": {NAME: "arn:aws:kms:eu-central-1:222222222222:alias/train"}})
    ],
    "another key too": [deny({"StringNotEquals": {NAME: [KEY, f"{KEY}2"]}})],
    "any key that begins so": [deny({"StringNotLike": {NAME: "arn:aws:kms:eu-central-1:222222222222:key/*"}})],
    "two patterns, which another key may meet": [
        deny({"StringNotLike": {NAME: "*/k*"}}),
        deny({"StringNotLike": {NAME: "*1"}}),
    ],
    "but for somebody": [deny(OTHER_KEY, Principal=None, NotPrincipal={"AWS": f"{HERE}role/etl"})],
    "to somebody alone": [deny(OTHER_KEY, Principal={"AWS": f"{HERE}role/etl"})],
    "but for somebody, by a condition": [deny({**OTHER_KEY, "ArnNotEquals": {"aws:PrincipalArn": f"{HERE}role/etl"}})],
    "of another prefix": [deny(OTHER_KEY, Resource="arn:aws:s3:::ml-prod/other/*")],
    "but for the object of that very name": [deny(OTHER_KEY, Resource="arn:aws:s3:::ml-prod/train/*")],
    "of a part of the prefix": [
        deny(OTHER_KEY, Resource=["arn:aws:s3:::ml-prod/train", "arn:aws:s3:::ml-prod/train/x*"])
    ],
    "of another bucket": [deny(OTHER_KEY, Resource="arn:aws:s3:::ml-prod2/*")],
    "but for a part": [deny(OTHER_KEY, Resource=None, NotResource="arn:aws:s3:::ml-prod/train/tmp/*")],
    "but for one action": [deny(OTHER_KEY, Action=None, NotAction=["s3:Put*", "s3:Get*"])],
    "another action": [deny(OTHER_KEY, Action="s3:PutObjectAcl")],
    "of how alone, whatever the key": [deny({"StringNotEquals": {HOW: "aws:kms"}})],
    "of a key that is named, and of nothing else": [deny({"StringNotEquals": {NAME: KEY}, "Null": {NAME: "false"}})],
    "that a key is named": [deny({"Null": {NAME: "true"}})],
    "of this very key": [deny({"StringEquals": {NAME: KEY}})],
    "for any of several, of which there may be none": [deny({"ForAnyValue:StringNotEquals": {NAME: KEY}})],
    "of a key that a variable names": [deny({"StringNotEquals": {NAME: "${aws:PrincipalTag/key}"}})],
    "an allowing one": [deny(OTHER_KEY, Effect="Allow", Principal={"AWS": f"{HERE}role/etl"})],
    "but by a way that nobody knows yet": [
        *(BY_DEFAULT[0], BY_DEFAULT[2]),
        deny({"StringEquals": {HOW: ["AES256", "aws:kms", "aws:kms:dsse"]}, "Null": {NAME: "true"}}),
    ],
    "but with the key that AWS manages": [
        *(BY_DEFAULT[0], BY_DEFAULT[2]),
        deny({"StringNotEqualsIfExists": {HOW: ["aws:kms", "aws:kms:dsse"]}, "Null": {HOW: "false"}}),
    ],
    "of another key, but for two layers of it": [
        *BY_DEFAULT[1:],
        deny({"StringNotEquals": {NAME: KEY}, "StringEquals": {HOW: "aws:kms"}}),
    ],
    **{f"of what says nothing, all but {n}": BY_DEFAULT[:n] + BY_DEFAULT[n + 1 :] for n in range(3)},
}


def principals(said: list[Any]) -> dict[str, bool]:
    policy = Answered(answer={"Policy": json.dumps({"Version": "2012-10-17", "Statement": said})})
    found = bucket.readers(facts(ROW, **{"s3.get_bucket_policy Bucket=ml-prod": policy}), URI, Allowed())
    return {one.principal.removeprefix(HERE): one.sure for one in found.grants}


@pytest.mark.parametrize("said", HELD.values(), ids=HELD)
def test_where_nothing_else_is_written_only_who_may_use_the_key_reads(said: list[Any]) -> None:
    assert principals(said) == {"user/kim": True, "root": True}


@pytest.mark.parametrize("said", NEAR.values(), ids=NEAR)
def test_near_misses_let_in_perhaps(said: list[Any]) -> None:
    assert principals(said) == {"user/kim": True, "root": True, "user/alice": False}


def test_whoever_the_key_holds_off_needs_no_command() -> None:
    policy = Answered(answer={"Policy": json.dumps({"Statement": [deny(OTHER_KEY)]})})
    allowed = Allowed(readers=(f"{HERE}root", f"{HERE}user/kim"))
    found = bucket.readers(facts(ROW, **{"s3.get_bucket_policy Bucket=ml-prod": policy}), URI, allowed)
    assert found.commands == ()


def test_whoever_reads_with_the_key_is_not_told_again_by_a_role_that_it_holds_off() -> None:
    read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ALL}
    kim = {"Effect": "Allow", "Principal": {"AWS": f"{HERE}user/kim"}, "Action": "sts:AssumeRole"}
    row = {**ROW, "roles": {"off": {"inline": {"Read": read}, "trust": [kim]}}}
    found = bucket.readers(facts(row), URI, Allowed())
    assert [one.sure for one in found.grants if one.principal == f"{HERE}user/kim"] == [True]
    assert [one.sure for one in found.grants if one.principal == f"{HERE}role/off"] == [False]
