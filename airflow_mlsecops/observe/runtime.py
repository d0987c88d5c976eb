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
_STATUS = "proc/self/status"
# By bit; what is newer than this list is told by its number. https://man7.org/linux/man-pages/man7/capabilities.7.html
_CAPABILITIES = (
    *("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID"),
    *("CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST"),
    *("CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO"),
    *("CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE"),
    *("CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE"),
    *("CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM"),
    *("CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE"),
)
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
        powers=_powers(root),
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


def _powers(root: Path) -> tuple[str, ...] | NotObserved:
    """Capabilities that are effective, or that the process may make so by itself."""
    fields = dict(line.split(":", 1) for line in _text(root / _STATUS).splitlines() if ":" in line)
    try:
        bits = int(fields["CapEff"], 16) | int(fields["CapPrm"], 16)
    except (KeyError, ValueError):
        return NotObserved(why="this operating system does not tell a process' capabilities")
    held = (bit for bit in range(bits.bit_length()) if bits >> bit & 1)
    return tuple(_CAPABILITIES[bit] if bit < len(_CAPABILITIES) else f"capability {bit}" for bit in held)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError):
        return ""
