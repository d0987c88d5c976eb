"""Where this task runs, as its own process sees it.

Host, user and system are asked of the operating system, not of environment variables, which whoever starts a task can
set: ``getpass.getuser()`` for one believes ``LOGNAME``.
"""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Mapping
from pathlib import Path

from airflow_mlsecops.core.facts import NotObserved, RuntimeFacts

# Set by desktops, remote shells, notebooks and editors in whatever a person starts there.
HINTS = (
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "SSH_CLIENT",
    "SSH_CONNECTION",
    "SSH_TTY",
    "SUDO_USER",
    "JPY_PARENT_PID",
    "JPY_SESSION_NAME",
    "COLAB_RELEASE_TAG",
    "VSCODE_PID",
    "VSCODE_IPC_HOOK_CLI",
    "PYCHARM_HOSTED",
    "TERM_PROGRAM",
)
_CONTAINER_SIGNS = ("KUBERNETES_SERVICE_HOST", "ECS_CONTAINER_METADATA_URI_V4", "ECS_CONTAINER_METADATA_URI")
_CONTAINER_FILES = (".dockerenv", "run/.containerenv")
_HOST_INITS = ("systemd", "init", "launchd")
_NAMESPACE = "var/run/secrets/kubernetes.io/serviceaccount/namespace"


def observe(
    environ: Mapping[str, str],
    *,
    executor: str | None,
    queue: str | None,
    dag_test: bool | None,
    root: Path = Path("/"),
) -> RuntimeFacts:
    """Look at the process, its machine and what surrounds it.

    :param environ: environment variables of the task; only names of some of them are kept
    :param executor: as Airflow is configured, with ``queue`` and ``dag_test`` as Airflow says; ``None``: it did not
    :param root: root of the file system
    """
    return RuntimeFacts(
        host=_host(),
        user=_user(),
        uid=_uid(),
        system=_system(),
        container=_container(environ, root),
        namespace=_namespace(root),
        hints=tuple(name for name in HINTS if environ.get(name)),
        executor=executor or NotObserved(why="Airflow names no executor"),
        queue=queue or NotObserved(why="the task names no queue"),
        dag_test=NotObserved(why="Airflow does not say how the run was made") if dag_test is None else dag_test,
    )


def _host() -> str | NotObserved:
    try:
        return socket.gethostname() or NotObserved(why="the host has no name")
    except OSError as error:
        return NotObserved(why=f"the host's name could not be read ({type(error).__name__})")


def _uid() -> int | NotObserved:
    if not hasattr(os, "geteuid"):
        return NotObserved(why="this operating system has no user ids")
    return os.geteuid()


def _user() -> str | NotObserved:
    uid = _uid()
    if isinstance(uid, NotObserved):
        return uid
    import pwd  # absent where there are no user ids

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return NotObserved(why=f"user id {uid} has no name on this host")


def _system() -> str | NotObserved:
    # The kernel of Windows' subsystem for Linux, and of containers on a Windows desktop, names its maker.
    if "microsoft" in platform.release().lower():
        return "WSL"
    return platform.system() or NotObserved(why="the operating system does not say its name")


def _container(environ: Mapping[str, str], root: Path) -> bool | NotObserved:
    if any(environ.get(name) for name in _CONTAINER_SIGNS) or any((root / name).exists() for name in _CONTAINER_FILES):
        return True
    if _text(root / "proc/1/comm") in _HOST_INITS:
        return False
    return NotObserved(why="nothing on this host tells whether it is a container")


def _namespace(root: Path) -> str | NotObserved:
    return _text(root / _NAMESPACE) or NotObserved(why="no Kubernetes service account is mounted")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError):
        return ""
