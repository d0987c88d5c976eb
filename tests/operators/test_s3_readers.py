"""The access gate asks who reads a dataset in S3: AWS over HTTP, through Airflow's connections, change by change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from airflow_mlsecops.cli import main
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.verdict import Outcome, Verdict
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.operators import AccessGateOperator, ClassifyDatasetOperator, IsolationCheckOperator
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from dags_examples.estate.emulator import adopt_policy, settings
from dags_examples.estate.names import ACCOUNT, CATALOG, DATA, ENVIRONMENT, TRAINER, document, role_arn
from tests.checks.grants.made import (
    a_statement_of_the_bucket,
    a_trust,
    an_access_point,
    an_inline_policy,
    run,
    statements,
    user,
)
from tests.isolation.conftest import world
from tests.isolation.world import World
from tests.operators.fakes import context

__all__ = ["world"]

pytest.importorskip("aiobotocore", reason="the extra aws is not installed")

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
NOT_EMULATED = "Whom S3 Access Grants let into bucket ml-prod-data was not observed"


@pytest.fixture
def dataset(world: World, deployment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The estate's dataset, by a connection of this emulator's own; whatever was touched is built anew."""
    policy = adopt_policy(world.estate, deployment / "policy")
    _demand(policy / "policy.yaml")
    variables = settings(world._url, world.estate, policy)
    name = f"estate_{world._url.rpartition(':')[2]}"  # Airflow keeps one file system for each id and process
    for variable, value in {**variables, f"AIRFLOW_CONN_{name.upper()}": variables["AIRFLOW_CONN_AWS_DEFAULT"]}.items():
        monkeypatch.setenv(variable, value)
    file = deployment / "part.parquet"
    pl.DataFrame({"tenure_months": range(50)}).write_parquet(file)
    world._clients("s3").upload_file(str(file), DATA, "churn/features/part.parquet")
    yield f"s3://{name}@{DATA}/churn/features"
    if world.touched:
        world.rebuild()


def _demand(file: Path) -> None:
    """Ask who reads whatever the dataset holds, and accept what the emulator cannot show."""
    yaml = YAML()
    policy = yaml.load(file)
    (rule,) = (one for one in policy["datasets"] if one["match"].startswith(f"s3://{DATA}"))
    rule |= {"tier": "asked", "readers": [role_arn(TRAINER), ROOT]}
    policy["tiers"]["asked"] = {"new_blocks_from": "confidential", "max_scan_age_hours": 24, "readers_from": "public"}
    gap = {"check": "READERS_NOT_SEEN", "reason": "not emulated", "until": "2099-12-31"}
    policy["environments"][ENVIRONMENT] |= {"requires": ["ENV_MISMATCH"], "not_observable": [gap]}
    yaml.dump(policy, file)


class Run:
    """One run of the DAG up to its access gate, which may be asked again."""

    def __init__(self, dataset: str) -> None:
        classify = ClassifyDatasetOperator(task_id="classify", dataset=dataset)
        isolate = IsolationCheckOperator(task_id="isolate", dataset=dataset, environment=ENVIRONMENT)
        for gate in (classify, isolate):
            gate.execute(context(gate, dag_id="isolated_training"))
        self._access = AccessGateOperator(
            task_id="may_train", dataset=dataset, action="train", purpose="churn", requires=[classify, isolate]
        )

    def asks(self, *refusals: type[Exception]) -> Verdict:
        """The verdict; the gate refuses as it is expected to."""
        around = context(self._access, dag_id="isolated_training")
        if refusals:
            with pytest.raises(refusals):
                self._access.execute(around)
        else:
            self._access.execute(around)
        ledger = MlsecopsHook().ledger()
        verdict = ledger.history(gate=Gate.ACCESS, limit=1)[0].record.verdict
        ledger.close()
        return verdict


def coded(verdict: Verdict, code: str) -> list[Finding]:
    return [one for one in verdict.findings if one.code == code]


def a_lake(world: World, name: str) -> tuple[str, str]:
    lake, glue = world.clients("lakeformation"), world.clients("glue")
    stored = {"Location": f"s3://{DATA}/churn/features/", "Columns": [{"Name": "tenure_months", "Type": "int"}]}
    glue.create_table(DatabaseName=CATALOG, TableInput={"Name": "features", "StorageDescriptor": stored})
    lake.register_resource(ResourceArn=f"arn:aws:s3:::{DATA}", RoleArn=role_arn("lake-reads"))
    eve = user(world, name)
    table = {"Table": {"DatabaseName": CATALOG, "Name": "features"}}
    lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": eve}, Resource=table, Permissions=["SELECT"])
    return eve, f"SELECT on table {CATALOG}.features"


def from_everywhere(world: World) -> None:
    """Let the bucket answer whoever comes from another network than the environment's, too."""
    said = [one for one in statements(world) if one["Sid"] != "VpcOnly"]
    world.clients("s3").put_bucket_policy(Bucket=DATA, Policy=document(*said))


MADE = (an_inline_policy, a_trust, a_statement_of_the_bucket, an_access_point, a_lake)


def test_each_who_is_let_in_fails_the_gate_until_what_it_prints_is_run(world: World, dataset: str) -> None:
    gate = Run(dataset)
    from_everywhere(world)
    for make in MADE:
        eve, how = make(world, f"eve-by-{make.__name__}")
        verdict = gate.asks(GateFailed)
        (stranger,) = coded(verdict, "READER_NOT_ALLOWED")  # and none of those before, whose ways were ended
        assert (stranger.subject, stranger.status) == (eve, Status.FAIL)
        assert how in (stranger.reason or "")
        assert coded(verdict, "READER_POSSIBLE") == []
        (whole,) = coded(verdict, "READERS")
        assert stranger.commands
        assert set(stranger.commands) <= set(whole.commands)
        for command in whole.commands:
            run(world, command)
    assert gate.asks().outcome is Outcome.PASS


def test_whom_only_the_network_may_hold_off_is_unknown(world: World, dataset: str) -> None:
    gate = Run(dataset)
    eve, _ = an_inline_policy(world)
    (stranger,) = coded(gate.asks(GateUnknown), "READER_POSSIBLE")
    assert (stranger.subject, stranger.status) == (eve, Status.UNKNOWN)
    assert stranger.commands == ("aws iam delete-user-policy --user-name eve --policy-name own",)


def test_of_the_estate_only_whom_the_policy_lists_read(dataset: str) -> None:
    verdict = Run(dataset).asks()
    assert verdict.outcome is Outcome.PASS
    (read,) = coded(verdict, "READERS")
    assert read.status is Status.PASS
    assert read.got == f"{role_arn(TRAINER)}, {ROOT}"
    (gap,) = coded(verdict, "READERS_NOT_SEEN")
    assert (gap.status, gap.required) == (Status.UNKNOWN, False)
    assert (gap.reason or "").startswith(NOT_EMULATED)


def test_the_command_tells_the_same(world: World, dataset: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(dataset, capsys) == (0, "pass", {role_arn(TRAINER): True, ROOT: True}, [])
    from_everywhere(world)
    eve, _ = an_inline_policy(world)
    assert told(dataset, capsys) == (
        1,
        "fail",
        {role_arn(TRAINER): True, ROOT: True, eve: False},
        ["aws iam delete-user-policy --user-name eve --policy-name own"],
    )


def test_a_gap_that_nobody_accepted_is_unknown(
    dataset: str, deployment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = deployment / "policy" / "policy.yaml"
    file.write_text(file.read_text().replace("READERS_NOT_SEEN", "S3_ACCESS_GRANTS"))
    code, outcome, *_ = told(dataset, capsys)
    assert (code, outcome) == (2, "unknown")


def told(dataset: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, dict[str, bool], list[str]]:
    code = main(["who-can-read", dataset, "--json"])
    said = json.loads(capsys.readouterr().out)
    return code, said["outcome"], {one["principal"]: one["listed"] for one in said["principals"]}, said["commands"]
