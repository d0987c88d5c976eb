"""Who is let into a dataset in S3 by Lake Formation: recorded answers, then the same asked of moto over HTTP."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.checks._glue import GET_PARTITIONS, GET_TABLES
from airflow_mlsecops.checks._lake import LIST_FILTERS
from airflow_mlsecops.checks.grants.lake import READS, readers, wanted
from airflow_mlsecops.core.aws import AwsFacts, Credentials
from airflow_mlsecops.core.grant import Allowed, Grant, Readers
from airflow_mlsecops.observe.aws import observe

TABLE = json.loads((Path(__file__).parent / "lake.json").read_text())
URI = "s3://ml-prod/churn/features"
ALLOWED = Allowed.model_validate(TABLE["allowed"])
ROWS = {row["name"]: row for row in TABLE["rows"]}
CALLED = {  # in words
    "s3.get_bucket_location": "Whether bucket ml-prod is account 222222222222's",
    "sts.get_caller_identity": "The account of whoever looks",
}
UNSEEN = ({"why": "permission x is missing"}, {"absent": "NoSuch"}, {"answer": {"Unheard": "of"}})


def facts_of(row: dict[str, Any]) -> AwsFacts:
    answers = {**TABLE["facts"]["answers"], **row.get("answers", {})}
    return AwsFacts.model_validate({**TABLE["facts"], "answers": answers})


def found(row: dict[str, Any], facts: AwsFacts | None = None) -> Readers:
    return readers(facts or facts_of(row), row.get("uri", URI), ALLOWED)


def told(grant: Grant) -> list[Any]:
    return [grant.principal, grant.kind.value, grant.sure]


def sure_of(seen: Readers) -> set[str]:
    return {grant.principal for grant in seen.grants if grant.sure}


def asked(command: str) -> tuple[str, dict[str, Any]]:
    """Name and parameters of a printed command, as a shell and the command line of AWS take it apart."""
    words = shlex.split(command)
    assert words[:2] == ["aws", "lakeformation"]
    assert words[3:6] == ["--region", "eu-central-1", "--cli-input-json"]
    assert len(words) == 7
    return words[2], json.loads(words[6])


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_answers(row: dict[str, Any]) -> None:
    seen = found(row)
    assert [told(grant) for grant in seen.grants] == row["grants"]
    assert len(seen.hidden) == len(row.get("hidden", ()))
    for sentence, part in zip(seen.hidden, row.get("hidden", ()), strict=True):
        assert part in sentence
    by_name = {grant.principal: grant for grant in seen.grants}
    for name, how in row.get("how", {}).items():
        assert list(by_name[name].how) == how
    for name, since in row.get("since", {}).items():
        assert by_name[name].since == since
    for name, undo in row.get("undo", {}).items():
        assert asked(by_name[name].undo)[1] == undo
    if "commands" in row:
        assert [asked(command)[0] for command in seen.commands] == row["commands"]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_is_known_is_not_asked_again(row: dict[str, Any]) -> None:
    assert wanted(facts_of(row), row.get("uri", URI)) == ()


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_no_answer_that_is_missing_hides_a_reader_unsaid(row: dict[str, Any]) -> None:
    """Whatever answer is taken away, denied or garbled, it is missed: of all that were asked for, none is idle."""
    facts = facts_of(row)
    whole = found(row)
    for key in consulted(facts, row.get("uri", URI)):
        left = {name: one for name, one in facts.answers.items() if name != key}
        unasked = facts.model_copy(update={"answers": left})
        assert any(call.key == key for call in wanted(unasked, row.get("uri", URI))), key
        for instead in UNSEEN:
            blind = AwsFacts.model_validate({**TABLE["facts"], "answers": {**left, key: instead}})
            called = CALLED.get(key.split()[0], key)
            assert any(called in one for one in found(row, blind).hidden), key
            assert sure_of(found(row, blind)) <= sure_of(whole), key


def test_all_that_is_asked_is_among_what_is_declared() -> None:
    declared = {f"{one.service}.{one.name}" for one in READS}
    asked = {key.split()[0] for row in ROWS.values() for key in consulted(facts_of(row), row.get("uri", URI))}
    assert asked == declared


def consulted(facts: AwsFacts, uri: str) -> list[str]:
    """Keys of the answers that a look asks for, in rounds, beginning with none."""
    known = facts.model_copy(update={"answers": {}})
    while calls := wanted(known, uri):
        answers = {call.key: facts.answers[call.key] for call in calls}
        known = known.model_copy(update={"answers": {**known.answers, **answers}})
    return list(known.answers)


def test_a_dataset_that_is_elsewhere_is_no_question() -> None:
    with pytest.raises(ValueError, match="no place in S3"):
        readers(AwsFacts(), "gs://ml-prod/churn", ALLOWED)


def test_without_the_account_a_role_is_not_taken_for_a_stranger() -> None:
    row = {**ROWS["the trainer, and the administrator"], "answers": {"sts.get_caller_identity": {"why": "no"}}}
    assert [told(grant)[1] for grant in found(row).grants] == ["application", "application"]


def test_administrators_leave_by_one_command_that_keeps_all_else() -> None:
    row = ROWS["two administrators too many, one of whom also reads"]
    name, settings = asked(found(row).commands[-1])
    before = TABLE["facts"]["answers"]["lakeformation.get_data_lake_settings"]["answer"]
    assert name == "put-data-lake-settings"
    assert settings == before


def test_a_name_that_a_shell_would_run_is_quoted() -> None:
    table = {"Name": "x'; id; '", "StorageDescriptor": {"Location": URI}}
    resource = {"Table": {"DatabaseName": "churn", "Name": "x'; id; '"}}
    who = {"DataLakePrincipalIdentifier": "arn:aws:iam::222222222222:role/analyst"}
    permission = {"Principal": who, "Resource": resource, "Permissions": ["SELECT"]}
    answers = {
        "glue.get_tables DatabaseName=churn": {"answer": {"TableList": [table]}},
        "lakeformation.list_permissions": {"answer": {"PrincipalResourcePermissions": [permission]}},
    }
    (command,) = found({"answers": answers}).commands
    assert asked(command)[1] == permission


def test_partitions_tell_no_value_of_the_data() -> None:
    def partition(location: str, *values: str) -> dict[str, Any]:
        return {"Values": list(values), "StorageDescriptor": {"Location": location}, "Parameters": {"x": "ann"}}

    answer = {
        "Partitions": [
            partition("s3://lake/web/email=ann@example.org/day=1", "ann@example.org", "1"),
            partition("s3://lake/web/ann@example.org", "ann@example.org"),
            partition("s3://lake/apart"),
        ]
    }
    assert GET_PARTITIONS.keep is not None
    assert GET_PARTITIONS.keep(answer) == {"Places": ["s3://lake/apart", "s3://lake/web"]}
    assert GET_PARTITIONS.keep({**answer, "NextToken": "t"})["NextToken"] == "t"
    assert GET_PARTITIONS.keep({"Other": 1}) == {"Other": 1}


def test_of_a_filter_it_is_not_kept_what_it_filters_by() -> None:
    whose = {"TableCatalogId": "222222222222", "DatabaseName": "churn", "TableName": "t", "Name": "f"}
    assert LIST_FILTERS.keep is not None
    answer = {"DataCellsFilters": [{**whose, "RowFilter": {"FilterExpression": "name = 'ann'"}}]}
    assert LIST_FILTERS.keep(answer) == {"DataCellsFilters": [whose]}
    assert LIST_FILTERS.keep({**answer, "NextToken": "t"})["NextToken"] == "t"
    assert LIST_FILTERS.keep({"Other": 1}) == {"Other": 1}


def test_of_a_table_no_text_is_kept() -> None:
    table = {
        "Name": "t", "Description": "ann", "Parameters": {"x": "ann"}, "ViewOriginalText": "ann", "Owner": "ann",
        "StorageDescriptor": {"Location": "s3://lake/t", "Parameters": {"x": "ann"}, "Columns": [{"Comment": "ann"}]},
        "PartitionKeys": [{"Name": "day", "Comment": "ann"}],
        "ViewDefinition": {"Definer": "arn:d", "SubObjects": ["arn:t"], "Representations": [{"ViewOriginalText": "ann"}]},
    }  # fmt: skip
    assert GET_TABLES.keep is not None
    kept = GET_TABLES.keep({"TableList": [table]})
    assert "ann" not in json.dumps(kept)
    assert kept["TableList"][0]["StorageDescriptor"] == {"Location": "s3://lake/t"}
    assert GET_TABLES.keep({"Other": 1}) == {"Other": 1}


class Door:
    """The way to an emulator."""

    region = "eu-central-1"
    credentials = Credentials(method="sts-assume-role", long_lived=False)

    def __init__(self, clients: Any) -> None:
        self._clients = clients

    def client(self, service: str, *, as_task: bool, region: str) -> Any:
        assert not as_task
        assert region in ("", self.region)
        return self._clients(service)


@pytest.fixture
def lake() -> Iterator[Any]:
    """A bucket with a table over it in a registered place; clients to it."""
    pytest.importorskip("moto.server", reason="moto is not installed")
    from dags_examples.estate.emulator import clients, emulator
    from dags_examples.estate.names import AUDITOR, role_arn

    with emulator() as url:
        client = clients(url, role_arn(AUDITOR))
        client("s3").create_bucket(Bucket="ml-prod", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        glue, lakeformation = client("glue"), client("lakeformation")
        glue.create_database(DatabaseInput={"Name": "churn"})
        stored = {"Location": f"{URI}/", "Columns": [{"Name": "age", "Type": "int"}]}
        glue.create_table(DatabaseName="churn", TableInput={"Name": "features", "StorageDescriptor": stored})
        web = {"Location": "s3://ml-prod/web", "Columns": []}
        keys = [{"Name": "day", "Type": "string"}]
        glue.create_table(
            DatabaseName="churn", TableInput={"Name": "web", "StorageDescriptor": web, "PartitionKeys": keys}
        )
        looks = {"DataLakePrincipalIdentifier": role_arn(AUDITOR)}
        nobody: dict[str, list[Any]] = {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
        lakeformation.put_data_lake_settings(
            DataLakeSettings={"DataLakeAdmins": [], "ReadOnlyAdmins": [looks], **nobody}
        )
        lakeformation.register_resource(ResourceArn="arn:aws:s3:::ml-prod", RoleArn=role_arn("lake-reads"))
        yield client


def looked(client: Any) -> Readers:
    facts = observe(Door(client), lambda known: wanted(known, URI))
    return readers(facts, URI, ALLOWED)


def run(client: Any, command: str) -> None:
    name, params = asked(command)
    getattr(client("lakeformation"), name.replace("-", "_"))(**params)


def test_whoever_is_granted_is_listed_and_gone_after_the_printed_commands(lake: Any) -> None:
    lakeformation = lake("lakeformation")
    assert looked(lake) == Readers(grants=())
    role = "arn:aws:iam::222222222222:role/"
    table = {"Table": {"DatabaseName": "churn", "Name": "features"}}
    columns = {"TableWithColumns": {"DatabaseName": "churn", "Name": "features", "ColumnNames": ["age"]}}
    granted = [
        ("ml-train", table), ("analyst", table), ("intern", columns), ("it's", {"Table": {"DatabaseName": "churn", "TableWildcard": {}}}),
        ("web", {"Table": {"DatabaseName": "churn", "Name": "web"}}),
    ]  # fmt: skip
    for name, resource in granted:
        who = {"DataLakePrincipalIdentifier": role + name}
        lakeformation.grant_permissions(Principal=who, Resource=resource, Permissions=["SELECT", "DESCRIBE"])
    settings = lakeformation.get_data_lake_settings()["DataLakeSettings"]
    settings["DataLakeAdmins"] = [{"DataLakePrincipalIdentifier": role + "boss"}]
    lakeformation.put_data_lake_settings(DataLakeSettings=settings)

    seen = looked(lake)
    assert seen.hidden == ()
    names = {one.principal.removeprefix(role) for one in seen.grants if one.sure}
    assert names == {"ml-train", "analyst", "intern", "it's", "boss"}
    assert len(seen.commands) == 4
    for command in seen.commands:
        run(lake, command)

    assert [told(grant) for grant in looked(lake).grants] == [[f"{role}ml-train", "application", True]]


def test_a_table_that_carries_a_tag_is_read_by_whoever_is_granted_the_tag(lake: Any) -> None:
    lakeformation = lake("lakeformation")
    who = {"DataLakePrincipalIdentifier": "arn:aws:iam::222222222222:role/analyst"}
    lakeformation.create_lf_tag(TagKey="level", TagValues=["secret", "public"])
    policy = {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [{"TagKey": "level", "TagValues": ["secret"]}]}}
    lakeformation.grant_permissions(Principal=who, Resource=policy, Permissions=["SELECT"])
    table = {"Table": {"DatabaseName": "churn", "Name": "features"}}

    def tagged(value: str) -> None:
        lakeformation.add_lf_tags_to_resource(Resource=table, LFTags=[{"TagKey": "level", "TagValues": [value]}])

    tagged("public")
    assert looked(lake) == Readers(grants=())
    tagged("secret")
    (command,) = looked(lake).commands
    run(lake, command)
    assert looked(lake) == Readers(grants=())


def test_what_the_endpoint_cannot_tell_is_missed(lake: Any) -> None:
    lake("lakeformation").put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [], "ReadOnlyAdmins": []})
    assert any("get_data_lake_settings" in one or "administrators" in one for one in looked(lake).hidden)
