"""``scan``: whatever it is given, an exit code that cannot be mistaken, and no traceback."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from airflow_mlsecops.cli import main
from tests.cli.conftest import Answer, Run

CLEAN = "id,label\n1,a\n2,b\n"
ADDRESSES = "id,email\n1,alice@example.org\n2,bob@example.org\n"
NOISE = random.Random(7).randbytes(20_000)

Make = Callable[[Path], object]


def text(name: str, content: str) -> Make:
    return lambda folder: write(folder / name, content.encode())


def raw(name: str, content: bytes) -> Make:
    return lambda folder: write(folder / name, content)


def frame(name: str, **columns: object) -> Make:
    return lambda folder: parquet(folder / name, pl.DataFrame(columns))


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def parquet(path: Path, data: pl.DataFrame) -> Path:
    data.write_parquet(path)
    return path


def truncated(folder: Path) -> Path:
    whole = parquet(folder / "whole.parquet", pl.DataFrame({"id": list(range(1000))})).read_bytes()
    (folder / "whole.parquet").unlink()
    return write(folder / "cut.parquet", whole[: len(whole) // 2])


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.csv")
    return folder / "pipe.csv"


def loop(folder: Path) -> Path:
    (folder / "again").symlink_to(folder)
    return folder


def itself(folder: Path) -> Path:
    (folder / "x.csv").symlink_to(folder / "x.csv")
    return folder / "x.csv"


def marker(folder: Path) -> Path:
    write(folder / "_SUCCESS", b"")
    return folder


def one_bad_among_good(folder: Path) -> Path:
    text("a.csv", CLEAN)(folder)
    raw("b.csv", b"")(folder)
    return folder


# what it is, how to make it, exit code, code of the finding (empty: any)
TABLE: tuple[tuple[str, Make, int, str], ...] = (
    ("clean csv", text("a.csv", CLEAN), 0, ""),
    ("clean parquet", frame("a.parquet", id=[1, 2, 3]), 0, ""),
    ("one column, one row", text("a.csv", "id\n1\n"), 0, ""),
    ("all null", frame("a.parquet", x=pl.Series([None, None], dtype=pl.String)), 0, ""),
    ("no type at all", frame("a.parquet", x=pl.Series([None, None], dtype=pl.Null)), 0, ""),
    ("400 columns", frame("a.parquet", **{f"c{i}": [1, 2] for i in range(400)}), 0, ""),
    ("folder of good files", lambda f: (text("a.csv", CLEAN)(f), text("b.csv", CLEAN)(f)) and f, 0, ""),
    ("addresses", text("a.csv", ADDRESSES), 1, "ENTITY_NOT_ALLOWED"),
    ("addresses in the last of many rows", text("a.csv", "id,x\n" + "1,y\n" * 9999 + "1,a@example.org\n"), 1, ""),
    ("addresses in 400 columns", frame("a.parquet", **{f"c{i}": ["a@example.org"] for i in range(400)}), 1, ""),
    ("missing", lambda f: f / "nothing.csv", 2, "NOT_FOUND"),
    ("missing folder", lambda f: f / "no" / "where" / "x.csv", 2, "NOT_FOUND"),
    ("below a file", lambda f: text("a.csv", CLEAN)(f) / "x.csv", 2, ""),  # type: ignore[operator]
    ("empty", raw("a.csv", b""), 2, "EMPTY_FILE"),
    ("empty parquet", raw("a.parquet", b""), 2, ""),
    ("only line feeds", raw("a.csv", b"\n\n\n"), 2, ""),
    ("header alone", text("a.csv", "id,label\n"), 2, "NO_ROWS"),
    ("parquet without rows", frame("a.parquet", id=pl.Series([], dtype=pl.Int64)), 2, "NO_ROWS"),
    ("truncated parquet", truncated, 2, ""),
    ("parquet named csv", lambda f: parquet(f / "a.csv", pl.DataFrame({"id": [1]})), 2, ""),
    ("csv named parquet", text("a.parquet", CLEAN), 2, ""),
    ("noise named csv", raw("a.csv", NOISE), 2, ""),
    ("noise named parquet", raw("a.parquet", NOISE), 2, ""),
    ("noise named jsonl", raw("a.jsonl", NOISE), 2, ""),
    ("noise without a name", raw("a", NOISE), 2, ""),
    ("magic, then noise", raw("a.parquet", b"PAR1" + NOISE + b"PAR1"), 2, ""),
    ("NUL bytes named csv", raw("a.csv", bytes(5000)), 2, ""),
    ("unknown kind", raw("a.xyz", b"id\n1\n"), 2, ""),
    ("ragged csv", text("a.csv", "id,x\n1,2,3,4\n1\n"), 2, ""),
    ("folder without files", lambda f: f, 2, "NO_FILES"),
    ("folder with a marker alone", marker, 2, "NO_FILES"),
    ("folder with one bad file", one_bad_among_good, 2, "EMPTY_FILE"),
    ("named pipe", fifo, 2, ""),
    ("folder that holds itself", loop, 2, ""),
    ("link to itself", itself, 2, ""),
    ("device", lambda f: "/dev/zero", 2, ""),
    ("name too long", lambda f: f / ("x" * 300 + ".csv"), 2, ""),
    ("path too deep", lambda f: f / "/".join(["d"] * 3000), 2, ""),
    ("NUL in the name", lambda f: f"{f}/a\0b.csv", 2, ""),
    ("name that is no UTF-8", lambda f: f"{f}/a\udcff.csv", 2, "NAME_NOT_TEXT"),
    ("frame of a task", lambda f: "xcom://build", 2, ""),
    ("no URI", lambda f: "s3://", 64, ""),
    ("no scheme", lambda f: "://x", 64, ""),
    ("relative file URI", lambda f: "file://a.csv", 64, ""),
    ("template", lambda f: "/data/{{ ds }}.csv", 64, ""),
    ("password in it", lambda f: "s3://user:hunter2@bucket/x", 64, ""),
    ("nothing", lambda f: "", 64, ""),
)


def assert_whole(answer: Answer) -> None:
    """Whatever exits 0 has read all of at least one row."""
    verdict = json.loads(answer.out)["verdict"]
    assert answer.code == 0
    assert verdict["rows_scanned"] > 0
    assert verdict["rows_present"] in (None, verdict["rows_scanned"])
    assert not verdict["not_looked_at"]


@pytest.mark.parametrize(("make", "code", "finding"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_exit_code(run: Run, features: Path, policy: Path, make: Make, code: int, finding: str) -> None:
    answer = run("scan", make(features), "--policy", policy)
    assert answer.code == code, answer.both
    assert finding in answer.both
    assert "Traceback" not in answer.both
    assert "unexpected" not in answer.both
    assert "hunter2" not in answer.both
    assert any(ending in answer.both for ending in ("PASS", "FAIL", "UNKNOWN", "airflow-mlsecops:"))
    if code == 0:
        assert_whole(run("scan", features, "--policy", policy, "--json"))


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        ((), 64),
        (("frob",), 64),
        (("scan",), 64),
        (("scan", "x", "y"), 64),
        (("scan", "--frob", "x"), 64),
        (("policy",), 64),
        (("ledger", "show", "--limit", "0"), 64),
        (("ledger", "show", "--limit", "many"), 64),
        (("ledger", "grants"), 64),
        (("ledger", "grants", "public"), 64),
        (("ledger", "grants", "x" * 64), 64),
        (("accept", "not-an-id"), 64),
        (("--help",), 0),
        (("scan", "--help"), 0),
        (("--version",), 0),
        (("ledger", "grants", "airflow"), 0),
        (("ledger", "grants", "airflow", "--dialect", "sqlite"), 0),
    ],
)
def test_a_wrong_command_line_is_not_unknown(run: Run, argv: tuple[str, ...], code: int) -> None:
    answer = run(*argv)
    assert answer.code == code
    assert "Traceback" not in answer.both
    if code:
        assert not answer.out


@pytest.mark.parametrize("code", [None, 0, "gone"])
def test_a_library_that_exits_has_proven_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: object) -> None:
    def leave(*_: object, **__: object) -> None:
        raise SystemExit(code)

    (tmp_path / "a.csv").write_text("id\n1\n")
    monkeypatch.setattr("airflow_mlsecops.sources.look", leave)
    assert main(["scan", str(tmp_path / "a.csv")]) == 2


def test_relative_path_is_taken_from_here(
    run: Run, features: Path, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text("a.csv", ADDRESSES)(features)
    monkeypatch.chdir(features)
    answer = run("scan", "a.csv", "--policy", policy)
    assert answer.code == 1
    assert f"file://{features}/a.csv" in answer.out.replace("\n", "")


def test_partition(run: Run, features: Path, policy: Path) -> None:
    text("2026-11-22/a.csv", CLEAN)(features)
    text("2026-11-23/a.csv", ADDRESSES)(features)
    assert run("scan", features, "--partition", "2026-11-22/", "--policy", policy).code == 0
    assert run("scan", features, "--partition", "2026-11-23/", "--policy", policy).code == 1
    assert run("scan", features, "--partition", "2026-11-24/", "--policy", policy).code == 2
    assert run("scan", features, "--partition", "../", "--policy", policy).code == 2


def test_table_names_columns_and_counts(run: Run, features: Path, policy: Path) -> None:
    answer = run("scan", text("a.csv", ADDRESSES)(features), "--policy", policy)
    row = next(line for line in answer.out.splitlines() if line.startswith("email"))
    for part in ("e-mail address", "confidential", "2", "100 %", "not allowed"):
        assert part in row
    assert "1 other column: nothing found" in answer.out
    assert "ENTITY_NOT_ALLOWED: not allowed in stage features (policy.yaml:5)" in answer.out
    assert "→ drop or pseudonymise" in answer.out
    assert "Nothing was recorded" in answer.out
    assert not answer.err


@pytest.mark.parametrize(
    ("folder", "stage", "code", "said"),
    [
        ("features", None, 1, "Judged in stage features, by the policy at"),
        ("features", "raw", 0, "as if it stood in stage raw (what if: the policy says features)"),
        ("raw", None, 0, "Judged in stage raw"),
        ("raw", "features", 1, "as if it stood in stage features (what if: the policy says raw)"),
        ("elsewhere", None, 1, "the strictest: no line declares it"),
        ("elsewhere", "raw", 0, "as if it stood in stage raw (what if: the policy does not declare it)"),
        ("features", "nowhere", 64, "no stage nowhere, it has features, raw"),
    ],
)
def test_stage(run: Run, tmp_path: Path, policy: Path, folder: str, stage: str | None, code: int, said: str) -> None:
    path = write(tmp_path / folder / "a.csv", ADDRESSES.encode())
    answer = run("scan", path, "--policy", policy, *(("--stage", stage) if stage else ()))
    assert (answer.code, said in answer.both) == (code, True), answer.both


def test_declared_classes_are_not_new(run: Run, tmp_path: Path, policy: Path) -> None:
    path = write(tmp_path / "known" / "a.csv", ADDRESSES.encode())
    assert run("scan", path, "--policy", policy).code == 0
    other = write(tmp_path / "known" / "b.csv", ADDRESSES.replace("email", "contact").encode())
    answer = run("scan", other, "--policy", policy)
    assert answer.code == 1
    assert "ENTITY_NEW" in answer.out


def test_json_document(run: Run, features: Path, policy: Path) -> None:
    answer = run("scan", text("a.csv", ADDRESSES)(features), "--policy", policy, "--json")
    document = json.loads(answer.out)
    assert set(document) == {"schema", "producer", "recorded", "outcome", "policy", "stage", "columns", "verdict"}
    assert document["schema"] == "airflow-mlsecops/scan/1"
    assert document["recorded"] is False
    assert document["outcome"] == "fail"
    assert document["policy"] == {"location": str(policy), "digest": document["verdict"]["policy"]}
    assert document["stage"] == {"name": "features", "declared": "features", "asked": False}
    assert [column["name"] for column in document["columns"]] == ["email", "id"]
    assert set(document["columns"][0]) == {"name", "type", "rows", "nulls", "distinct", "prose"}
    assert {"findings", "sightings", "rows_scanned", "rows_present", "not_looked_at"} <= set(document["verdict"])
    assert not answer.err


@pytest.mark.parametrize("name", ["nothing.csv", "empty.csv"])
def test_json_document_where_nobody_could_look(run: Run, features: Path, policy: Path, name: str) -> None:
    raw("empty.csv", b"")(features)
    answer = run("scan", features / name, "--policy", policy, "--json")
    document = json.loads(answer.out)
    assert (answer.code, document["outcome"]) == (2, "unknown")
    assert document["stage"] is None
    assert len(document["verdict"]["findings"]) == 1


WEIRD = (
    "a\nPASS  file:///x",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\u202egnp.exe",
    "a\rb",
    "\x9b2J",
    "[red]x[/red]",
    "\u2066x\u2069",
)


@pytest.mark.parametrize("name", WEIRD, ids=range(len(WEIRD)))
@pytest.mark.parametrize("json_too", [(), ("--json",)], ids=["text", "json"])
def test_names_are_drawn(
    run: Run, features: Path, policy: Path, name: str, json_too: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    path = parquet(features / f"{name.replace('/', '_')}.parquet", pl.DataFrame({name: ["a@example.org"]}))
    for argv in ((path,), (features,), (features / f"{name}.none",)):
        answer = run("scan", *argv, "--policy", policy, "--partition", "", *json_too)
        assert answer.code in (1, 2), answer.both
        harmful = [mark for mark in answer.both if not (mark.isprintable() or mark == "\n")]
        assert not harmful
        assert not any(line.startswith("PASS") for line in answer.both.splitlines())
        if name.startswith("[") and argv == (path,) and not json_too:
            assert "[red]x[/red]" in answer.out


def test_colour_can_be_switched_off(run: Run, features: Path, policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    path = text("a.csv", ADDRESSES)(features)
    assert "\x1b[" in run("scan", path, "--policy", policy).out
    assert "\x1b[" not in run("scan", path, "--policy", policy, "--no-color").out


def test_a_policy_that_cannot_be_read_is_unknown(run: Run, features: Path, policy: Path, tmp_path: Path) -> None:
    path = text("a.csv", CLEAN)(features)
    (policy / "policy.yaml").write_text("stages: [")
    assert run("scan", path, "--policy", policy).code == 2
    assert run("scan", path, "--policy", tmp_path / "none").code == 2


def test_own_policy_of_the_deployment_serves(run: Run, features: Path, policy: Path, deployment: Path) -> None:
    (deployment / "mlsecops").mkdir()
    policy.rename(deployment / "mlsecops" / "policy")
    answer = run("scan", text("a.csv", ADDRESSES)(features))
    assert answer.code == 1
    assert str(deployment / "mlsecops" / "policy") in answer.out


def test_nothing_is_left_behind(run: Run, features: Path, policy: Path, deployment: Path) -> None:
    run("scan", text("a.csv", CLEAN)(features), "--policy", policy)
    assert not list(deployment.iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not read")
@pytest.mark.parametrize("inside", [False, True], ids=["file", "folder"])
def test_permission_denied(run: Run, features: Path, policy: Path, inside: bool) -> None:
    path = write(features / "a.csv", CLEAN.encode())
    assert run("scan", path, "--policy", policy).code == 0  # everything that it imports is now loaded
    places = [place for place in (policy, *policy.iterdir(), *features.parents) if place != Path("/")]
    for place in places:
        place.chmod(place.stat().st_mode | 0o055)
    (features if inside else path).chmod(0o600)
    os.seteuid(65534)
    try:
        answer = run("scan", path, "--policy", policy)
    finally:
        os.seteuid(0)
    assert answer.code == 2, answer.both
    assert "NO_PERMISSION" in answer.out, answer.out
    assert "Traceback" not in answer.both


def test_changed_while_it_was_read(run: Run, features: Path, policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops import scan

    path = Path(str(text("a.csv", CLEAN)(features)))
    whole = scan.examine

    def slow(*arguments: object, **options: object) -> object:
        found = whole(*arguments, **options)  # type: ignore[arg-type]
        path.write_text(ADDRESSES)
        return found

    monkeypatch.setattr(scan, "examine", slow)
    answer = run("scan", path, "--policy", policy)
    assert answer.code == 2
    assert "CHANGED_DURING_SCAN" in answer.out
