"""The command in a process of its own: fast, without Airflow for plain files, polite to pipes."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from airflow_mlsecops.cli import progress
from tests.cli.conftest import Run

CLEAN = "id,label\n1,a\n2,b\n"
PROBE = """
import json, sys
from airflow_mlsecops.cli import main
code = main(sys.argv[1:])
print(json.dumps({"code": code, "heavy": sorted({"airflow", "sqlalchemy", "boto3", "pandas", "fastapi"} & set(sys.modules))}))
"""


def test_a_plain_file_needs_no_airflow(spawn: Run, features: Path, policy: Path, tmp_path: Path) -> None:
    (features / "a.csv").write_text(CLEAN)
    home = tmp_path / "nowhere"
    done = subprocess.run(
        [sys.executable, "-c", PROBE, "scan", str(features / "a.csv"), "--json"],
        env={**os.environ, "AIRFLOW_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {"code": 0, "heavy": []}
    assert not home.exists()
    assert not done.stderr


def test_it_starts_quickly(spawn: Run, features: Path, policy: Path) -> None:
    """Beside the libraries that read the file: seconds, of the processor too, depend on the machine's other processes."""
    (features / "a.csv").write_text(CLEAN)
    libraries = [sys.executable, "-c", "import numpy, polars, pyarrow, pydantic, re2"]
    least = min(_processor(lambda: subprocess.run(libraries, check=True)) for _ in range(3))
    spent = min(_processor(lambda: spawn("scan", features / "a.csv", "--policy", policy)) for _ in range(3))
    # As much again is for some 170 detectors, what their patterns need, and the policy.
    assert spent < 3.5 * least
    assert spawn("scan", features / "a.csv", "--policy", policy).code == 0


def _processor(act: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    act()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
    # Long enough to have begun: until then Python itself answers.
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "PASS" not in out
    assert "Traceback" not in out + err


def test_a_reader_that_goes_away(features: Path, policy: Path, tmp_path: Path) -> None:
    (features / "a.csv").write_text(",".join(f"c{i}" for i in range(3000)) + "\n" + ",".join("1" * 3000) + "\n")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "airflow_mlsecops.cli",
            "scan",
            str(features / "a.csv"),
            "--policy",
            str(policy),
            "--json",
        ],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_reader_of_text_that_goes_away(features: Path, policy: Path, tmp_path: Path) -> None:
    (features / "a.csv").write_text("email\nann@example.com\n")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "airflow_mlsecops.cli", "explain", str(features / "a.csv"), "email"],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


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
