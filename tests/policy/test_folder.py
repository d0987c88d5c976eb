"""A folder with mistakes is refused with every one of them, each at its line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from upath import UPath

from airflow_mlsecops.core.errors import PolicyError
from airflow_mlsecops.core.policy import matches
from airflow_mlsecops.policy import load
from airflow_mlsecops.policy.consistency import covers
from tests.pace import keeps_pace
from tests.policy.make import SMALL, folder, mistakes

PUBLIC = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
PRIVATE = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n"

# What is replaced in SMALL, by what, and every mistake that must be told: no more, no fewer.
WRONG: list[tuple[str, str, str, list[str]]] = [
    ("unknown stage", "stage: features\n", "stage: featuers\n",
     ["policy.yaml:15: stage 'featuers' is not known: did you mean 'features'?"]),
    ("unknown tier", "tier: strict\n", "tier: strickt\n", ["policy.yaml:16: tier 'strickt' is not known: did you mean 'strict'?"]),
    ("unknown environment", "    purposes: [churn]\n", "    environment: prod\n",
     ["policy.yaml:17: environment 'prod' is not known: expected one of local"]),
    ("unknown entity, known", "ip: [IP_ADDRESS]", "ip: [IP_ADRESS]",
     ["policy.yaml:19: entity 'IP_ADRESS' is not known: did you mean 'IP_ADDRESS'?"]),
    ("unknown entity, waiver", "entity: CREDIT_CARD", "entity: CREDITCARD",
     ["policy.yaml:30: entity 'CREDITCARD' is not known: did you mean 'CREDIT_CARD'?"]),
    ("unknown entity, levels", "stages:\n", "levels: {EMAIL: public}\nstages:\n",
     ["policy.yaml:2: entity 'EMAIL' is not known"]),
    ("unknown role", 'role:secret', 'role:secrets', ["policy.yaml:5: role 'secrets' is not known: did you mean 'secret'?"]),
    ("unknown tag", 'role:secret', 'tag:GDRP', ["policy.yaml:5: tag 'GDRP' is not known: did you mean 'GDPR'?"]),
    ("no selector", 'role:secret', 'level:public', ["policy.yaml:5: 'level:public' is no selector"]),
    ("held and never held", 'never: ["role:secret"]', 'never: [PERSON]\n    may_hold: [PERSON]',
     ["policy.yaml:6: 'PERSON' stands under never as well"]),
    ("unknown check", "[ENV_MISMATCH]", "[ENV_MISSMATCH]",
     ["policy.yaml:23: check 'ENV_MISSMATCH' is not known: did you mean 'ENV_MISMATCH'?"]),
    ("a glob that no check fits", "[ENV_MISMATCH]", '[ENV_*, "Z_*"]', ["policy.yaml:23: check 'Z_*' is not known"]),
    ("unknown check, not observable", "    requires: [ENV_MISMATCH]",
     "    not_observable:\n      - {check: X, reason: y, until: 2026-12-31}", ["policy.yaml:24: check 'X' is not known"]),
    ("a gap in what is sure", "    requires: [ENV_MISMATCH]",
     "    not_observable:\n      - {check: READER_NOT_ALLOWED, reason: y, until: 2026-12-31}",
     ["policy.yaml:24: check 'READER_NOT_ALLOWED' is not known"]),
    ("a reader without a name", "    purposes: [churn]", '    readers: ["user:a", " "]',
     ["policy.yaml:17: is empty, which names nobody"]),
    ("an environment's reader without a name", "    requires: [ENV_MISMATCH]",
     '    readers: [""]\n    people: [""]', ["policy.yaml:23: is empty", "policy.yaml:24: is empty"]),
    ("a truth that is none, beside keys", "    requires: [ENV_MISMATCH]",
     "    requires: [ENV_MISMATCH]\n    aws: {keys: [k], offline: y}", ["policy.yaml:24: 'y': expected true or false"]),
    ("tolerates more than all", "    purposes: [churn]", "    tolerate: {PERSON: 1.5}",
     ["policy.yaml:17: tolerates a share of 1.5 of the rows"]),
    ("tolerates less than nothing", "    purposes: [churn]", "    tolerate: {PERSON: -0.1}",
     ["policy.yaml:17: tolerates a share of -0.1 of the rows"]),
    ("tolerates what is no number", "    purposes: [churn]", "    tolerate: {PERSON: nan}",
     ["policy.yaml:17: 'nan': expected a number"]),
    ("tolerates an unknown entity", "    purposes: [churn]", "    tolerate: {PERSONS: 0.1}",
     ["policy.yaml:17: entity 'PERSONS' is not known: did you mean 'PERSON'?"]),
    ("approved by who asked", "requested_by: alice", "requested_by: Security-Lead ",
     ["policy.yaml:32: waiver 'W-1' is approved by who asked for it"]),
    ("approved by somebody", "approved_by: security-lead", "approved_by: bob",
     ["policy.yaml:32: waiver 'W-1' is approved by somebody who is not among approvers"]),
    ("days without approvers", "approvers: [security-lead]\n", "approval_days: 3\n",
     ["policy.yaml:24: approval_days needs approvers: with nobody named nobody is asked",
      "policy.yaml:32: waiver 'W-1' is approved by somebody who is not among approvers"]),
    ("no day at all", "approvers: [security-lead]", "approvers: [security-lead]\napproval_days: 0",
     ["policy.yaml:25: approval_days: must be at least 1"]),
    ("hours beyond a month", "approvers: [security-lead]", "approvers: [security-lead]\napproval_hours: 745",
     ["policy.yaml:25: approval_hours: must be at most 744"]),
    ("an approver without a name", "approvers: [security-lead]", "approvers: [security-lead, ' ']",
     ["policy.yaml:24: is empty, which names nobody"]),
    ("nobody but authors", "    purposes: [churn]", "    authors: [ann, Security-Lead]",
     ["policy.yaml:17: every approver is an author too"]),
    ("nobody but authors of the dataset", "    purposes: [churn]", "    authors: [ann]\n    approvers: [ann]",
     ["policy.yaml:18: every approver is an author too"]),
    ("no reason", "reason: until the tokens are in place", 'reason: ""', ["policy.yaml:33: waivers.0.reason: must not be empty"]),
    ("share above one", "max_share: 0.01", "max_share: 1.01", ["policy.yaml:35: waivers.0.max_share: must be at most 1"]),
    ("a day that is none", "2026-12-31", "2026-13-31", ["policy.yaml:34: waivers.0.until: expected a date"]),
    ("seconds for a day", "until: 2026-12-31", "until: 86400", ["policy.yaml:34: '86400': expected a date"]),
    ("no day", "    until: 2026-12-31\n", "", ["policy.yaml:26: waivers.0.until: is required"]),
    ("yaml 1.1 truth", "remote: false", "remote: no", ["policy.yaml:22: 'no': expected true or false"]),
    ("truth", "remote: false", "remote: perhaps", ["policy.yaml:22: environments.local.remote: expected true or false"]),
    ("level", "up_to: internal", "up_to: intern", ["policy.yaml:7: stages.features.up_to: expected 'public', 'internal'"]),
    ("unknown field", "    purposes: [churn]", "    purpose: [churn]",
     ["policy.yaml:17: unknown field 'datasets.1.purpose': did you mean 'purposes'?"]),
    ("unknown field at the top", "approvers:", "aprovers:",
     ["policy.yaml:24: unknown field 'aprovers': did you mean 'approvers'?"]),
    ("a field that is filled in", "version: 1\n", "version: 1\ndigest: abc\n", ["policy.yaml:2: unknown field 'digest'"]),
    ("another one", "version: 1\n", "version: 1\nlines: {}\n", ["policy.yaml:2: unknown field 'lines'"]),
    ("another version", "version: 1\n", "version: 2\n", ["policy.yaml:1: version: must be at most 1"]),
    ("a word for a list", "[churn]", "churn", ["policy.yaml:17: datasets.1.purposes: expected a list"]),
    ("nothing for a list", "[churn]", "", ["policy.yaml:17: datasets.1.purposes: expected a list"]),
    ("a list for a word", "stage: features\n", "stage: [features]\n", ["policy.yaml:15: datasets.1.stage: expected text"]),
    ("a number that is none", "max_scan_age_hours: 24", "max_scan_age_hours: a day",
     ["policy.yaml:10: tiers.strict.max_scan_age_hours: expected a whole number"]),
    ("a number too small", "max_scan_age_hours: 24", "max_scan_age_hours: 0",
     ["policy.yaml:10: tiers.strict.max_scan_age_hours: must be at least 1"]),
    ("everything before others", '  - match: "**/raw/**"\n    stage: raw\n', '  - match: "**"\n    stage: raw\n',
     ["policy.yaml:14: never counts: rule 1 ('**') matches all of it first"]),
    ("the same twice", '- match: "**/features/**"', '- match: "**/raw/**"',
     ["policy.yaml:14: never counts: rule 1 ('**/raw/**') matches all of it first"]),
    ("empty glob", '- match: "**/features/**"', '- match: ""', ["policy.yaml:14: is empty, hence matches nothing"]),
    ("glob with a connection", '"**/features/**"', '"s3://aws_default@ml/features/**"',
     ["policy.yaml:14: 's3://aws_default@ml/features/**' matches nothing"]),
    ("glob of a connection", '"**/features/**"', '"sql://crm/public.*"', ["policy.yaml:14: 'sql://crm/public.*' matches nothing"]),
    ("glob of an alias", '"**/features/**"', '"s3a://ml/features/**"', ["policy.yaml:14: 's3a://ml/features/**' matches nothing"]),
    ("glob of a table", '"**/features/**"', '"sqlite:///lake.db/main.HR"', ["policy.yaml:14: 'sqlite:///lake.db/main.HR' matches nothing"]),
    ("glob of a folder", '"**/features/**"', '"**/features/"', ["policy.yaml:14: '**/features/' matches nothing"]),
    ("glob with a line's end", '"**/features/**"', '"**/features/** "', ["policy.yaml:14: '**/features/** ' matches nothing"]),
    ("glob of a relative path", '"**/features/**"', '"lake/features"', ["policy.yaml:14: 'lake/features' matches nothing: begin"]),
    ("glob of alternatives", '"**/features/**"', '"s3://lake/{hr,pay}/**"', ["policy.yaml:14: 's3://lake/{hr,pay}/**': '{' is no"]),
    ("glob of a class", '"**/features/**"', '"s3://lake/[ab]/**"', ["policy.yaml:14: 's3://lake/[ab]/**': '[ab]' is no"]),
    ("glob of any letter", '"**/features/**"', '"s3://lake/day?/**"', ["policy.yaml:14: 's3://lake/day?/**': '?' is no"]),
    ("glob of a path", '"**/features/**"', '"/data/features/**"', ["policy.yaml:14: '/data/features/**' matches nothing"]),
    ("the same waiver twice", "waivers:\n",
     "waivers:\n  - {id: W-1, dataset: '**', code: A, subject: b, requested_by: a, approved_by: security-lead, reason: r, until: 2026-12-31}\n",
     ["policy.yaml:27: waiver id 'W-1' is taken by an earlier one"]),
    ("two at once", "tier: strict\n    purposes: [churn]", "tier: strickt\n    environment: prod",
     ["policy.yaml:16: tier 'strickt'", "policy.yaml:17: environment 'prod'"]),
    ("no stages", SMALL, "stages: {}\nenvironments: {}\n", ["policy.yaml:1: stages is empty", "policy.yaml:2: environments is empty"]),
    ("not even stages", SMALL, "version: 1\n", ["policy.yaml:1: environments: is required", "policy.yaml:1: stages: is required"]),
    ("a list", SMALL, "- a\n", ["policy.yaml:1: the file: expected a mapping"]),
    ("empty", SMALL, "", ["policy.yaml:1: is empty"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_mistakes_in_policy_yaml(old: str, new: str, said: list[str], tmp_path: Path) -> None:
    assert old in SMALL
    told = mistakes(folder(tmp_path, policy__yaml=SMALL.replace(old, new, 1)))
    assert len(told) == len(said), told
    assert [line[: len(start)] for line, start in zip(told, said, strict=True)] == said


# Near misses: each is one sign away from a mistake above.
RIGHT = [
    ("a share of nothing", "    purposes: [churn]", "    tolerate: {PERSON: 0}"),
    ("a share of all", "    purposes: [churn]", "    tolerate: {PERSON: 1.0}"),
    ("a narrower rule first", '- match: "**/raw/**"', '- match: "**/features/raw/**"'),
    ("a wider rule last", '- match: "**/features/**"', '- match: "**"'),
    ("one segment does not cover several", '- match: "**/raw/**"', '- match: "*/features/*"'),
    ("no tiers at all", "tiers:\n  strict:\n    max_scan_age_hours: 24\n", ""),
    ("the scheme of a server", '"**/features/**"', '"postgres://host:5432/db.public.*"'),
    ("an address in a path", '"**/features/**"', '"s3://bucket/a@b/**"'),
    ("numbers as text", "[churn]", "[1.10, no, null]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_no_mistake(old: str, new: str, tmp_path: Path) -> None:
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    if "tiers" in old:
        text = text.replace("    tier: strict\n", "")
    load(folder(tmp_path, policy__yaml=text))


def test_a_thousand_rules_are_read(tmp_path: Path) -> None:
    rules = "".join(f'  - {{match: "s3://b{number}/x/**", stage: raw}}\n' for number in range(1000))
    place = folder(tmp_path, policy__yaml=SMALL.replace("environments:", rules + "environments:"))
    assert len(load(place).policy.datasets) == 1002
    assert keeps_pace(lambda: load(place), 1_000)


def test_text_is_not_taken_for_something_else(tmp_path: Path) -> None:
    said = load(folder(tmp_path, policy__yaml=SMALL.replace("[churn]", "[1.10, no, null]"))).policy
    assert said.datasets[1].purposes == ("1.10", "no", "null")


def test_every_file_is_complained_of_at_once(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        policy__yaml=SMALL.replace("stage: features\n", "stage: x\n"),
        access__cedar="permit(",
        cases__yaml="a: b",
    )
    (place / "polciy.yaml").touch()
    told = mistakes(place)
    assert [line.split(":")[0] for line in told] == ["access.cedar", "cases.yaml", "polciy.yaml", "policy.yaml"]
    assert told[2] == "polciy.yaml: does not belong here: did you mean 'policy.yaml'?"


OUT_OF_PLACE = [
    ("teams", "teams_SLASH_a__yaml", "teams: rules by team are not supported by this version"),
    ("code among detectors", "detectors_SLASH_a__py", "detectors/a.py: detectors/ holds detectors named *.yaml only"),
    ("a stranger", "notes__txt", "notes.txt: does not belong here"),
    ("a script", "hook__py", "hook.py: does not belong here"),
    ("a stranger among keys", "keys_SLASH_a__pem", "keys/a.pem: keys/ holds public keys named *.pub only"),
    ("a private key", "keys_SLASH_a__pub", "keys/a.pub: holds a private key"),
    ("a backup", "policy__yaml~", "policy.yaml~: does not belong here: did you mean 'policy.yaml'?"),
]


@pytest.mark.parametrize(("file", "said"), [row[1:] for row in OUT_OF_PLACE], ids=[row[0] for row in OUT_OF_PLACE])
def test_files_that_do_not_belong(file: str, said: str, tmp_path: Path) -> None:
    told = mistakes(folder(tmp_path, **{file: PRIVATE}))
    assert len(told) == 1
    assert told[0].startswith(said)


@pytest.mark.parametrize("name", ["policy.yaml", "access.cedar", "cases.yaml"])
def test_missing_files(name: str, tmp_path: Path) -> None:
    place = folder(tmp_path)
    (place / name).unlink()
    assert [line.split(" is missing")[0] for line in mistakes(place)] == [f"{name}:"]


def test_files_that_may_be_there(tmp_path: Path) -> None:
    place = folder(tmp_path, README__md="# ours", __gitattributes="x", **{"keys_SLASH_ml-1__pub": PUBLIC})
    (place / ".git").mkdir()
    (place / ".git" / "config").touch()
    assert dict(load(place).keys) == {"ml-1": PUBLIC}


def test_a_key_that_is_none(tmp_path: Path) -> None:
    told = mistakes(folder(tmp_path, **{"keys_SLASH_ml-1__pub": b"ssh-ed25519 AAAA"}))
    assert told == ["keys/ml-1.pub: is not a public key in PEM (-----BEGIN PUBLIC KEY-----)"]


@pytest.mark.parametrize(
    ("name", "limit"), [("policy.yaml", 1 << 20), ("cases.yaml", 1 << 20), ("access.cedar", 256 << 10), ("keys/a.pub", 16 << 10)]
)  # fmt: skip
def test_files_that_are_too_large(name: str, limit: int, tmp_path: Path) -> None:
    place = folder(tmp_path, **{"keys_SLASH_b__pub": PUBLIC})
    with (place / name).open("wb") as stream:
        stream.truncate(1 << 34)
    assert f"{name}: is larger than {limit:,} bytes" in mistakes(place)


def test_links_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(SMALL)
    place = folder(tmp_path / "policy")
    (place / "policy.yaml").unlink()
    (place / "policy.yaml").symlink_to(outside)
    (place / "keys").symlink_to(tmp_path)
    told = mistakes(place)
    assert [line.split(" link")[0] for line in told] == ["keys: is a symbolic", "policy.yaml: is a symbolic"]


def test_a_link_within_is_followed(tmp_path: Path) -> None:
    place = folder(tmp_path / "policy", **{"keys_SLASH_a__pub": PUBLIC})
    (tmp_path / "current").symlink_to(place)
    (place / "README").symlink_to("policy.yaml")
    assert load(tmp_path / "current").policy.stages


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    place = folder(tmp_path)
    os.mkfifo(place / "README")
    assert mistakes(place) == ["README: is not a file"]


@pytest.mark.parametrize("place", ["absent", "policy.yaml"])
def test_folders_that_cannot_be_read(place: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read") as caught:
        load(folder(tmp_path) / place)
    assert caught.value.code == "POLICY_UNREADABLE"


def test_too_many_files(tmp_path: Path) -> None:
    place = folder(tmp_path, **{"keys_SLASH_b__pub": PUBLIC})
    for number in range(1001):
        (place / "keys" / f"{number}.pub").touch()
    with pytest.raises(PolicyError, match="more than 1,000 files"):
        load(place)


def test_digest_covers_every_byte_and_name(tmp_path: Path) -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"policy__yaml": SMALL + "# one comment more\n"},
        {"cases__yaml": "[]"},
        {"README": "x"},
        {"README__md": "x"},
        {"keys_SLASH_a__pub": PUBLIC},
        {"keys_SLASH_b__pub": PUBLIC},
    ]
    digests = [load(folder(tmp_path / str(n), **said)).policy.digest for n, said in enumerate(changes)]
    assert len(set(digests)) == len(digests)
    assert load(folder(tmp_path / "again")).policy.digest == digests[0]


def test_lines_are_kept_for_findings(tmp_path: Path) -> None:
    policy = load(folder(tmp_path)).policy
    assert policy.where("stages.features.up_to") == "policy.yaml:7"
    assert policy.where("stages.features.never") == "policy.yaml:6"
    assert policy.where("environments.local.requires") == "policy.yaml:23"
    assert policy.rule_for("s3://ml/features/churn")[1] == "policy.yaml:14"


@pytest.mark.parametrize("name", ["README.md", "teams/a.yaml", "keys/b.txt", "policy.yml"])
def test_a_folder_in_an_object_store(name: str, tmp_path: Path) -> None:
    local = load(folder(tmp_path, **{"keys_SLASH_a__pub": PUBLIC, "README__md": "x"}))
    store = UPath(f"memory://{tmp_path.name}/policy")
    for file, content in local.files.items():
        (store / file).parent.mkdir(parents=True, exist_ok=True)
        (store / file).write_bytes(content)
    stored = load(store)
    assert (stored.policy, stored.keys, stored.location) == (local.policy, local.keys, str(store))
    if name not in local.files:
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_bytes(b"x")
        with pytest.raises(PolicyError, match=f"{name.split('/')[0]}"):
            load(store)


def test_an_object_store_without_the_folder() -> None:
    with pytest.raises(PolicyError, match="cannot be read") as caught:
        load(UPath("memory://nowhere/policy"))
    assert caught.value.code == "POLICY_UNREADABLE"


COVERS = [
    ("**", "anything", True), ("**", "**", True), ("*", "**", False), ("**/raw/**", "**/raw/**", True),
    ("**/raw/**", "s3://b/raw/x/**", True), ("**/raw/**", "s3://b/raw", True), ("s3://b/raw/**", "**/raw/**", False),
    ("s3://*/x", "s3://**/x", False), ("s3://**/x", "s3://*/x", True), ("*/*", "**", False), ("a*", "ab*", True),
    ("ab*", "a*", False), ("**/raw*", "**/raw/**", False), ("**raw**", "**/raw/**", True), ("s3://b/*", "s3://b/**", False),
    ("s3://b/*/**", "s3://b/**", False), ("s3://b/***", "s3://b/**", False),
]  # fmt: skip


@pytest.mark.parametrize(("earlier", "later", "hit"), COVERS)
def test_covers(earlier: str, later: str, hit: bool) -> None:
    assert covers(earlier, later) is hit


_GLOBS = st.lists(st.sampled_from(["a", "b", "/", "*", "**", "/**"]), min_size=1, max_size=5).map("".join)


@settings(max_examples=500, deadline=None)
@given(_GLOBS, _GLOBS, st.text("ab/", max_size=8))
def test_what_is_covered_is_matched(earlier: str, later: str, identity: str) -> None:
    if covers(earlier, later) and matches(later, identity):
        assert matches(earlier, identity)


PROFILES = [
    ("an account of too few digits", 'aws: {accounts: ["2222"]}', "'2222': expected an account's 12 digits"),
    ("an account by glob", 'aws: {accounts: ["22222222222*"]}', "'22222222222*': expected an account's 12 digits"),
    ("an organisation that is none", "aws: {partners: [o-abc]}",
     "'o-abc': expected an account's 12 digits, or an organisation's id (o-…)"),
    ("a VPC by glob", "aws: {vpcs: [vpc-*]}", "'vpc-*': expected the id of a VPC, in full"),
    ("a VPC among endpoints", "aws: {endpoints: [vpc-0a1b]}", "'vpc-0a1b': expected the id of a VPC endpoint, in full"),
    ("a key by alias", "aws: {keys: [alias/prod]}", "'alias/prod': expected the ARN of a key, not its alias or id"),
    ("a range that is none", "aws: {networks: [10.0.0.0/33]}",
     "'10.0.0.0/33': expected a range of addresses, as 10.9.0.0/16"),
    ("a range with a host in it", "aws: {networks: [10.9.0.1/16]}",
     "'10.9.0.1/16': expected a range of addresses, as 10.9.0.0/16"),
    ("a place without a port", "egress: {outside: [example.com]}", "'example.com': expected host:port"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), [row[1:] for row in PROFILES], ids=[row[0] for row in PROFILES])
def test_a_name_that_cannot_be_one_is_told_at_its_line(line: str, said: str, tmp_path: Path) -> None:
    text = SMALL.replace("    remote: false\n", f"    remote: false\n    {line}\n", 1)
    assert mistakes(folder(tmp_path, policy__yaml=text)) == [f"policy.yaml:23: {said}"]


def test_names_that_can_be_ones_are_taken(tmp_path: Path) -> None:
    fine = (
        'aws: {accounts: ["222222222222"], partners: ["333333333333", o-a1b2c3d4e5], vpcs: [vpc-0a1b2c], '
        "endpoints: [vpce-0a1b2c], keys: ['arn:aws:kms:*:222222222222:key/*'], networks: [10.9.0.0/16, 'fd00:1::/32'], "
        "boundaries: ['arn:aws:iam::222222222222:policy/b']}"
    )
    text = SMALL.replace("    remote: false\n", f"    remote: false\n    {fine}\n", 1)
    read = load(folder(tmp_path, policy__yaml=text)).policy.environments["local"].aws
    assert read is not None
    assert read.networks == ("10.9.0.0/16", "fd00:1::/32")
