"""The examples that people copy import cleanly, run, and stand under a policy that is the shipped one and a few lines more."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.policy import default_folder, load, run_cases

EXAMPLES = Path(__file__).parent.parent / "dags_examples"
FILES = sorted(EXAMPLES.glob("[a-z]*.py"))
# Each alone, after those that write what it reads; the demo runs the churn DAG, tests/isolation the one in AWS,
# tests/operators/test_who_can_read.py the one in PostgreSQL, and test_approve_airflow.py the one that waits for people.
RUNNABLE = (
    "classify_dataset",
    "verified_schedule",
    "isolation_check",
    "access_gate",
    "sealed_training",
    "sanitise_and_prove",
    "validate_dataset",
    "notify",
)


@pytest.mark.airflow
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_imports_cleanly_as_one_dag_of_its_name(file: Path, airflow_db: Path) -> None:
    assert set(_bag(file).dags) == {file.stem}


@pytest.mark.airflow
def test_scheduler_sees_the_examples_and_nothing_of_the_demo(airflow_db: Path) -> None:
    assert set(_bag(EXAMPLES).dags) == {file.stem for file in FILES}


@pytest.mark.airflow
@pytest.mark.slow
def test_each_runs_to_success_under_the_policy_beside_it(deployment: Path, airflow_db: Path) -> None:
    shutil.copytree(EXAMPLES / "policy", deployment / "mlsecops" / "policy")
    assert {name: _run(name) for name in RUNNABLE} == dict.fromkeys(RUNNABLE, "success")


@pytest.mark.airflow
def test_marking_the_gate_as_success_does_not_open_the_seal(deployment: Path, airflow_db: Path) -> None:
    shutil.copytree(EXAMPLES / "policy", deployment / "mlsecops" / "policy")
    assert _run("sealed_training", mark_success_pattern="classify_prices") == "failed"


@pytest.mark.airflow
def test_a_mask_that_misses_a_format_stops_the_example_and_names_the_share(deployment: Path, airflow_db: Path) -> None:
    policy = deployment / "mlsecops" / "policy"
    shutil.copytree(EXAMPLES / "policy", policy)
    said = (policy / "policy.yaml").read_text()
    one_domain = r"EMAIL_ADDRESS: {with: mask, pattern: '[a-z0-9.]+@example\.org'}"
    (policy / "policy.yaml").write_text(said.replace("    sanitize:\n", f"    sanitize:\n      {one_domain}\n", 1))
    assert _run("sanitise_and_prove") == "failed"
    ledger = MlsecopsHook().ledger()
    findings = ledger.history(gate=Gate.SANITIZE)[0].record.verdict.findings
    assert not ledger.history(gate=Gate.SEAL)
    ledger.close()
    told = {finding.subject: finding.reason for finding in findings if finding.code == "RESIDUE"}
    assert re.match(r"[67][0-9] % of the rows still hold it after mask", told["email"])


def test_policy_loads_and_its_own_cases_pass() -> None:
    results = run_cases(load(EXAMPLES / "policy"))
    assert results
    assert [result.name for result in results if not result.ok] == []


def test_policy_differs_from_the_shipped_one_in_its_datasets_two_environments_and_a_tier_alone() -> None:
    ours, shipped = load(EXAMPLES / "policy").policy, load(default_folder()).policy
    apart: dict[str, Any] = {"datasets": (), "environments": {}, "tiers": {}, "digest": "", "lines": {}}
    added = ("prod-train", "warehouse")
    assert {name: one for name, one in ours.environments.items() if name not in added} == shipped.environments
    assert {name: one for name, one in ours.tiers.items() if name != "watched"} == shipped.tiers
    assert ours.model_copy(update=apart) == shipped.model_copy(update=apart)
    assert ours.datasets[-len(shipped.datasets) :] == shipped.datasets


@pytest.mark.parametrize("path", ["access.cedar"])
def test_access_rules_are_the_shipped_ones(path: str) -> None:
    assert (EXAMPLES / "policy" / path).read_bytes() == (default_folder() / path).read_bytes()


def _run(name: str, **how: Any) -> str:
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import sync_bag_to_db

    bag = _bag(EXAMPLES / f"{name}.py")
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(bag, "dags-folder", None)
    return str(bag.dags[name].test(**how).state)


def _bag(place: Path) -> Any:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(place))
    assert bag.import_errors == {}
    return bag
