"""A command line, and a policy of its own to judge by."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from airflow_mlsecops.cli import main
from airflow_mlsecops.policy import default_folder

POLICY = """\
version: 1
stages:
  raw:
    up_to: restricted
  features:
    up_to: internal
tiers:
  strict:
    new_blocks_from: confidential
datasets:
  - match: "**/raw/**"
    stage: raw
    tier: strict
  - match: "**/features/**"
    stage: features
    tier: strict
  - match: "**/known/**"
    stage: raw
    tier: strict
    known:
      email: [EMAIL_ADDRESS]
environments:
  local:
    remote: false
    requires: []
"""
CASES = """\
- name: features hold no address
  kind: holds
  dataset: file:///lake/features/churn
  entity: EMAIL_ADDRESS
  expect: deny
- name: raw data may
  kind: holds
  dataset: file:///lake/raw/crm
  entity: EMAIL_ADDRESS
  expect: allow
"""


class Answer(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def both(self) -> str:
        return self.out + self.err


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], deployment: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process, in a deployment where nothing was ever set up."""
    # Said once in a process, by whichever test is the first in it.
    monkeypatch.setattr("airflow_mlsecops.hook._said_embedded", True)

    def go(*argv: object) -> Answer:
        code = main([str(argument) for argument in argv])
        out, err = capsys.readouterr()
        return Answer(code, out, err)

    return go


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Run]:
    """Run a command in a process of its own, in a deployment of its own."""
    home = tmp_path / "spawned"

    def go(*argv: object, **changes: object) -> Answer:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")},
            "AIRFLOW_HOME": str(home),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            **{name: str(value) for name, value in changes.items() if name.isupper()},
        }
        options = {name: value for name, value in changes.items() if not name.isupper()}
        done = subprocess.run(
            [sys.executable, "-m", "airflow_mlsecops.cli", *map(str, argv)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **options,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return go


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A policy folder in which features may hold what is internal, and raw data anything."""
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "policy.yaml").write_text(POLICY)
    (folder / "cases.yaml").write_text(CASES)
    (folder / "access.cedar").write_bytes((default_folder() / "access.cedar").read_bytes())
    return folder


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """A folder whose files stand in stage features."""
    folder = tmp_path / "features"
    folder.mkdir()
    return folder
