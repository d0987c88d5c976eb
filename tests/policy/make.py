"""A policy folder to break: the shipped one, with some files replaced."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from airflow_mlsecops.core.errors import PolicyError
from airflow_mlsecops.policy import default_folder, load

SMALL = """\
version: 1
stages:
  raw:
    up_to: confidential
    never: ["role:secret"]
  features:
    up_to: internal
tiers:
  strict:
    max_scan_age_hours: 24
datasets:
  - match: "**/raw/**"
    stage: raw
  - match: "**/features/**"
    stage: features
    tier: strict
    purposes: [churn]
    known:
      ip: [IP_ADDRESS]
environments:
  local:
    remote: false
    requires: [ENV_MISMATCH]
approvers: [security-lead]
waivers:
  - id: W-1
    dataset: "**/raw/**"
    code: ENTITY_NOT_ALLOWED
    subject: card
    entity: CREDIT_CARD
    requested_by: alice
    approved_by: security-lead
    reason: until the tokens are in place
    until: 2026-12-31
    max_share: 0.01
"""
PERMIT = '@id("may") @reason("may") permit (principal, action, resource is MLSecOps::Dataset);\n'


def folder(place: Path, **files: str | bytes) -> Path:
    """A sound folder at ``place``; ``policy__yaml="…"`` and the like replace its files."""
    shutil.copytree(default_folder(), place, dirs_exist_ok=True)
    said = {"policy__yaml": SMALL, "cases__yaml": "[]\n", **files}
    for name, content in said.items():
        path = place / name.replace("__", ".").replace("_SLASH_", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


def mistakes(place: Path) -> list[str]:
    """What loading a folder complains of, one line each."""
    with pytest.raises(PolicyError) as caught:
        load(place)
    assert caught.value.__cause__ is None
    return str(caught.value).splitlines()[1:]
