"""One `airflow standalone` for every test that needs a live scheduler."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from airflow_mlsecops.policy import default_folder
from tests import memory

ROOT = Path(__file__).parent.parent.parent
DAGS = Path(__file__).parent / "dags"
USERS = {"admin": "admin", "viewer": "viewer", "alice": "user", "bob": "user"}

DECLARED = """
  - match: "**/asking/*"
    stage: features
    tier: standard
    authors: [alice]
    approvers: [bob, alice]
"""
WAITS = ("awaiting_input", "deferred")  # Airflow 3.2 waits for people in its triggerer


@dataclass
class Live:
    """A running Airflow, spoken to over HTTP as people and scripts do."""

    url: str
    home: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, user: str = "admin") -> str:
        if user not in self.tokens:
            said = httpx.post(f"{self.url}/auth/token", json={"username": user, "password": user}, timeout=120)
            said.raise_for_status()
            self.tokens[user] = said.json()["access_token"]
        return self.tokens[user]

    def call(self, method: str, path: str, user: str = "admin", **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(user)}"}
        return httpx.request(method, f"{self.url}{path}", headers=headers, timeout=120, **kwargs)

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any] | None = None) -> None:
        body = {"logical_date": None, "dag_run_id": run_id, "conf": conf or {}}
        said = self.call("POST", f"/api/v2/dags/{dag_id}/dagRuns", json=body)
        assert said.status_code == 200, said.text

    def state(self, dag_id: str, run_id: str) -> str:
        return str(self.call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}").json()["state"])

    def tasks(self, dag_id: str, run_id: str) -> dict[str, str]:
        said = self.call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances", params={"limit": 100}).json()
        return {task["task_id"]: task["state"] for task in said["task_instances"]}

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        return list(self.call("GET", f"/api/v2/dags/{dag_id}/dagRuns", params={"limit": 100}).json()["dag_runs"])

    def finished(self, dag_id: str, run_id: str, seconds: float = 120) -> str:
        """The run's final state; waits for it."""
        return str(self.wait(lambda: (s := self.state(dag_id, run_id)) in ("success", "failed") and s, seconds))

    def parked(self, dag_id: str, run_id: str, task_id: str, times: int = 1) -> bool:
        """True if a task waits for people and the scheduler has heard that its worker is done, so often in this run.

        An answer that comes before finds the task queued when its first part is reported: Airflow takes that for a task
        that was changed by somebody else, and has it retried. Nothing passes by it.
        """
        told = f"TaskInstance Finished: dag_id={dag_id}, task_id={task_id}, run_id={run_id},"
        heard = (self.home / "standalone.log").read_text(errors="replace").count(told)
        return heard >= times and self.tasks(dag_id, run_id).get(task_id) in WAITS

    def wait(self, ask: Any, seconds: float = 120) -> Any:
        """Ask until the answer is true."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if said := ask():
                return said
            time.sleep(1)
        raise AssertionError(f"still not so after {seconds} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
def database() -> Iterator[Path]:
    """Where Airflow keeps its state; its logs stay behind to be read."""
    with memory.held("live-") as folder:
        yield folder / "airflow.db"


# It ends with the last of them, since it takes a good part of a processor even when nothing runs.
@pytest.fixture(scope="package")
def live(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[Live]:
    """Airflow with the DAGs of tests/e2e/dags, a scheduler, a triggerer and the UI."""
    home = tmp_path_factory.mktemp("live")
    home.chmod(0o700)
    (home / "airflow.db").symlink_to(database)
    shutil.copytree(DAGS, home / "dags")
    (home / "passwords.json").write_text(json.dumps({user: user for user in USERS}))
    port = free_port()
    with (home / "standalone.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", "standalone"],
            env=_environment(home, port), stdout=log, stderr=subprocess.STDOUT, cwd=home, start_new_session=True,
        )  # fmt: skip
        try:
            running = Live(f"http://127.0.0.1:{port}", home)
            running.wait(lambda: _healthy(running), 480)
            yield running
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


@pytest.fixture(scope="package")
def asking(live: Live) -> Live:
    """Incomes that features may not hold, under a policy by which bob may approve that; other lines stay as they are."""
    folder = live.home / "mlsecops" / "policy"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for file in default_folder().iterdir():
        if file.is_file() and not (folder / file.name).exists():
            (folder / file.name).write_bytes(file.read_bytes())
    said = (folder / "policy.yaml").read_text()
    (folder / "policy.yaml").write_text(said.replace("\ndatasets:\n", "\ndatasets:" + DECLARED, 1))
    (live.home / "asking").mkdir(mode=0o700)
    data = live.home / "asking" / "incomes.csv"
    data.write_text("rooms,annual_income\n" + "".join(f"{n % 5 + 1},{48_213_000 + n * 37}\n" for n in range(300)))
    data.chmod(0o600)
    live.wait(lambda: live.call("GET", "/api/v2/dags/asking").status_code == 200)
    return live


def _healthy(running: Live) -> bool:
    try:
        said = httpx.get(f"{running.url}/api/v2/monitor/health", timeout=5).json()
    except (httpx.HTTPError, ValueError):
        return False
    return all(
        (said.get(part) or {}).get("status") == "healthy" for part in ("metadatabase", "scheduler", "dag_processor")
    )


def _environment(home: Path, port: int) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "SSH_"))}
    return {
        **inherited,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # standalone starts `airflow` by name
        "PYTHONPATH": str(ROOT),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{role}" for user, role in USERS.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": "tests-only-" + "0" * 64,
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
    }
