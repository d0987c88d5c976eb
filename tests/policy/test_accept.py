"""What is new becomes known by a patch that adds exactly that, whatever way the policy is written."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.finding import Finding, Novelty, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Record, Run
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.policy import accept_patch, default_folder, load
from airflow_mlsecops.policy.accept import _adds_only
from airflow_mlsecops.policy.edit import scalar
from airflow_mlsecops.policy.tree import read_yaml
from tests.policy.make import SMALL, folder

FEATURES = "s3://ml/features/churn"


def record(*pairs: tuple[str, str], dataset: str = FEATURES, code: str = "ENTITY_NEW") -> Record:
    findings = tuple(
        Finding(
            status=Status.FAIL, code=code, subject=column, entity=entity, reason="new", novelty=Novelty.NEW,
            level=Level.CONFIDENTIAL, rows=1, of=10,
        )
        for column, entity in pairs
    )  # fmt: skip
    verdict = Verdict(gate=Gate.CLASSIFY, outcome=Outcome.FAIL, dataset=dataset, uri=dataset, findings=findings)
    run = Run(dag_id="churn", run_id="r", task_id="classify")
    return Record(
        id="0" * 32,
        time=datetime(2026, 11, 23, tzinfo=UTC),
        environment="local",
        producer="tests",
        run=run,
        verdict=verdict,
    )


def applied(place: Path, patch: str) -> dict[str, tuple[str, ...]]:
    """What the rule of FEATURES says is known, after ``git apply``."""
    (place.parent / "the.patch").write_bytes(patch.encode())
    subprocess.run(["git", "apply", str(place.parent / "the.patch")], cwd=place, check=True, capture_output=True)
    return load(place).policy.rule_for(FEATURES)[0].known


RULE = '  - match: "**/features/**"\n    stage: features\n'
# How the rule of FEATURES may be written in the reviewed file, and what it knew before.
STYLES = [
    ("no known", RULE, {}),
    ("a comment behind", RULE + "    # said by growth\n\n  # the next\n  - match: s3://x\n    stage: raw\n", {}),
    ("a comment on the line", RULE.replace("stage: features", "stage: features  # why"), {}),
    ("known, a line each", RULE + "    known:\n      ip: [IP_ADDRESS]\n    owner: growth\n", {"ip": ("IP_ADDRESS",)}),
    ("known in brackets", RULE + "    known: {ip: [IP_ADDRESS]}\n", {"ip": ("IP_ADDRESS",)}),
    ("known and empty", RULE + "    known: {}\n", {}),
    ("the column with a list", RULE + "    known:\n      contact: [PERSON]\n", {"contact": ("PERSON",)}),
    ("the column with an empty list", RULE + "    known:\n      contact: []\n", {"contact": ()}),
    ("the column with dashes", RULE + "    known:\n      contact:\n        - PERSON\n      z: []\n", {"contact": ("PERSON",), "z": ()}),
    ("the column with dashes not indented", RULE + "    known:\n      contact:\n      - PERSON\n", {"contact": ("PERSON",)}),
    ("the rule in brackets", '  - {match: "**/features/**", stage: features}\n', {}),
    ("the rule in brackets with known", '  - {match: "**/features/**", stage: features, known: {contact: [PERSON]}}\n', {"contact": ("PERSON",)}),
    ("a trailing comma", '  - {match: "**/features/**", stage: features,}\n', {}),
    ("brackets over lines", '  - {match: "**/features/**",  # why\n     stage: features  # this\n    }\n', {}),
    ("an empty word last", RULE + "    owner:\n\n  # below\n  - {match: s3://x, stage: raw}\n", {}),
    ("text of several lines last", RULE + "    owner: |\n      growth\n      and more\n\n  # below\n  - {match: s3://x, stage: raw}\n", {}),
    ("quoted keys", '  - "match": "**/features/**"\n    "stage": "features"\n', {}),
    ("deeply indented", '      - match: "**/features/**"\n        stage: features\n', {}),
    ("dashes not indented", '- match: "**/features/**"\n  stage: features\n', {}),
    ("a dash on a line of its own", '  -\n    match: "**/features/**"\n    stage: features\n', {}),
    ("last of several", '  - {match: s3://ml/raw, stage: raw}\n  - match: s3://ml/features/*\n    stage: features\n', {}),
]  # fmt: skip


def policy(rules: str, *, ends: str = "\n", last: str = "\n") -> str:
    text = f"version: 1\nstages: {{raw: {{up_to: restricted}}, features: {{up_to: restricted}}}}\nenvironments: {{local: {{}}}}\ndatasets:\n{rules}"
    return (text.rstrip("\n") + last).replace("\n", ends)


@pytest.mark.parametrize(
    "last", ["\n", "", "\n\n# the end\n", "\napprovers: []\n"], ids=["", "no line end", "comment", "more"]
)
@pytest.mark.parametrize(("rules", "before"), [row[1:] for row in STYLES], ids=[row[0] for row in STYLES])
def test_patch_applies(rules: str, before: dict[str, tuple[str, ...]], last: str, tmp_path: Path) -> None:
    place = folder(tmp_path / "policy", policy__yaml=policy(rules, last=last))
    patch = accept_patch(load(place), record(("contact", "EMAIL_ADDRESS"), ("note 2", "PERSON")))
    assert "by hand" not in patch
    assert applied(place, patch) == {
        **before,
        "contact": (*before.get("contact", ()), "EMAIL_ADDRESS"),
        "note 2": ("PERSON",),
    }
    assert accept_patch(load(place), record(("contact", "EMAIL_ADDRESS"), ("note 2", "PERSON"))) == ""


def test_patch_of_windows_lines(tmp_path: Path) -> None:
    place = folder(tmp_path / "policy", policy__yaml=policy(RULE, ends="\r\n"))
    patch = accept_patch(load(place), record(("contact", "PERSON")))
    assert applied(place, patch) == {"contact": ("PERSON",)}


def test_the_words_before_the_patch(tmp_path: Path) -> None:
    place = folder(tmp_path)
    patch = accept_patch(load(place), record(("ip", "MAC_ADDRESS"), ("b", "PERSON"), ("b", "EMAIL_ADDRESS")))
    assert patch == (
        "# policy.yaml:14: rule **/features/**, for s3://ml/features/churn\n"
        "# column b is known to hold EMAIL_ADDRESS, PERSON\n"
        "# column ip is known to hold MAC_ADDRESS\n"
        "--- a/policy.yaml\n+++ b/policy.yaml\n@@ -16,7 +16,8 @@\n"
        "     tier: strict\n     purposes: [churn]\n     known:\n"
        "-      ip: [IP_ADDRESS]\n+      ip: [IP_ADDRESS, MAC_ADDRESS]\n+      b: [EMAIL_ADDRESS, PERSON]\n"
        " environments:\n   local:\n     remote: false\n"
    )
    assert (place / "policy.yaml").read_text() == SMALL


@pytest.mark.parametrize(
    "rules",
    ['  - match: "s3://other/**"\n    stage: raw\n', "  # why\n  - {match: 's3://other/**', stage: raw}\n", "  []\n", "  [{match: s3://other, stage: raw}]\n", None],
    ids=["a line each", "brackets", "none", "a list in brackets", "no datasets"],
)  # fmt: skip
def test_a_dataset_without_a_rule_gets_one_at_the_top(rules: str | None, tmp_path: Path) -> None:
    text = policy(rules or "").replace("datasets:\n", "" if rules is None else "datasets:\n")
    place = folder(tmp_path / "policy", policy__yaml=text)
    before = load(place).policy.datasets
    patch = accept_patch(load(place), record(("contact", "PERSON")))
    assert "# no rule matches this dataset: choose its stage" in patch
    assert applied(place, patch) == {"contact": ("PERSON",)}
    after = load(place).policy.datasets
    assert (after[0].match, after[0].stage) == (FEATURES, "features")
    assert after[1:] == before


@pytest.mark.parametrize(
    "said", [record(), record(("ip", "IP_ADDRESS")), record(("a", "PERSON"), code="ENTITY_NOT_ALLOWED")], ids=["none", "known", "not allowed"]
)  # fmt: skip
def test_nothing_to_accept(said: Record, tmp_path: Path) -> None:
    assert accept_patch(load(folder(tmp_path)), said) == ""


def test_where_no_patch_can_be_proven_the_lines_are_given(tmp_path: Path) -> None:
    # A glob sign in a name would make the new rule match more than this dataset, and hide the rule below.
    place = folder(tmp_path, policy__yaml=policy("  - match: s3://ml/features/x\n    stage: raw\n"))
    patch = accept_patch(load(place), record(("contact", "PERSON"), dataset="s3://ml/features/*"))
    assert "this could not be made a patch" in patch
    assert "#     contact: [PERSON]\n" in patch
    assert "---" not in patch


@pytest.mark.parametrize(
    ("old", "new", "hit"),
    [("", "", True), ("up_to: internal", "up_to: restricted", False), ("purposes: [churn]", "purposes: [churn, ads]", False),
     ("ip: [IP_ADDRESS]", "ip: [IP_ADDRESS, PERSON]", False), ("a: [PERSON]", "a: [US_SSN]", False), ("a: [PERSON]", "a: [NOBODY]", False)],
)  # fmt: skip
def test_an_edit_that_says_anything_else_is_no_patch(old: str, new: str, hit: bool, tmp_path: Path) -> None:
    before = load(folder(tmp_path))
    text = SMALL.replace("    known:\n", "    known:\n      a: [PERSON]\n").replace(old, new)
    assert _adds_only(text, before, FEATURES, {"a": ["PERSON"]}) is hit


def test_the_shipped_policy_can_be_patched(tmp_path: Path) -> None:
    place = folder(tmp_path / "policy", policy__yaml=(default_folder() / "policy.yaml").read_bytes())
    assert applied(place, accept_patch(load(place), record(("a", "IP_ADDRESS")))) == {"a": ("IP_ADDRESS",)}


NAMES = st.text(min_size=1, max_size=12) | st.sampled_from(
    ["no", "1.10", "- x", "a: b", "#", "&x", "*x", "'", '"', "\\", "\u202e", "é", "🙂", "{}", "<<", " "]
)
NAMES |= st.sampled_from(["x\U000e0100", "\u3164"])  # what nobody sees
PAIRS = st.lists(st.tuples(NAMES, st.sampled_from(["PERSON", "US_SSN"])), min_size=1, max_size=4, unique=True)


@settings(max_examples=300, deadline=None)
@given(NAMES)
def test_any_name_is_written_so_that_it_reads_back(name: str) -> None:
    name = name.encode("utf-8", "replace").decode()
    root, wrong = read_yaml("a", f"a: {scalar(name)}\n")
    assert (root and root.plain(), wrong) == ({"a": name}, [])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(style=st.sampled_from(STYLES), pairs=PAIRS)
def test_any_column_in_any_style(
    style: tuple[str, str, dict[str, tuple[str, ...]]], pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    place = folder(tmp_path / "policy", policy__yaml=policy(style[1]))
    pairs = [(column.encode("utf-8", "replace").decode(), entity) for column, entity in pairs]
    patch = accept_patch(load(place), record(*pairs))
    if "<<" in dict(pairs):
        assert "this could not be made a patch" in patch
        return
    wanted: dict[str, set[str]] = {column: set(names) for column, names in style[2].items()}
    for column, entity in pairs:
        wanted.setdefault(column, set()).add(entity)
    assert {column: set(names) for column, names in applied(place, patch).items()} == wanted
