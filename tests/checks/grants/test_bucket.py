"""Who can read a bucket, of answers as they were recorded; of one that fails, nobody who can read is left out."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from airflow_mlsecops.checks.grants import bucket
from airflow_mlsecops.core.aws import Absent, Answered, AwsFacts, Call
from airflow_mlsecops.core.grant import Allowed, Grant, Kind
from airflow_mlsecops.core.unseen import NotObserved
from tests.checks.grants.answers import EVERYBODY, HERE, OWN, REGION, ROWS, URI, WHOLE, Row, everybody, facts, read

NOBODY = Allowed()
ROOT = f"{HERE}root"
DOCUMENTS = ("Policy", "PolicyDocument", "AssumeRolePolicyDocument", "Document", "Content")
# Answers that AWS gives instead of a policy: that there is none, by which whoever it let in is no reader.
LOCATION = "s3.get_bucket_location Bucket=ml-prod"  # asked where the owner is not whom one expects
NO_POLICY = ("s3.get_bucket_policy", "s3control.get_access_point_policy")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_everybody_is_told_with_the_way_since_when_and_what_ends_it(row: Row) -> None:
    found = bucket.readers(facts(row), row.get("uri", URI), NOBODY)
    given = [one for one in found.grants if one.principal != ROOT]
    assert (ROOT in {one.principal for one in found.grants}) is row.get("root", True)
    assert [one.principal.removeprefix(HERE) for one in given] == [expected[0] for expected in row["grants"]], given
    for one, (_, sure, step, since, undo) in zip(given, row["grants"], strict=True):
        assert (one.sure, one.since, one.undo) == (sure, since, undo)
        assert step in " | ".join(one.how)
    hidden = row.get("hidden", [])
    assert len(found.hidden) >= len(hidden)
    assert all(any(part in sentence for sentence in found.hidden) for part in hidden), found.hidden
    assert not found.hidden or hidden


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_all_that_is_asked_is_among_what_is_declared(row: Row) -> None:
    declared = {(one.service, one.name, one.action) for one in bucket.READS}
    for call in asked(read(row)).values():
        assert (call.service, call.operation, call.action) in declared


def asked(answers: Mapping[str, Any]) -> dict[str, Call]:
    """Every call that is made, one after the other; each must have an answer."""
    made: dict[str, Call] = {}
    while calls := bucket.wanted(AwsFacts(region=REGION, answers={key: answers[key] for key in made}), URI):
        assert not {call.key for call in calls} & made.keys()
        assert [call.key for call in calls] == sorted(call.key for call in calls)
        made |= {call.key: call for call in calls}
    return made


KEYS = tuple(asked(read(WHOLE)))


def failures(key: str) -> dict[str, Answered | Absent | NotObserved | None]:
    """All that can come in the place of an answer."""
    call = asked(read(WHOLE))[key]
    return {
        "missing": None,
        "denied": NotObserved(why=f"permission {call.action} is missing (AccessDenied)"),
        "unparsable": Answered(answer={"Unexpected": True}),
        "absent": Absent(absent=(*call.absent, "NoSuchBucket")[0]),
        "not there": Absent(absent="NoSuchBucket"),
        "in part": Answered(answer={**_whole(key), "IsTruncated": True}),
        "continued": Answered(answer={**_whole(key), "NextToken": "more"}),
    }


def _whole(key: str) -> Row:
    answer = read(WHOLE)[key]
    return answer.answer if isinstance(answer, Answered) else {}


@pytest.mark.parametrize("how", ["missing", "denied", "unparsable", "absent", "not there", "in part", "continued"])
@pytest.mark.parametrize("key", KEYS)
def test_an_answer_that_fails_leaves_nobody_out_and_makes_nobody_surer(key: str, how: str) -> None:
    before = bucket.readers(facts(WHOLE), URI, NOBODY)
    answers = {name: one for name, one in read(WHOLE).items() if name != key}
    failed = failures(key)[how]
    answers |= {} if failed is None else {key: failed, LOCATION: failed}
    after = bucket.readers(AwsFacts(region=REGION, answers=answers), URI, NOBODY)
    if how == "absent" and key.split()[0] in NO_POLICY:
        return
    assert not left_out(before.grants, after.grants)
    call = asked(read(WHOLE))[key]
    if how == "absent" and call.absent:
        return  # an answer, after which there is less that holds anybody off
    assert surely(after.grants) <= surely(before.grants)
    assert len(after.hidden) > len(before.hidden)
    assert how != "denied" or any(call.action in sentence for sentence in after.hidden)


@pytest.mark.parametrize("how", ["missing", "denied", "unparsable"])
def test_where_nothing_is_seen_nobody_surely_reads_and_much_is_hidden(how: str) -> None:
    answers = {key: failed for key in KEYS if (failed := failures(key)[how]) is not None}
    found = bucket.readers(AwsFacts(region=REGION, answers=answers), URI, NOBODY)
    assert found.grants
    assert not surely(found.grants)
    assert found.hidden


def test_a_document_that_cannot_be_read_leaves_nobody_out_and_is_told() -> None:
    before = bucket.readers(facts(WHOLE), URI, NOBODY)
    torn = list(_torn(read(WHOLE)))
    assert len(torn) == 17
    for place, answers in torn:
        after = bucket.readers(AwsFacts(region=REGION, answers=answers), URI, NOBODY)
        assert not left_out(before.grants, after.grants), place
        assert surely(after.grants) <= surely(before.grants), place
        (told,) = set(after.hidden) - set(before.hidden)
        assert "it is no policy document that can be read" in told


def _torn(answers: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The answers, each time with one document torn."""
    for key, one in answers.items():
        if isinstance(one, Answered):
            for number in range(json.dumps(one.answer).count('"Statement')):
                yield f"{key} {number}", {**answers, key: Answered(answer=_tear(one.answer, [number]))}


def _tear(value: Any, left: list[int]) -> Any:
    if isinstance(value, list):
        return [_tear(one, left) for one in value]
    if not isinstance(value, dict):
        return value
    torn = {}
    for name, one in value.items():
        document = name in DOCUMENTS and "Statement" in (one if isinstance(one, str) else one.keys())
        if document:
            left[0] -= 1
        torn[name] = "{" if document and left[0] == -1 else one if document else _tear(one, left)
    return torn


def left_out(before: tuple[Grant, ...], after: tuple[Grant, ...]) -> set[str]:
    """Whoever is no longer told, not even as one of those whom nobody can see."""
    told = {one.principal for one in after}
    perhaps = {one.principal for one in after if not one.sure}
    if perhaps & {"*", "the bucket's owner", OWN}:
        return set()
    return {one.principal for one in before} - told


def surely(grants: tuple[Grant, ...]) -> set[str]:
    return {one.principal for one in grants if one.sure}


def test_near_miss_a_list_that_is_left_out_is_no_empty_one() -> None:
    for name in ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"):
        less = {key: value for key, value in everybody(WHOLE).items() if key != name}
        found = bucket.readers(facts(WHOLE, **{EVERYBODY: Answered(answer=less)}), URI, NOBODY)
        assert OWN in {one.principal for one in found.grants}
        assert any("in a shape that is not expected" in sentence for sentence in found.hidden)


def test_whom_the_policy_calls_a_person_is_one() -> None:
    people = Allowed(people=("report", f"{HERE}role/po*"))
    kinds = {one.principal.removeprefix(HERE): one.kind for one in bucket.readers(facts(WHOLE), URI, people).grants}
    assert [kinds[f"role/{name}"] for name in ("report", "point", "train")] == [
        Kind.PERSON,
        Kind.PERSON,
        Kind.APPLICATION,
    ]


def test_a_dataset_may_be_the_whole_bucket() -> None:
    row = next(row for row in ROWS if row["name"].startswith("near miss: of a dataset whose name only begins so"))
    principals = {one.principal for one in bucket.readers(facts(row), "s3://ml-prod", NOBODY).grants}
    assert principals == {ROOT, f"{HERE}user/alice"}


def test_a_key_is_asked_of_in_the_region_of_its_bucket() -> None:
    answers = {
        **read(WHOLE),
        f"s3.get_bucket_location Bucket=ml-prod ExpectedBucketOwner={OWN}": _location("eu-west-3"),
    }
    encryption = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms:dsse", "KMSMasterKeyID": "k1"}}
    rules = {"ServerSideEncryptionConfiguration": {"Rules": [encryption]}}
    answers["s3.get_bucket_encryption Bucket=ml-prod"] = Answered(answer=rules)
    wanted = bucket.wanted(AwsFacts(region=REGION, answers=answers), URI)
    assert "kms.describe_key KeyId=k1 @eu-west-3" in {call.key for call in wanted}


def _location(region: str) -> Answered:
    return Answered(answer={"LocationConstraint": region})


# --- commands ---------------------------------------------------------------------------------------------------------


def allowed(*names: str) -> Allowed:
    return Allowed(readers=tuple(name if ":" in name else f"{HERE}{name}" for name in ("root", *names)))


def commands(row: Row, *names: str) -> list[list[str]]:
    return [shlex.split(line) for line in bucket.readers(facts(row), URI, allowed(*names)).commands]


def statement(*who: str, **more: Any) -> Row:
    whom: Any = "*" if who == ("*",) else {"AWS": list(who) if len(who) > 1 else who[0]}
    read = {"Effect": "Allow", "Principal": whom, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ml-prod/*"}
    return {**read, **more}


def policy_of(*statements: Row) -> Row:
    off = {"absent": "NoSuchPublicAccessBlockConfiguration"}
    return {
        "s3.get_bucket_policy Bucket=ml-prod": {"Policy": json.dumps({"Statement": list(statements)})},
        "s3.get_public_access_block Bucket=ml-prod": off,
        f"s3control.get_public_access_block AccountId={OWN}": off,
    }


A, B, C = (f"{HERE}role/{name}" for name in "abc")
ROLES = {"a": {}, "b": {}, "c": {}}
PUT = ["aws", "s3api", "put-bucket-policy", "--bucket", "ml-prod", "--policy"]


def test_nobody_is_ended_where_everybody_is_allowed() -> None:
    assert commands(WHOLE, "user/*", "role/*") == []


def test_strangers_of_several_statements_are_ended_by_one_command() -> None:
    row = {"roles": ROLES, "answers": policy_of(statement(A, Sid="A"), statement(B, Sid="B"), statement(C, Sid="C"))}
    ((*put, text),) = commands(row, "role/b")
    assert put == PUT
    assert json.loads(text) == {"Statement": [statement(B, Sid="B")]}


def test_of_a_statement_that_lets_in_more_than_it_names_the_allowed_are_named() -> None:
    row = {"roles": ROLES, "answers": policy_of(statement("*", Sid="All"))}
    ((*put, text),) = commands(row, "role/a", "role/b")
    assert put == PUT
    assert json.loads(text) == {"Statement": [statement(A, B, Sid="All")]}


def test_what_is_not_let_in_by_a_statement_is_not_named_by_it_either() -> None:
    away = statement("*", Sid="Away", Effect="Deny", Principal={"AWS": B})
    row = {"roles": ROLES, "answers": policy_of(statement("*", Sid="All"), away)}
    ((*_, text),) = commands(row, "role/a", "role/b")
    assert json.loads(text) == {"Statement": [statement(A, Sid="All"), away]}


def test_whoever_is_told_by_all_but_some_is_told_by_name() -> None:
    others = {**statement("*", Sid="Others"), "NotPrincipal": {"AWS": [C]}}
    del others["Principal"]
    ((*_, text),) = commands({"roles": ROLES, "answers": policy_of(others)}, "role/a")
    assert json.loads(text) == {"Statement": [statement(A, Sid="Others")]}


def test_a_chain_is_cut_where_the_stranger_takes_the_first_role_and_others_still_take_it() -> None:
    ours = {"Effect": "Allow", "Principal": {"AWS": f"{HERE}root"}, "Action": "sts:AssumeRole"}
    takes = {"inline": {"Take": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}}
    row = {
        "roles": {"a": {"trust": [ours]}, "b": takes, "c": takes},
        "users": {"dora": takes},
        "answers": policy_of(statement(A)),
    }
    ((*put, text),) = commands(row, "role/a", "role/b")
    assert put == ["aws", "iam", "update-assume-role-policy", "--role-name", "a", "--policy-document"]
    assert json.loads(text) == {"Statement": [{**ours, "Principal": {"AWS": B}}]}


def test_a_role_that_nobody_may_take_any_more_says_so() -> None:
    takes = {"Effect": "Allow", "Principal": {"AWS": B}, "Action": "sts:AssumeRole"}
    row = {"roles": {"a": {"trust": [takes]}, "b": {}}, "answers": policy_of(statement(A))}
    ((*_, text),) = commands(row, "role/a")
    (left,) = json.loads(text)["Statement"]
    assert (left["Effect"], left["Principal"]) == ("Deny", "*")


def test_a_chain_behind_the_shortest_is_cut_as_well() -> None:
    def by(*who: str) -> Row:
        return {"trust": [{"Effect": "Allow", "Principal": {"AWS": list(who)}, "Action": "sts:AssumeRole"}]}

    row = {"roles": {"a": by(B, C), "b": by(C), "c": {}}, "answers": policy_of(statement(A))}
    cut = {line[4]: json.loads(line[6])["Statement"][0]["Principal"] for line in commands(row, "role/a", "role/b")}
    assert cut == {"a": {"AWS": B}, "b": "*"}


def test_the_same_user_loses_each_way() -> None:
    read = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    row = {
        "users": {"eve": {"inline": {"One": read, "Two": read}, "groups": ["g"], "managed": ["m"]}},
        "groups": {"g": {"inline": {"Read": read}}},
        "managed": {"m": [["2026-01-01", True, read]]},
        "answers": policy_of(statement(f"{HERE}user/eve")),
    }
    verbs = [line[2] for line in commands(row)]
    assert verbs == [
        *("delete-user-policy", "delete-user-policy", "detach-user-policy", "remove-user-from-group"),
        "delete-bucket-policy",
    ]


def test_whoever_only_a_key_holds_off_is_ended_too() -> None:
    lines = commands(WHOLE, "role/*", "user/bob", "user/carol", "user/dora")
    assert [line[2:] for line in lines] == [["delete-user-policy", "--user-name", "alice", "--policy-name", "Read"]]


def test_an_access_grant_is_taken_back_unless_it_is_an_allowed_ones() -> None:
    row = next(row for row in ROWS if row["name"] == "an access grant of the dataset")
    assert [line[2] for line in commands(row)] == ["delete-access-grant"]
    assert commands(row, "role/lent") == []


def test_what_nobody_could_read_has_no_command_and_no_end() -> None:
    torn = {"s3.get_bucket_policy Bucket=ml-prod": {"Policy": "{"}}
    assert commands({"roles": ROLES, "answers": torn}) == []


def test_where_anybody_is_let_in_but_somebody_is_not_anybody_is_not_named_again() -> None:
    row = {"users": {"alice": {}}, "answers": policy_of(statement("*"))}
    let = Allowed(readers=("*", f"{HERE}root"))
    assert {one.principal for one in bucket.readers(facts(row), URI, let).grants} >= {"*", f"{HERE}user/alice"}
    assert bucket.readers(facts(row), URI, let).commands == ("aws s3api delete-bucket-policy --bucket ml-prod",)
