"""Policies of AWS are read as AWS reads them, and in doubt as letting more in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from airflow_mlsecops.checks._accounts import foreign
from airflow_mlsecops.checks._statements import Statement, statements, wildcard
from airflow_mlsecops.core.unseen import Unseen
from tests.pace import keeps_pace

OWN, OTHER = "222222222222", "333333333333"


def statement(**said: Any) -> Statement:
    whole = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", **said}
    (read,) = statements({"Statement": {key: value for key, value in whole.items() if value is not None}}, "it")
    return read


def when(operator: str, key: str, *values: Any) -> Statement:
    return statement(Condition={operator: {key: list(values)}})


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", "aws:PrincipalOrgID", "o-abc"),
        ("stringequals", "AWS:PRINCIPALORGID", "o-abc"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-abc/r-1/*"),
        ("StringEquals", "aws:PrincipalAccount", OWN),
        ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:role/*"),
        ("ArnLike", "aws:SourceArn", f"arn:aws:cloudtrail:*:{OWN}:trail/*"),
        ("ArnEquals", "aws:SourceArn", "arn:aws:s3:::ml-prod"),
        ("StringLike", "aws:userid", "AROAEXAMPLE:*"),
        ("StringEquals", "aws:SourceVpce", "vpce-1"),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
        ("IpAddress", "aws:SourceIp", "2001:db8::/32"),
    ],
)
def test_a_positive_condition_on_who_or_where_narrows(operator: str, key: str, value: str) -> None:
    assert when(operator, key, value).narrowed
    assert not when(operator, key, value).lets_anybody_in


@pytest.mark.parametrize(
    ("operator", "key", "values"),
    [
        ("StringEqualsIfExists", "aws:PrincipalOrgID", ["o-abc"]),
        ("ForAllValues:StringEquals", "aws:PrincipalOrgID", ["o-abc"]),
        ("StringNotEquals", "aws:PrincipalOrgID", ["o-abc"]),
        ("StringNotEquals", "aws:SourceVpce", ["vpce-1"]),
        ("Null", "aws:PrincipalOrgID", ["false"]),
        ("StringLike", "aws:PrincipalOrgID", ["*"]),
        ("StringLike", "aws:PrincipalOrgID", ["o-*"]),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["*/r-1/*"]),
        ("StringEquals", "aws:PrincipalAccount", [OWN, "*"]),
        ("StringEquals", "aws:PrincipalAccount", []),
        ("StringEquals", "aws:PrincipalAccount", ["${aws:PrincipalAccount}"]),
        ("StringEquals", "aws:PrincipalOrgID", ["${aws:PrincipalOrgID}"]),
        ("StringLike", "aws:PrincipalAccount", ["22222222222?"]),
        ("ArnLike", "aws:PrincipalArn", [f"arn:aws:iam::{OWN}"]),
        ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/airflow"]),
        # A path of a role may hold colons: a star of StringLike runs across them.
        ("StringLike", "aws:PrincipalArn", [f"arn:*:iam::{OWN}:*"]),
        ("ArnLike", "aws:SourceArn", ["arn:aws:s3:::*"]),
        ("ArnLike", "aws:PrincipalArn", ["*"]),
        ("StringLike", "aws:userid", ["*:someone"]),
        ("StringLike", "aws:SourceVpce", ["vpce-*"]),
        ("IpAddress", "aws:SourceIp", ["0.0.0.0/0"]),
        ("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"]),
        ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "::/0"]),
        ("IpAddress", "aws:SourceIp", ["anywhere"]),
        ("IpAddress", "aws:VpcSourceIp", ["10.0.0.0/16"]),
        ("StringEquals", "aws:RequestedRegion", ["eu-central-1"]),
        ("StringEquals", "aws:Referer", ["https://example.org"]),
        ("Bool", "aws:SecureTransport", ["true"]),
    ],
)
def test_near_misses_narrow_nothing(operator: str, key: str, values: list[str]) -> None:
    assert not when(operator, key, *values).narrowed
    assert when(operator, key, *values).lets_anybody_in


def test_one_condition_that_narrows_is_enough_for_all_must_be_met() -> None:
    both = {"StringLike": {"aws:PrincipalArn": "*"}, "StringEquals": {"aws:PrincipalAccount": OWN}}
    assert statement(Condition=both).narrowed


@pytest.mark.parametrize(
    "principal", ["*", {"AWS": "*"}, {"AWS": [OWN, "*"]}, {"Federated": "*"}, {"Service": "*"}, {"CanonicalUser": "*"}]
)
def test_a_star_is_anybody(principal: Any) -> None:
    assert statement(Principal=principal).lets_anybody_in
    assert not statement(Principal=principal, Effect="Deny").lets_anybody_in


def test_everybody_but_somebody_is_anybody_and_no_principal_is_nobody() -> None:
    assert statement(Principal=None, NotPrincipal={"AWS": OWN}).lets_anybody_in
    assert not statement(Principal=None).lets_anybody_in
    assert not statement(Principal={"AWS": f"arn:aws:iam::{OTHER}:root"}).lets_anybody_in


@pytest.mark.parametrize(
    ("said", "action", "does"),
    [
        ({"Action": "s3:getobject"}, "s3:GetObject", True),
        ({"Action": ["s3:Put*", "S3:G*t"]}, "s3:GetObject", True),
        ({"Action": "s3:Get*Acl"}, "s3:GetObject", False),
        ({"Action": "s3:*"}, "s3:*", True),
        ({"Action": "*"}, "s3:*", True),
        ({"Action": "s3:?"}, "s3:*", False),
        ({"Action": "s3:*?"}, "s3:*", False),
        ({"Action": "s3:Get*"}, "s3:*", False),
        ({"Action": None, "NotAction": "s3:GetObject"}, "s3:GetObject", False),
        ({"Action": None, "NotAction": "s3:Put*"}, "s3:GetObject", True),
        ({"Action": None, "NotAction": "S3:*"}, "s3:*", False),
    ],
)
def test_actions(said: dict[str, Any], action: str, does: bool) -> None:
    assert statement(**said).does(action) is does


@pytest.mark.parametrize(
    ("said", "resource", "covers"),
    [
        ({"Resource": "arn:aws:s3:::b/*"}, "arn:aws:s3:::b/*", True),
        ({"Resource": "arn:aws:s3:::b*"}, "arn:aws:s3:::b/*", True),
        ({"Resource": "arn:aws:s3:::b/?"}, "arn:aws:s3:::b/*", False),
        ({"Resource": "arn:aws:s3:::b/a*"}, "arn:aws:s3:::b/*", False),
        ({"Resource": "arn:aws:s3:::b/*.csv"}, "arn:aws:s3:::b/*", False),
        ({"Resource": "arn:aws:s3:::*/a.csv"}, "arn:aws:s3:::b/a.csv", True),
        ({"Resource": "arn:aws:s3:::B"}, "arn:aws:s3:::b", False),
        ({"Resource": None, "NotResource": "arn:aws:s3:::b/*"}, "arn:aws:s3:::b/a", False),
        ({"Resource": None, "NotResource": "arn:aws:s3:::c/*"}, "arn:aws:s3:::b/a", True),
        ({"Resource": None}, "arn:aws:s3:::b", False),
    ],
)
def test_resources(said: dict[str, Any], resource: str, covers: bool) -> None:
    assert statement(**said).covers(resource) is covers


ONE = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}


@pytest.mark.parametrize(
    "document",
    [
        *("", "null", "[]", "7", '"Statement"', "{}", "not JSON", '{"Statement": null}', '{"Statement": ["x"]}'),
        "[" * 200_000,
        {"Statement": {}},
        {"Statement": {**ONE, "Effect": "allow"}},
        {"Statement": {**ONE, "Action": []}},
        {"Statement": {**ONE, "Resource": []}},
        [{"Statement": ONE}],
        {"Statement": {"Effect": "Allow", "Principal": "*"}},
        {"Statement": {**ONE, "Action": [7]}},
        {"Statement": {**ONE, "Principal": "someone"}},
        {"Statement": {**ONE, "Principal": {"aws": "*"}}},
        {"Statement": {**ONE, "Principal": {"AWS": [None]}}},
        {"Statement": {**ONE, "Resource": {"a": "b"}}},
        {"Statement": {**ONE, "Condition": "none"}},
        {"Statement": {**ONE, "Condition": {"StringEquals": "none"}}},
        {"Statement": {**ONE, "Condition": {"StringEquals": {"aws:SourceVpc": "a", "aws:sourcevpc": "b"}}}},
        {"Statement": {**ONE, "Condition": {"StringEquals": {"a": "b"}, "stringequals": {"c": "d"}}}},
        {"Statement": {"Effect": "Allow", "principal": "*", "Action": "s3:*", "Resource": "*"}},
        {"Statement": {**ONE, "Conditions": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}},
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}], "Statement": []}',
        '{"Statement": {"Effect": "Allow", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}',
    ],
    ids=lambda document: json.dumps(document)[:60],
)
def test_what_cannot_be_read_ends_the_question(document: Any) -> None:
    with pytest.raises(Unseen, match=r"^the policy was not observed: it is no policy document"):
        statements(document, "the policy")


def test_one_statement_may_stand_alone_and_values_without_quotes() -> None:
    (read,) = statements(json.dumps({"Statement": {**ONE, "Condition": {"Bool": {"aws:SecureTransport": False}}}}), "")
    assert read.conditions == {"bool": {"aws:securetransport": ("false",)}}
    assert read.name == "(without Sid)"


def oracle(pattern: str, text: str) -> bool:
    """The textbook's way: a table of which beginning of the pattern matches which beginning of the text."""
    row = [True] + [False] * len(text)
    for one in pattern:
        stars = [row[0] and one == "*"]
        for at, char in enumerate(text):
            stars.append((stars[at] or row[at + 1]) if one == "*" else row[at] and one in ("?", char))
        row = stars
    return row[-1]


@given(pattern=st.text("ab*?.[\n\\", max_size=12), text=st.text("ab*?.[\n\\", max_size=12))
@example(pattern="*a*ab", text="aab")
@example(pattern="a*a", text="a")
@example(pattern="*?a*", text="ba")
def test_wildcards_match_as_the_textbook_says(pattern: str, text: str) -> None:
    assert wildcard(pattern, text) is oracle(pattern, text)


@given(pattern=st.text("ab*?", max_size=6), stem=st.text("ab", max_size=4), run=st.text("abc", max_size=8))
def test_what_includes_a_pattern_matches_all_that_it_stands_for(pattern: str, stem: str, run: str) -> None:
    if statement(Resource=pattern).covers(stem + "*"):
        assert wildcard(pattern, stem + run)


@pytest.mark.parametrize("pattern", ["*a" * 1_000 + "b", "*" * 1_000 + "b", "*?a" * 1_000 + "b", "a*" * 1_000 + "b"])
def test_a_thousand_stars_cost_no_more_than_their_length(pattern: str) -> None:
    assert not wildcard(pattern, "a" * 20_000)
    assert keeps_pace(lambda: wildcard(pattern, "a" * 20_000), 400)


def who(*said: Statement, own: tuple[str, ...] = (OWN,)) -> tuple[str, ...]:
    return foreign(said, own)


@pytest.mark.parametrize(
    ("principal", "names"),
    [
        ({"AWS": OWN}, ()),
        ({"AWS": f"arn:aws:iam::{OWN}:role/airflow"}, ()),
        ({"AWS": f"arn:aws-cn:iam::{OWN}:root"}, ()),
        ({"AWS": [f"arn:aws:iam::{OTHER}:root", OTHER, OWN]}, (OTHER,)),
        ({"AWS": "AIDAEXAMPLE"}, ("AIDAEXAMPLE",)),
        ({"AWS": "arn:aws:iam::cloudfront:user/Identity E1"}, ("arn:aws:iam::cloudfront:user/Identity E1",)),
        ({"CanonicalUser": "79a5"}, ("79a5",)),
        ({"Federated": f"arn:aws:iam::{OTHER}:saml-provider/x"}, (OTHER,)),
        ({"Federated": "accounts.google.com"}, ("accounts.google.com",)),
        ({"Service": "cloudtrail.amazonaws.com"}, ()),
        ("*", ()),
    ],
)
def test_principals_that_are_not_ones_own(principal: Any, names: tuple[str, ...]) -> None:
    assert who(statement(Principal=principal)) == names
    assert who(statement(Principal=principal, Effect="Deny")) == ()


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ({"StringEquals": {"aws:PrincipalAccount": OWN}}, ()),
        ({"StringEquals": {"aws:PrincipalAccount": [OWN, OTHER]}}, (OTHER,)),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/*"}}, (OTHER,)),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}, ("o-abc",)),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-abc", "aws:PrincipalAccount": OWN}}, ()),
        ({"StringEquals": {"kms:CallerAccount": OTHER}}, (OTHER,)),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, ("vpce-1",)),
        ({"StringEquals": {"s3:DataAccessPointAccount": OTHER}}, (OTHER,)),
        # Whoever comes from one's own network may still be somebody else.
        ({"StringEquals": {"aws:PrincipalAccount": OTHER, "aws:SourceVpce": "vpce-own"}}, (OTHER,)),
        ({"StringEqualsIfExists": {"aws:PrincipalAccount": OTHER}}, ()),
    ],
)
def test_a_star_lets_in_whom_its_conditions_name(conditions: Any, names: tuple[str, ...]) -> None:
    but = {"Principal": None, "NotPrincipal": {"AWS": "333333333333"}}
    for said in ({"Principal": "*"}, {"Principal": {"AWS": [OWN, "*"]}}, but):
        assert who(statement(Condition=conditions, **said), own=(OWN, "vpce-own")) == names


def test_a_service_acts_for_those_whom_its_conditions_name() -> None:
    service = {"Service": "cloudtrail.amazonaws.com"}
    for_others = {"StringEquals": {"aws:SourceAccount": OTHER}}
    assert who(statement(Principal=service, Condition=for_others)) == (OTHER,)
    assert who(statement(Principal=service, Condition=for_others), own=(OWN, OTHER)) == ()


def test_a_principal_that_is_named_is_let_in_whatever_conditions_say() -> None:
    narrowed = {"StringEquals": {"aws:PrincipalAccount": OWN}}
    assert who(statement(Principal={"AWS": OTHER}, Condition=narrowed)) == (OTHER,)
    assert who(statement(Principal={"AWS": OWN}, Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})) == ()
