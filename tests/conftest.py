"""One Airflow home for the whole suite, set before anything imports Airflow."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import memory
from tests._postgres import postgres_database, postgres_url  # noqa: F401

# Where nobody looks on, the same examples each time; at a desk, others each time.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


# pyspark takes a process without a main file, as those of pytest-xdist are, for a doctest of its own, and ends it.
# What is started from here runs that file first, so it is one that does nothing.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = str(Path(__file__).with_name("__init__.py"))

HOME = memory.folder("mlsecops-tests-")
(HOME / "dags").mkdir()
os.environ.update(
    AIRFLOW_HOME=str(HOME),
    AIRFLOW__CORE__DAGS_FOLDER=str(HOME / "dags"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS="admin:admin,viewer:viewer,alice:user",
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=str(HOME / "passwords.json"),
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{HOME}/airflow.db",
    AIRFLOW__API_AUTH__JWT_SECRET="tests-only-" + "0" * 64,
    AIRFLOW__CORE__UNIT_TEST_MODE="False",
)
for name in [name for name in os.environ if name.startswith("AIRFLOW_CONN_")]:
    del os.environ[name]


# What starts one costly thing, a scheduler or a cluster, is run by one process.
SHARED = ("e2e", "expectations")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let one process run all tests of a file, so that what they share is made once."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            folder = file.removeprefix("tests/").partition("/")[0]
            return folder if folder in SHARED else file

    return ByFile(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give back the memory that Airflow's home took."""
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare the collector a million objects, of twenty thousand tests, that it would look through time and again."""
    gc.freeze()


@pytest.fixture(scope="session")
def airflow_home() -> Path:
    return HOME


@pytest.fixture(scope="session")
def airflow_db(airflow_home: Path) -> Path:
    """Airflow's own database, made once."""
    from airflow.utils.db import initdb

    initdb()
    return airflow_home


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder whose databases wait for no disk."""
    with memory.held("mlsecops-test-") as folder:
        yield folder


@pytest.fixture
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment of its own: an empty AIRFLOW_HOME for embedded defaults, and nothing that hints at a person."""
    home = tmp_path / "airflow"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("AIRFLOW_HOME", str(home))
    for hint in (
        "SSH_CONNECTION",
        "SSH_TTY",
        "SSH_CLIENT",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "JPY_PARENT_PID",
        "VSCODE_PID",
    ):
        monkeypatch.delenv(hint, raising=False)
    return home
