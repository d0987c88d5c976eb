"""Start Airflow's standalone server on the demo's home, on a free port, until Ctrl-C."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data import make_crm, make_feeds
from home import AIRFLOW_HOME, CHURN, CRM, DEMO, POLICY, adopt_policy, settle

SERVER_LOG = DEMO / "server.log"
# Who looks, and who may approve what a gate found (the policy names them): nobody approves what they asked for.
USERS = {"admin": "admin", "privacy-officer": "user"}
PATIENCE = 300


def main() -> int:
    """Start, say where, wait for Ctrl-C, stop all of it."""
    # Stopped by other means, it must not leave Airflow behind either.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settle()
    _prepare()
    passwords = _passwords()
    address = f"http://127.0.0.1:{_free_port()}"
    server = _start(address)
    try:
        _wait(address, server)
        print(f"\n  Airflow   {address}")
        for user, password in passwords.items():
            print(f"  user      {user:<17} password  {password}")
        print(flush=True)
        print("  MLSecOps in the menu shows how every dataset stands; each line leads to the tab Security of a run.")
        print("  The Dag approve asks the privacy-officer: run it as admin, then answer under Required Actions.")
        print("  Ctrl-C stops it.", flush=True)
        # Not server.wait(): polars has system calls go on after Ctrl-C, and this one would never end.
        while server.poll() is None:
            time.sleep(0.5)
        return server.returncode
    except KeyboardInterrupt:
        print("\nStopping…", flush=True)
        return 0
    finally:
        _stop(server)


def _prepare() -> None:
    """What a run of today needs, whether or not the demo ran before."""
    if not POLICY.exists():
        adopt_policy()
    if not CRM.exists():
        make_crm(CRM)
    today = datetime.now(UTC).date()
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        make_feeds(CHURN / "feeds", day)


def _passwords() -> dict[str, str]:
    """The passwords of the demo's users, made at first use and kept."""
    kept = _passwords_file()
    known = json.loads(kept.read_text()) if kept.exists() else {}
    passwords = {user: known.get(user) or secrets.token_urlsafe(12) for user in USERS}
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(passwords))
    return passwords


def _passwords_file() -> Path:
    return AIRFLOW_HOME / "passwords.json"


def _start(address: str) -> subprocess.Popen[bytes]:
    commands = Path(sys.executable).parent
    environment = {
        **os.environ,
        # standalone starts its parts by name.
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": address.rpartition(":")[2],
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{role}" for user, role in USERS.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_passwords_file()),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
    }
    print(f"Airflow starts, which takes a minute; it talks into {SERVER_LOG}", flush=True)
    with SERVER_LOG.open("ab") as log:
        # A group of its own: standalone leaves its children behind when only it is told to stop.
        return subprocess.Popen(
            [str(commands / "airflow"), "standalone"],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/api/v2/monitor/health", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(1)
    raise SystemExit(f"Airflow did not start within {PATIENCE} s: see {SERVER_LOG}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, kind)
            server.wait(timeout=20)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
