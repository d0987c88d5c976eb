"""A policy's own detectors, allow lists and quick looks, from the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pytest

from airflow_mlsecops.cli.scan import QUICK
from tests.cli.conftest import POLICY, Run
from tests.policy.test_detectors import STAFF

CANARY = "zebra.canary@example.org"


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def dataset(features: Path, **columns: object) -> Path:
    file = features / "a.parquet"
    pl.DataFrame(columns).write_parquet(file)
    return file


def test_a_detector_of_its_own(run: Run, policy: Path, features: Path) -> None:
    (policy / "detectors").mkdir()
    (policy / "detectors" / "staff_number.yaml").write_text(STAFF)
    assert "STAFF_NUMBER" in run("policy", "check", policy).out
    answer = run("scan", dataset(features, note=["seen ST-1234566", "x"]), "--policy", policy)
    assert answer.code == 1
    assert "staff number" in answer.out
    assert "1234566" not in answer.both


def test_a_mistake_in_it_is_told_with_its_line(run: Run, policy: Path) -> None:
    (policy / "detectors").mkdir()
    (policy / "detectors" / "staff_number.yaml").write_text(STAFF.replace("luhn", "lunh"))
    answer = run("policy", "check", policy)
    assert answer.code == 1
    assert "detectors/staff_number.yaml:10: validator 'lunh' is not known: did you mean 'luhn'?" in answer.err


def test_a_value_is_keyed_pasted_and_allowed(
    run: Run, policy: Path, features: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = dataset(features, contact=[CANARY, None])
    assert run("scan", file, "--policy", policy).code == 1
    type_in(monkeypatch, f"{CANARY}\n")
    printed = run("policy", "allow-value", "EMAIL_ADDRESS", "--policy", policy, "--reason", "a mailbox: ours")
    assert printed.code == 0
    assert CANARY not in printed.both
    (policy / "policy.yaml").write_text(f"{POLICY}allow:\n{printed.out}")
    answer = run("scan", file, "--policy", policy)
    assert answer.code == 0, answer.both
    line = POLICY.count("\n") + 2
    assert f"allow list (policy.yaml:{line})" in answer.out
    told = json.loads(run("scan", file, "--policy", policy, "--json").out)["verdict"]["findings"]
    assert [(one["code"], one["rows"]) for one in told if one["entity"]] == [("ALLOW_LISTED", 1)]


def test_under_another_secret_nothing_is_allowed_and_it_is_said(
    run: Run, policy: Path, features: Path, monkeypatch: pytest.MonkeyPatch, deployment: Path
) -> None:
    type_in(monkeypatch, CANARY)
    printed = run("policy", "allow-value", "EMAIL_ADDRESS", "--policy", policy)
    (policy / "policy.yaml").write_text(f"{POLICY}allow:\n{printed.out}")
    (deployment / "mlsecops" / "fingerprint.key").unlink()
    answer = run("scan", dataset(features, contact=[CANARY]), "--policy", policy)
    assert answer.code == 1
    assert "ALLOW_OTHER_KEY" in answer.out
    assert not (deployment / "mlsecops" / "fingerprint.key").exists()


@pytest.mark.parametrize(
    ("entity", "typed", "code", "said"),
    [
        ("EMAIL_ADDRESS", "no address", 1, "no detector of EMAIL_ADDRESS finds value 1"),
        ("EMAIL_ADDRESS", f"{CANARY}\nquokka-canary", 1, "finds value 2: nothing would be allowed"),
        ("EMAIL_ADRESS", CANARY, 64, "did you mean 'EMAIL_ADDRESS'?"),
        ("EMAIL_ADDRESS", "\n", 64, "expected values, one a line"),
    ],
)
def test_values_that_would_allow_nothing(
    run: Run, policy: Path, monkeypatch: pytest.MonkeyPatch, entity: str, typed: str, code: int, said: str
) -> None:
    type_in(monkeypatch, typed)
    answer = run("policy", "allow-value", entity, "--policy", policy)
    assert answer.code == code
    assert said in answer.err
    assert not answer.out
    assert "canary" not in answer.both


ROWS = QUICK + 10
QUICK_LOOKS = [
    # address in row, exit code
    (None, 2), (0, 1), (QUICK - 1, 1), (QUICK, 2),
]  # fmt: skip


@pytest.mark.parametrize(("place", "code"), QUICK_LOOKS)
@pytest.mark.parametrize("format_", ["parquet", "csv"])
def test_a_quick_look_may_find_and_never_proves(
    run: Run, policy: Path, features: Path, place: int | None, code: int, format_: str
) -> None:
    cells = ["x"] * ROWS
    if place is not None:
        cells[place] = CANARY
    file = features / f"a.{format_}"
    frame = pl.DataFrame({"note": cells})
    frame.write_parquet(file) if format_ == "parquet" else frame.write_csv(file)
    answer = run("scan", file, "--quick", "--policy", policy)
    assert answer.code == code, answer.both
    assert "carries no bound" in answer.out
    assert run("scan", file, "--policy", policy).code == (0 if place is None else 1)


def test_a_quick_look_at_all_there_is_is_a_look(run: Run, policy: Path, features: Path) -> None:
    answer = run("scan", dataset(features, note=["x"] * QUICK), "--quick", "--policy", policy)
    assert answer.code == 0, answer.both
    assert "bound" not in answer.out


def test_a_sample_where_the_policy_lets_it(run: Run, policy: Path, features: Path) -> None:
    said = "    new_blocks_from: confidential\n"
    assert said in POLICY
    leave = f"{said}    full_scan_up_to: 1000\n    max_undetected: 0.01\n    confidence: 0.95\n"
    (policy / "policy.yaml").write_text(POLICY.replace(said, leave))
    answer = run("scan", dataset(features, note=["x"] * 5_000), "--policy", policy)
    assert answer.code == 0, answer.both
    assert (
        "299 of 5,000 rows, uniform sample: what stands in 1 % of them or more was found with 95 % confidence"
        in answer.out
    )
