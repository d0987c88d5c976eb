"""What a task sees of where it runs."""

from __future__ import annotations

import json
import os
import platform
import pwd
import socket
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.core.facts import NotObserved, RuntimeFacts
from airflow_mlsecops.observe import runtime

NAMESPACE = "var/run/secrets/kubernetes.io/serviceaccount/namespace"


def observed(root: Path, environ: dict[str, str] | None = None, **said: Any) -> RuntimeFacts:
    return runtime.observe(
        environ or {}, **{"executor": "LocalExecutor", "queue": "default", "dag_test": False, **said}, root=root
    )


def put(root: Path, name: str, text: str | bytes = "") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())


TABLE = [
    ("a plain worker", {"PATH": "/bin", "HOME": "/home/airflow"}, ()),
    (
        "a remote shell",
        {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22", "SSH_TTY": "/dev/pts/0"},
        ("SSH_CONNECTION", "SSH_TTY"),
    ),
    ("a notebook", {"JPY_PARENT_PID": "12"}, ("JPY_PARENT_PID",)),
    ("a desktop", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, ("DISPLAY", "WAYLAND_DISPLAY")),
    ("an editor", {"VSCODE_PID": "1", "TERM_PROGRAM": "vscode"}, ("VSCODE_PID", "TERM_PROGRAM")),
    ("another user's shell", {"SUDO_USER": "alice"}, ("SUDO_USER",)),
    ("near miss: set to nothing", {"DISPLAY": ""}, ()),
    ("near miss: another case", {"display": ":0"}, ()),
    ("near miss: a longer name", {"DISPLAY_NAME": "x", "MY_SSH_TTY": "x"}, ()),
]


@pytest.mark.parametrize(("environ", "hints"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_hints(tmp_path: Path, environ: dict[str, str], hints: tuple[str, ...]) -> None:
    assert observed(tmp_path, environ).hints == hints


CONTAINERS = [
    ("docker", {".dockerenv": ""}, {}, True),
    ("podman", {"run/.containerenv": ""}, {}, True),
    ("a pod", {}, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, True),
    ("ECS", {}, {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/x"}, True),
    ("a host", {"proc/1/comm": "systemd\n"}, {}, False),
    ("a container with an init of its own", {"proc/1/comm": "systemd\n", ".dockerenv": ""}, {}, True),
]


@pytest.mark.parametrize(
    ("files", "environ", "container"), [row[1:] for row in CONTAINERS], ids=[row[0] for row in CONTAINERS]
)
def test_container(tmp_path: Path, files: dict[str, str], environ: dict[str, str], container: bool) -> None:
    for name, text in files.items():
        put(tmp_path, name, text)
    assert observed(tmp_path, environ).container is container


@pytest.mark.parametrize("first_process", ["tini\n", "python\n", "systemd-x\n", None])
def test_no_sign_of_a_container_is_no_proof_of_a_host(tmp_path: Path, first_process: str | None) -> None:
    if first_process is not None:
        put(tmp_path, "proc/1/comm", first_process)
    assert isinstance(observed(tmp_path).container, NotObserved)


def test_namespace(tmp_path: Path) -> None:
    assert isinstance(observed(tmp_path).namespace, NotObserved)
    put(tmp_path, NAMESPACE, "ml-prod\n")
    assert observed(tmp_path).namespace == "ml-prod"


@pytest.mark.parametrize("text", ["", "\n", b"\xff\xfe"])
def test_a_namespace_that_cannot_be_read(tmp_path: Path, text: str | bytes) -> None:
    put(tmp_path, NAMESPACE, text)
    assert isinstance(observed(tmp_path).namespace, NotObserved)


def _status(effective: int, permitted: int = 0) -> str:
    return f"Name:\tpython\nCapInh:\t{'f' * 16}\nCapPrm:\t{permitted:016x}\nCapEff:\t{effective:016x}\n"


POWERS = [
    (_status(0), ()),
    (_status(1 << 21), ("CAP_SYS_ADMIN",)),
    (_status(1 << 2 | 1 << 12 | 1 << 19), ("CAP_DAC_READ_SEARCH", "CAP_NET_ADMIN", "CAP_SYS_PTRACE")),
    (_status(0, 1 << 39), ("CAP_BPF",)),  # it may make it effective by itself
    (_status(1 << 63), ("capability 63",)),
]


@pytest.mark.parametrize(("status", "powers"), POWERS)
def test_powers(tmp_path: Path, status: str, powers: tuple[str, ...]) -> None:
    put(tmp_path, "proc/self/status", status)
    assert observed(tmp_path).powers == powers


@pytest.mark.parametrize("status", [None, "", "CapEff:\t0\n", "CapPrm:\t0\nCapEff:\tnone\n"])
def test_powers_that_the_system_does_not_tell(tmp_path: Path, status: str | None) -> None:
    if status is not None:
        put(tmp_path, "proc/self/status", status)
    assert isinstance(observed(tmp_path).powers, NotObserved)


def test_the_system_is_believed_not_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "HOSTNAME"):
        monkeypatch.setenv(name, "somebody-else")
    facts = observed(tmp_path, dict(os.environ))
    assert (facts.uid, facts.host) == (os.geteuid(), socket.gethostname())
    try:
        assert facts.user == pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        assert isinstance(facts.user, NotObserved)


@pytest.mark.parametrize(
    ("release", "system", "expected"),
    [("6.1.0-generic", "Linux", "Linux"), ("5.15.90.1-microsoft-standard-WSL2", "Linux", "WSL"),
     ("4.4.0-19041-Microsoft", "Linux", "WSL"), ("23.1.0", "Darwin", "Darwin")],
)  # fmt: skip
def test_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str, system: str, expected: str) -> None:
    monkeypatch.setattr(platform, "release", lambda: release)
    monkeypatch.setattr(platform, "system", lambda: system)
    assert observed(tmp_path).system == expected


def test_what_the_system_does_not_say_is_not_observed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise OSError("no name")

    def unlisted(_uid: int) -> pwd.struct_passwd:
        raise KeyError

    monkeypatch.setattr(platform, "system", lambda: "")
    monkeypatch.setattr(platform, "release", lambda: "")
    monkeypatch.setattr(socket, "gethostname", nameless)
    monkeypatch.setattr(pwd, "getpwuid", unlisted)
    facts = observed(tmp_path, executor=None, queue="", dag_test=None)
    for name in ("system", "host", "user", "executor", "queue", "dag_test"):
        assert isinstance(getattr(facts, name), NotObserved), name


def test_names_of_hints_only_and_a_document_that_can_be_stored() -> None:
    facts = runtime.observe(
        {"SSH_CONNECTION": "203.0.113.77"}, executor="LocalExecutor", queue="default", dag_test=True
    )
    text = facts.model_dump_json()
    assert "203.0.113.77" not in text
    assert RuntimeFacts.model_validate(json.loads(text)) == facts
