"""What somebody could be left out by, or a command do something else: each was tried once, and stays shut."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from airflow_mlsecops.checks.grants import bucket, s3
from airflow_mlsecops.core.aws import Answered, AwsFacts
from airflow_mlsecops.core.grant import Allowed
from tests.checks.grants.answers import EVERYBODY, HERE, OWN, REGION, URI, Row, facts, read

READ = {"Sid": "R", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ml-prod/*"}
POLICY = "s3.get_bucket_policy Bucket=ml-prod"


def held(*said: Any) -> Row:
    return {"users": {"alice": {"inline": {"P": list(said)}}}}


def of_bucket(*said: Any, version: str = "2012-10-17") -> Row:
    return {POLICY: {"Policy": json.dumps({"Version": version, "Statement": list(said)})}}


def who(row: Row, uri: str = URI) -> dict[str, bool]:
    return {one.principal.removeprefix(HERE): one.sure for one in bucket.readers(facts(row), uri, Allowed()).grants}


ODD: dict[str, tuple[dict[str, Any], bool]] = {
    "text for a list, and any case": ({"Action": "S3:getOBJECT"}, True),
    "wildcards in the middle": ({"Action": "s3:G?t*ject", "Resource": "arn:aws:s3:::ml-*d/tr*n/*"}, True),
    "all but an action": ({"Action": None, "NotAction": "iam:*"}, True),
    "all but a part": ({"Resource": None, "NotResource": "arn:aws:s3:::ml-prod/train/secret/*"}, False),
    "a tag of whoever asks": ({"Resource": "arn:aws:s3:::ml-prod/${aws:PrincipalTag/team}/*"}, False),
    "a star that stands for itself": ({"Resource": "arn:aws:s3:::ml-prod/train/${*}"}, False),
    "an organisation": ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, False),
    "an endpoint": ({"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}, False),
    "a long document": ({"Resource": [f"arn:aws:s3:::other-{n}/*" for n in range(600)] + ["arn:aws:s3:::ml-prod/*"]}, True),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "sure"), ODD.values(), ids=ODD)
def test_odd_shapes_leave_nobody_out(changes: dict[str, Any], sure: bool) -> None:
    said = {name: value for name, value in {**READ, **changes}.items() if value is not None}
    row = held(said)
    # Documents of this table are of the newest version.
    assert who(row).get("user/alice") is sure


@pytest.mark.parametrize(("version", "expected"), [("2008-10-17", {"user/alice": False}), ("2012-10-17", {})])
def test_an_old_version_takes_variables_for_text(version: str, expected: dict[str, bool]) -> None:
    alice = {"AWS": f"{HERE}user/alice"}
    herself = {"StringEquals": {"aws:PrincipalArn": f"{HERE}user/${{aws:username}}"}}
    away = {**READ, "Effect": "Deny", "Principal": "*", "Condition": herself}
    row = {"users": {"alice": {}}, "answers": of_bucket({**READ, "Principal": alice}, away, version=version)}
    found = who(row)
    assert {name: sure for name, sure in found.items() if name == "user/alice"} == expected


@pytest.mark.parametrize(
    "name", ["tr-x-s3alias", "tr--ol-s3", "tr.mrap", "ml--euc1-az1--x-s3", "tr--xa-s3", "ml--table-s3"]
)
def test_what_is_no_bucket_of_that_name_is_read_by_anybody_perhaps(name: str) -> None:
    answers = {key.replace("ml-prod", name): one for key, one in read(held(READ)).items()}
    found = bucket.readers(AwsFacts(region=REGION, answers=answers), f"s3://{name}/train", Allowed())
    assert [one.sure for one in found.grants if one.principal == "*"] == [False]
    assert any(name in sentence for sentence in found.hidden)


@pytest.mark.parametrize("name", ["ml-s3alias-prod", "x-s3", "ml-table-s3"])
def test_near_miss_a_bucket_may_be_called_so(name: str) -> None:
    answers = {key.replace("ml-prod", name): one for key, one in read(held(READ)).items()}
    found = bucket.readers(AwsFacts(region=REGION, answers=answers), f"s3://{name}/train", Allowed())
    assert {one.principal for one in found.grants} == {f"{HERE}root"}
    assert found.hidden == ()


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov", "aws-iso-b", "aws-eusc"])
def test_another_partition_names_its_access_points_otherwise(partition: str) -> None:
    point = f"arn:aws:s3:{REGION}:{OWN}:accesspoint/tr/object/*"
    by_points = {**READ, "Principal": "*", "Condition": {"StringEquals": {"s3:DataAccessPointAccount": OWN}}}
    here = f"AccountId={OWN} Name=tr @{REGION}"
    answers = {
        **of_bucket(by_points),
        f"s3control.list_access_points AccountId={OWN} Bucket=ml-prod @{REGION}": {"AccessPointList": [{"Name": "tr"}]},
        f"s3control.get_access_point {here}": {"NetworkOrigin": "Internet", "PublicAccessBlockConfiguration": {}},
        f"s3control.get_access_point_policy {here}": {
            "Policy": json.dumps(
                {"Statement": [{**READ, "Principal": {"AWS": f"{HERE}role/point"}, "Resource": point}]}
            )
        },
    }
    there = read({"roles": {"point": {}}, "answers": answers})
    moved = {key: _moved(one, partition) for key, one in there.items()}
    found = bucket.readers(AwsFacts(region=REGION, answers=moved), URI, Allowed())
    assert f"arn:{partition}:iam::{OWN}:role/point" in {one.principal for one in found.grants if one.sure}


def _moved(answer: Any, partition: str) -> Any:
    if not isinstance(answer, Answered):
        return answer
    return Answered(answer=json.loads(json.dumps(answer.answer).replace("arn:aws:", f"arn:{partition}:")))


def test_elsewhere_s3_asks_for_keys_by_a_name_that_is_not_known_here() -> None:
    key = f"arn:aws-cn:kms:cn-north-1:{OWN}:key/k1"
    via = {"StringEquals": {"kms:ViaService": "s3.cn-north-1.amazonaws.com.cn"}}
    uses = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": via}
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    only = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::ml-prod/*"}
    other = {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": key}}
    answers = {
        **of_bucket({**only, "Condition": other}),
        f"s3.get_bucket_location Bucket=ml-prod ExpectedBucketOwner={OWN}": {"LocationConstraint": "cn-north-1"},
        "s3.get_bucket_encryption Bucket=ml-prod": {"ServerSideEncryptionConfiguration": {"Rules": [default]}},
        f"kms.describe_key KeyId={key} @cn-north-1": {
            "KeyMetadata": {"Arn": key, "Enabled": True, "KeyManager": "CUSTOMER"}
        },
        f"kms.get_key_policy KeyId={key} PolicyName=default @cn-north-1": {"Policy": json.dumps({"Statement": [uses]})},
        f"kms.list_grants KeyId={key} @cn-north-1": {"Grants": []},
    }
    moved = {name: _moved(one, "aws-cn") for name, one in read({**held(READ), "answers": answers}).items()}
    found = bucket.readers(AwsFacts(region=REGION, answers=moved), URI, Allowed())
    assert f"arn:aws-cn:iam::{OWN}:user/alice" in {one.principal for one in found.grants}


def test_names_are_no_options_and_run_nothing() -> None:
    row = {"users": {"alice": {"inline": {"-x": READ, "'; id; '": READ, "--user-name": READ}}}}
    lines = [shlex.split(one.undo) for one in bucket.readers(facts(row), URI, Allowed()).grants if one.undo]
    assert [line[:5] for line in lines] == [["aws", "iam", "delete-user-policy", "--user-name", "alice"]] * 3
    assert sorted(" ".join(line[5:]) for line in lines) == [
        "--policy-name '; id; '",
        "--policy-name=--user-name",
        "--policy-name=-x",
    ]


def test_roles_that_take_each_other_come_to_an_end() -> None:
    def by(name: str) -> Row:
        return {"trust": [{"Effect": "Allow", "Principal": {"AWS": f"{HERE}role/{name}"}, "Action": "sts:AssumeRole"}]}

    row = {"roles": {"a": {**by("c"), "inline": {"P": READ}}, "b": by("a"), "c": by("b"), "d": by("d")}}
    assert who(row) == {"root": True, "role/a": True, "role/c": True, "role/b": True}


def test_a_role_with_a_path_is_called_by_its_name_alone() -> None:
    answer = json.loads(json.dumps(read({"roles": {"r": {"inline": {"P": READ}}}})[EVERYBODY].model_dump()["answer"]))
    answer["RoleDetailList"][0]["Arn"] = f"{HERE}role/team/ml/r"
    (undo,) = (
        one.undo
        for one in bucket.readers(facts({}, **{EVERYBODY: Answered(answer=answer)}), URI, Allowed()).grants
        if one.undo
    )
    assert shlex.split(undo)[3:] == ["--role-name", "r", "--policy-name", "P"]


def test_of_a_hundred_strangers_each_is_told() -> None:
    row = {"users": {f"u{n}": {"inline": {"P": READ}} for n in range(150)}}
    assert len(who(row)) == 151


@pytest.mark.parametrize("prefix", ["a?b", "a#b", "a b", "a*b", "ä%20", "a[1]", "a+b", "a'b"])
def test_prefixes_of_any_letters(prefix: str) -> None:
    assert who(held(READ), f"s3://ml-prod/{prefix}") == {"root": True, "user/alice": True}


@pytest.mark.parametrize(("by_aws", "expected"), [(True, True), (False, None)])
def test_no_organisation_keeps_anybody_from_a_key_of_aws(by_aws: bool, expected: bool | None) -> None:
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    never = {**everything, "Effect": "Deny", "Action": "kms:*"}
    key = s3.Key(
        arn=f"arn:aws:kms:{REGION}:{OWN}:key/k1",
        policy=s3.policy("key", {"Statement": [anybody]}),
        grants=(),
        by_aws=by_aws,
    )
    alice = s3.User(arn=f"{HERE}user/alice", policies=(s3.policy("P", {"Statement": READ}),))
    account = s3.Account(
        id=OWN,
        identities=s3.Identities(users=(alice,)),
        scps=(),
        rcps=((s3.policy("rcp", {"Statement": [everything, never]}),),),
        block=s3.Block(),
    )
    place = s3.Bucket(name="ml-prod", account=OWN, prefix="train/", access_points=(), key=key, acls=False)
    found = {one.principal: one.sure for one in s3.readers(s3.Estate(bucket=place, accounts=(account,)))}
    assert found.get(f"{HERE}user/alice") is expected


@pytest.mark.parametrize(
    ("operator", "keys"),
    [
        ("StringAlmostEquals", {"s3:DataAccessPointArn": "x"}),
        ("NotStringEquals", {"aws:PrincipalArn": f"{HERE}user/alice"}),
        ("ForSomeValues:StringEquals", {"aws:PrincipalArn": f"{HERE}user/bob"}),
        ("NullIfExists", {"aws:PrincipalArn": "true"}),
        ("StringEquals", {"aws:PrincipalArn": []}),
    ],
)
def test_an_operator_to_come_and_a_list_of_nothing_decide_nothing(operator: str, keys: dict[str, Any]) -> None:
    under = {**READ, "Condition": {operator: keys}}
    assert who(held(under)).get("user/alice") is False
    assert who(held(READ, {**under, "Effect": "Deny"})).get("user/alice") is False


@pytest.mark.parametrize("listed", ["UserDetailList", "RoleDetailList", "GroupDetailList", "Policies"])
def test_whoever_is_listed_twice_hides_nobody(listed: str) -> None:
    row = {
        "users": {"alice": {"inline": {"P": READ}, "groups": ["g"]}},
        "roles": {"r": {"inline": {"P": READ}}},
        "groups": {"g": {"inline": {"P": READ}}},
        "managed": {"m": [["2026-01-01", True, READ]]},
    }
    answer = json.loads(json.dumps(read(row)[EVERYBODY].model_dump()["answer"]))
    again = {name: [] if isinstance(one, list) else one for name, one in answer[listed][0].items()}
    found = bucket.readers(
        facts(row, **{EVERYBODY: Answered(answer={**answer, listed: [*answer[listed], again]})}), URI, Allowed()
    )
    assert (OWN, False) in {(one.principal, one.sure) for one in found.grants}
    assert any("twice" in sentence for sentence in found.hidden)


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "allow"},
        {"effect": "Allow", "Effect": None},
        {"Resource": []},
        {"Action": []},
        {"Principal": {"aws": "*"}},
        {"Surprise": "x"},
    ],
)
def test_what_cannot_be_read_as_it_stands_may_let_in_anybody(change: dict[str, Any]) -> None:
    said = {name: one for name, one in {**READ, "Principal": "*", **change}.items() if one is not None}
    found = bucket.readers(facts({"answers": of_bucket(said)}), URI, Allowed())
    assert ("*", False) in {(one.principal, one.sure) for one in found.grants}
    assert any("no policy document that can be read" in sentence for sentence in found.hidden)


@pytest.mark.parametrize("document", [[READ], "[]", '"Allow"', "null", "{}"])
def test_a_policy_that_is_a_list_may_let_in_anybody(document: Any) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    found = bucket.readers(facts({"answers": {POLICY: {"Policy": text}}}), URI, Allowed())
    assert ("*", False) in {(one.principal, one.sure) for one in found.grants}


def test_answers_about_another_bucket_account_or_region_tell_nothing() -> None:
    ours = read(held(READ))
    for was, becomes in (("ml-prod", "ml-dev"), (OWN, "333333333333"), (REGION, "eu-west-1")):
        moved = {key.replace(was, becomes): one for key, one in ours.items()}
        found = bucket.readers(AwsFacts(region=REGION, answers=moved), URI, Allowed())
        assert any("AWS was not asked" in sentence for sentence in found.hidden), was
        assert f"{HERE}user/alice" in {one.principal for one in found.grants}, was


def test_the_canonical_name_of_whose_the_bucket_is_stands_for_somebody_where_it_is_not_ours() -> None:
    location = "s3.get_bucket_location Bucket=ml-prod"
    answers = {
        **of_bucket({**READ, "Principal": {"CanonicalUser": "abcd"}}),
        f"{location} ExpectedBucketOwner={OWN}": {"denied": "s3:GetBucketLocation"},
        location: {"LocationConstraint": REGION},
    }
    assert who({"answers": answers})["abcd"] is False
