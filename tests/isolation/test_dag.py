"""The example DAG from end to end: AWS over HTTP, through Airflow's own connections and operators."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.hook import MlsecopsHook
from dags_examples.estate.build import build
from dags_examples.estate.emulator import adopt_policy, clients, emulator, settings
from dags_examples.estate.names import DATA, Clients, Estate

pytest.importorskip("airflow.providers.amazon", reason="the extra aws is not installed")

EXAMPLE = Path(__file__).parents[2] / "dags_examples" / "isolated_training.py"


class Place(NamedTuple):
    """Where the DAG runs."""

    url: str
    clients: Clients
    estate: Estate


# Airflow keeps one file system for each connection and process: all runs have the same address.
@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with emulator() as url:
        made = clients(url)
        yield Place(url, made, build(made))


@pytest.fixture
def airflow(place: Place, deployment: Path, airflow_db: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An Airflow that is led to the estate, and to nothing else of AWS."""
    policy = adopt_policy(place.estate, deployment / "policy")
    for name, value in settings(place.url, place.estate, policy).items():
        monkeypatch.setenv(name, value)
    return place


def run(**how: Any) -> Any:
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

    bag = DagBag(str(EXAMPLE))
    assert bag.import_errors == {}
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(bag, "dags-folder", None)
    return bag.dags["isolated_training"].test(**how)


def judged(gate: Gate) -> list[Finding]:
    """What the newest record of a gate found wrong."""
    ledger = MlsecopsHook().ledger()
    newest = ledger.history(gate=gate, limit=1)[0].record.verdict
    ledger.close()
    return [one for one in newest.findings if one.required and one.status in (Status.FAIL, Status.UNKNOWN)]


def trained(place: Place) -> int:
    return len(place.clients("sagemaker").list_training_jobs()["TrainingJobSummaries"])


@pytest.mark.airflow
def test_it_trains_where_nobody_else_can_reach(airflow: Place) -> None:
    before = trained(airflow)
    assert run().state == "success"
    assert judged(Gate.ISOLATION) == []
    assert trained(airflow) == before + 1


@pytest.mark.airflow
def test_it_does_not_train_where_anybody_may_read(airflow: Place) -> None:
    s3, before = airflow.clients("s3"), trained(airflow)
    s3.delete_public_access_block(Bucket=DATA)
    try:
        assert run().state == "failed"
    finally:
        from dags_examples.estate.storage import BLOCKED

        s3.put_public_access_block(Bucket=DATA, PublicAccessBlockConfiguration=BLOCKED)
    (found,) = judged(Gate.ISOLATION)
    assert (found.code, found.subject, found.status) == ("S3_PUBLIC_ACCESS_BLOCK", DATA, Status.FAIL)
    assert found.remedy
    assert f"--bucket {DATA}" in found.remedy
    assert trained(airflow) == before


@pytest.mark.airflow
def test_marking_the_gate_as_success_does_not_train(airflow: Place) -> None:
    before = trained(airflow)
    assert run(mark_success_pattern="check_isolation").state == "failed"
    assert trained(airflow) == before
