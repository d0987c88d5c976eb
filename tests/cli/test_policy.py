"""``policy``: every mistake at once, the folder's own tests, and a beginning that never overwrites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CASES, POLICY, Run

Edit = Callable[[Path], object]


def edited(old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        assert old in POLICY
        (folder / "policy.yaml").write_text(POLICY.replace(old, new))

    return edit


TABLE: tuple[tuple[str, Edit, int, int], ...] = (
    # what is wrong, exit of check, exit of test
    ("nothing", lambda folder: None, 0, 0),
    ("a stage misspelt", edited("stage: features", "stage: featres"), 1, 1),
    ("a level misspelt", edited("up_to: internal", "up_to: intern"), 1, 1),
    ("an unknown field", edited("version: 1", "version: 1\nstrict: no"), 1, 1),
    ("no YAML", lambda folder: (folder / "policy.yaml").write_text("stages: ["), 1, 1),
    ("no access.cedar", lambda folder: (folder / "access.cedar").unlink(), 1, 1),
    ("no cases.yaml", lambda folder: (folder / "cases.yaml").unlink(), 1, 1),
    ("no case", lambda folder: (folder / "cases.yaml").write_text("[]\n"), 0, 2),
    ("a case fails", lambda folder: (folder / "cases.yaml").write_text(CASES.replace("deny", "allow")), 0, 1),
    ("a stranger among the files", lambda folder: (folder / "notes.txt").write_text("x"), 1, 1),
    ("a key that is none", lambda folder: write_key(folder, "x"), 1, 1),
    ("a key that is damaged", lambda folder: write_key(folder, f"{PEM}\nAAAA\n-----END PUBLIC KEY-----\n"), 1, 1),
    ("no folder", lambda folder: folder.rename(folder.with_name("gone")), 2, 2),
)
PEM = "-----BEGIN PUBLIC KEY-----"


def write_key(folder: Path, content: str) -> None:
    (folder / "keys").mkdir()
    (folder / "keys" / "prod-1.pub").write_text(content)


@pytest.mark.parametrize(("edit", "check", "test"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_exit_codes(run: Run, policy: Path, edit: Edit, check: int, test: int) -> None:
    edit(policy)
    for action, code in (("check", check), ("test", test)):
        answer = run("policy", action, policy)
        assert answer.code == code, answer.both
        assert "Traceback" not in answer.both
        assert "unexpected" not in answer.both
        assert ("ok" in answer.out) is (action == "check" and code == 0)


def test_every_mistake_at_once_with_its_line(run: Run, policy: Path) -> None:
    (policy / "policy.yaml").write_text(
        POLICY.replace("up_to: internal", "up_to: intern").replace("stage: features", "stage: featres")
    )
    answer = run("policy", "check", policy)
    assert "policy.yaml:6" in answer.err
    assert "policy.yaml:16" in answer.err or "2 mistakes" not in answer.err
    assert not answer.out


def test_cases_are_a_table(run: Run, policy: Path) -> None:
    (policy / "cases.yaml").write_text(CASES.replace("expect: deny", "expect: allow"))
    answer = run("policy", "test", policy)
    lines = answer.out.splitlines()
    assert next(line for line in lines if "features hold no address" in line).startswith("FAIL")
    assert next(line for line in lines if "raw data may" in line).startswith("PASS")
    assert f"policy test: 1 of 2 cases passed ({policy})" in answer.out


def test_names_are_drawn(run: Run, policy: Path) -> None:
    (policy / "cases.yaml").write_text(CASES.replace("raw data may", '"x\\e[2K\\nPASS"'))
    answer = run("policy", "test", policy)
    assert not [mark for mark in answer.both if not (mark.isprintable() or mark == "\n")]


def test_without_a_folder_the_deployments_own_serves(run: Run, policy: Path, deployment: Path) -> None:
    assert run("policy", "check").code == 0
    (deployment / "mlsecops").mkdir()
    policy.rename(deployment / "mlsecops" / "policy")
    answer = run("policy", "test")
    assert answer.code == 0
    assert str(deployment / "mlsecops" / "policy") in answer.out


def test_init_then_check_then_test(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "policy"
    assert run("policy", "init", folder).code == 0
    assert run("policy", "check", folder).code == 0
    assert run("policy", "test", folder).code == 0
    assert not list(folder.rglob("*.py*"))


def test_init_without_a_folder(run: Run, deployment: Path) -> None:
    assert run("policy", "init").code == 0
    assert (deployment / "mlsecops" / "policy" / "policy.yaml").is_file()


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_init_writes_over_nothing(run: Run, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "there"
    {"folder": place.mkdir, "file": place.touch, "dangling link": lambda: place.symlink_to(tmp_path / "none")}[kind]()
    answer = run("policy", "init", place)
    assert answer.code == 64
    assert "is there already" in answer.err
    assert not (tmp_path / "none").exists()


def test_init_where_nobody_may_write(run: Run) -> None:
    answer = run("policy", "init", "/proc/policy")
    assert answer.code == 2
    assert "could not be written" in answer.err
