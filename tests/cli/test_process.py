"""The command in a process of its own: fast, without Airflow for plain files, polite to pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.cli import progress
from tests.cli.conftest import Run

# Of what a scan of a plain file takes: the scan itself, its models, its patterns, and the policy with its rules.
NEEDED = {
    *("airflow_mlsecops", "polars", "pyarrow", "numpy", "pydantic", "pydantic_core", "annotated_types"),
    *("typing_extensions", "typing_inspection", "re2", "ruamel", "cedarpy", "cloudpickle", "cython_runtime"),
}
CLEAN = "id,label\n1,a\n2,b\n"
PROBE = """
import json, sys
from airflow_mlsecops.cli import main
code = main(sys.argv[1:])
packages = {name.partition(".")[0] for name in sys.modules if not name.startswith("_")} - sys.stdlib_module_names
print(json.dumps({"code": code, "packages": sorted(packages)}))
"""


def probed(*argv: object, home: Path) -> dict[str, Any]:
    """What a command answers in a process of its own, and which packages it took; it says nothing else."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *map(str, argv), "--json"],
        env={**os.environ, "AIRFLOW_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert not done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_a_plain_file_needs_no_airflow(features: Path, tmp_path: Path) -> None:
    (features / "a.csv").write_text(CLEAN)
    home = tmp_path / "nowhere"
    said = probed("scan", features / "a.csv", home=home)
    assert said["code"] == 0
    assert not {"airflow", "sqlalchemy", "boto3", "pandas", "fastapi"} & set(said["packages"])
    assert not home.exists()


def test_it_starts_with_few_packages(features: Path, policy: Path, tmp_path: Path) -> None:
    """What it loads is what it takes to start: no clock tells as surely, on any machine."""
    (features / "a.csv").write_text(CLEAN)
    loaded = set(probed("scan", features / "a.csv", "--policy", policy, home=tmp_path)["packages"])
    assert loaded >= {"airflow_mlsecops", "polars"}
    assert loaded <= NEEDED


def test_ctrl_c(features: Path, policy: Path, tmp_path: Path) -> None:
    big = features / "a.csv"
    with big.open("w") as file:
        file.write("id,text\n")
        file.writelines(f"{number},some text that takes a while to look at\n" for number in range(3_000_000))
    process = subprocess.Popen(
        [sys.executable, "-m", "airflow_mlsecops.cli", "scan", str(big), "--policy", str(policy)],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_until_it_reads(process.pid, big)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "PASS" not in out
    assert "Traceback" not in out + err


def _wait_until_it_reads(process: int, file: Path) -> None:
    """Until then Python itself would answer, whatever the program does."""
    for _ in range(600):
        time.sleep(0.1)
        opened = Path(f"/proc/{process}/fd")
        if any(link.resolve() == file.resolve() for link in opened.iterdir()):
            return
    pytest.fail("it never opened its file")


def unread(home: Path, *arguments: object) -> tuple[int, str]:
    """What a command answers whose reader has gone before it says a word."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "airflow_mlsecops.cli", *map(str, arguments)],
        env={**os.environ, "AIRFLOW_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(write)
    return done.returncode, done.stderr


def test_a_reader_that_goes_away(features: Path, policy: Path, tmp_path: Path) -> None:
    (features / "a.csv").write_text(",".join(f"c{i}" for i in range(400)) + "\n" + ",".join(["1"] * 400) + "\n")
    assert unread(tmp_path, "scan", features / "a.csv", "--policy", policy, "--json") == (141, "")


def test_a_reader_of_text_that_goes_away(features: Path, policy: Path, tmp_path: Path) -> None:
    (features / "a.csv").write_text("email\nann@example.com\n")
    assert unread(tmp_path, "explain", features / "a.csv", "email") == (141, "")


def test_a_terminal_without_utf8(spawn: Run, features: Path, policy: Path) -> None:
    (features / "a.csv").write_text("id,é→名\n1,alice@example.org\n")
    answer = spawn("scan", features / "a.csv", "--policy", policy, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert answer.code == 1
    assert "Traceback" not in answer.both


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch, *, watched: bool, patience: float) -> Iterator[None]:
    monkeypatch.setattr(progress, "_PATIENCE", patience)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watched)
    yield


@pytest.mark.parametrize(
    ("watched", "patience", "shown"), [(True, -1.0, True), (False, -1.0, False), (True, 60.0, False)]
)
def test_progress(
    run: Run,
    features: Path,
    policy: Path,
    monkeypatch: pytest.MonkeyPatch,
    watched: bool,
    patience: float,
    shown: bool,
) -> None:
    (features / "a.csv").write_text(CLEAN)
    with terminal(monkeypatch, watched=watched, patience=patience):
        answer = run("scan", features / "a.csv", "--policy", policy)
    assert ("2 rows done" in answer.err) is shown
    assert bool(answer.err) is shown
    assert "rows done" not in answer.out
