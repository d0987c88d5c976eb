"""``detectors``, and the page of the same list."""

from __future__ import annotations

import json
from pathlib import Path

from airflow_mlsecops.cli.catalogue import catalogue, markdown
from airflow_mlsecops.detectors import all_detectors, entities
from tests.cli.conftest import Run


def test_every_entity_is_listed(run: Run) -> None:
    answer = run("detectors")
    assert (answer.code, answer.err) == (0, "")
    listed = {line.split()[0] for line in answer.out.splitlines() if line.strip()}
    assert set(entities()) - listed == set()
    assert f"{len(entities())} entities, recognised by {len(all_detectors())} detectors." in answer.out


def test_the_document(run: Run) -> None:
    told = {one["name"]: one for one in json.loads(run("detectors", "--json").out)["entities"]}
    assert set(told) == set(entities())
    iban = told["IBAN_CODE"]
    assert (iban["pattern"], iban["check"], iban["values"], iban["names"][0]) == (True, True, True, "iban")
    assert told["AGE"]["pattern"] is False
    assert sorted(name for one in told.values() for name in one["detectors"]) == sorted(d.name for d in all_detectors())


def test_a_policy_gives_levels(run: Run, policy: Path) -> None:
    (policy / "policy.yaml").write_text((policy / "policy.yaml").read_text() + "levels:\n  IBAN_CODE: public\n")
    told = {one["name"]: one for one in json.loads(run("detectors", "--policy", policy, "--json").out)["entities"]}
    assert told["IBAN_CODE"]["level"] == "public"


def test_every_entity_is_recognised_somehow() -> None:
    assert [one.name for one in catalogue(all_detectors()) if not (one.anywhere or one.in_a_column or one.prose)] == []


def test_the_page_lists_every_entity_once() -> None:
    lines = markdown(all_detectors()).splitlines()
    names = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert sorted(names) == sorted(entities())
    assert {line.count("|") for line in lines if line.startswith("|")} == {10}
