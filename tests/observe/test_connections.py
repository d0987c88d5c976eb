"""Which connections tasks name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_mlsecops.core.facts import ConnectionFacts, Facts, NotObserved
from airflow_mlsecops.observe import connections
from airflow_mlsecops.observe.connections import UNDECIDED


class Task:
    """A task, as far as anybody looks at it here."""

    def __init__(self, task_id: str = "t", **attributes: Any) -> None:
        self.task_id = task_id
        vars(self).update(attributes)


class Value:
    """Something with fields: an Asset, mapped arguments, another task's output."""

    def __init__(self, **fields: Any) -> None:
        vars(self).update(fields)


class WithDefault(Task):
    slack_conn_id = "slack_default"


class Sneaky(Task):
    @property
    def hook_conn_id(self) -> str:
        raise AssertionError("looking at a task must not run its code")


OUTPUT = Value(resolve=lambda context: "later")
TABLE = [
    ("an attribute", Task(conn_id="crm_db"), {"crm_db"}),
    ("a longer name", Task(aws_conn_id="aws_default", source_conn_id="crm_db"), {"aws_default", "crm_db"}),
    ("of its class", WithDefault(), {"slack_default"}),
    ("of its class, set anew", WithDefault(slack_conn_id="other"), {"other"}),
    ("several in one", Task(conn_id=["a", "b"]), {"a", "b"}),
    ("surrounded by blanks", Task(conn_id=" crm_db "), {"crm_db"}),
    ("near miss: none", Task(conn_id=None), set()),
    ("near miss: empty", Task(conn_id="", other_conn_id="  "), set()),
    ("near miss: no text", Task(conn_id=7), set()),
    ("near miss: another end", Task(conn_ids="a", conn_id_field="b", connection="c"), set()),
    ("near miss: a property", Sneaky(), set()),
    ("a template", Task(conn_id="{{ var.value.db }}"), {"{{ var.value.db }}"}),
    ("another task's output", Task(conn_id=OUTPUT), {UNDECIDED}),
    ("partial arguments", Task(partial_kwargs={"aws_conn_id": "aws_default", "sql": "x"}), {"aws_default"}),
    ("mapped arguments", Task(expand_input=Value(value={"conn_id": ["a", "b"], "sql": ["x"]})), {"a", "b"}),
    ("mapped over an output", Task(expand_input=Value(value={"conn_id": OUTPUT})), {UNDECIDED}),
    ("mapped over sets of arguments", Task(expand_input=Value(value=[{"conn_id": "a"}, {"conn_id": "b"}])), {"a", "b"}),
    ("arguments of a Python task", Task(op_kwargs={"crm_conn_id": "crm_db"}), {"crm_db"}),
    ("positional arguments of a Python task", Task(python_callable=lambda crm_conn_id: 0, op_args=["crm_db"]), {"crm_db"}),
    ("near miss: positional arguments of other names", Task(python_callable=lambda name: 0, op_args=["crm_db"]), set()),
    ("arguments of a mapped Python task", Task(partial_kwargs={"op_kwargs": {"conn_id": "a"}}), {"a"}),
    ("mapped arguments of a Python task", Task(op_kwargs_expand_input=Value(value={"conn_id": ["a"]})), {"a"}),
    ("a dataset", Task(dataset="sql://crm_db/public.customers"), {"crm_db"}),
    ("an Asset", Task(dataset=Value(uri="s3://aws_prod@bucket/x")), {"aws_prod"}),
    ("parents", Task(parents=("sql://a/x", "s3://b@bucket/y", "file:///z")), {"a", "b"}),
    ("a mapped gate", Task(partial_kwargs={"dataset": "sql://crm_db/x"}), {"crm_db"}),
    ("near miss: a dataset without a connection", Task(dataset="s3://bucket/x"), set()),
    ("near miss: a file", Task(dataset="/data/x"), set()),
    ("near miss: what another operator calls a dataset", Task(dataset="my_dataset", parents=["folder"]), set()),
    ("near miss: datasets elsewhere", Task(sql="sql://crm_db/x"), set()),
]  # fmt: skip


@pytest.mark.parametrize(("task", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_used(task: Task, expected: set[str]) -> None:
    assert connections.used([task]) == dict.fromkeys(expected, ("t",))


def test_each_connection_knows_its_tasks_whatever_their_order() -> None:
    tasks = [Task("train", conn_id="a"), Task("extract", conn_id="b", other_conn_id="a")]
    expected = {"a": ("extract", "train"), "b": ("extract",)}
    assert connections.used(tasks) == expected
    assert list(connections.used(reversed(tasks))) == list(expected)


def lookup(connection: str) -> ConnectionFacts | NotObserved:
    if connection == "gone":
        return NotObserved(why="connection gone is not there")
    return ConnectionFacts(id=connection, type="postgres", environment="prod")


def test_facts_carry_their_tasks_and_can_be_stored() -> None:
    seen = connections.observe({"b": ("train",), "a": ("extract", "train")}, lookup)
    assert isinstance(seen, tuple)
    assert [(facts.id, facts.used_by) for facts in seen] == [("a", ("extract", "train")), ("b", ("train",))]
    facts = Facts(connections=seen)
    assert Facts.model_validate(json.loads(facts.model_dump_json())) == facts


def test_no_connections_is_an_answer() -> None:
    assert connections.observe({}, lookup) == ()


def test_one_that_cannot_be_seen_leaves_the_question_open() -> None:
    answer = connections.observe({"a": ("extract",), "gone": ("train",)}, lookup)
    assert answer == NotObserved(why="connection gone is not there (used by train)")


@pytest.mark.parametrize("connection", [UNDECIDED, "{{ var.value.db }}", "{% if x %}a{% endif %}"])
def test_what_is_decided_at_run_time_is_not_looked_up(connection: str) -> None:
    def never(_connection: str) -> ConnectionFacts:
        raise AssertionError

    answer = connections.observe({connection: ("t",)}, never)
    assert isinstance(answer, NotObserved)
    assert "decided only when the task runs" in answer.why


@pytest.mark.airflow
def test_real_operators() -> None:
    from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
    from airflow.sdk import DAG, task

    from airflow_mlsecops.operators import ClassifyDatasetOperator

    @task
    def load(crm_conn_id: str) -> None:
        """Read something."""

    @task
    def choose() -> list[str]:
        """Name connections."""
        return ["x"]

    with DAG("d") as dag:
        SQLExecuteQueryOperator(task_id="plain", sql="SELECT 1", conn_id="a")
        SQLExecuteQueryOperator.partial(task_id="partial", conn_id="b").expand(sql=["SELECT 1"])
        SQLExecuteQueryOperator.partial(task_id="expanded", sql="SELECT 1").expand(conn_id=["c", "d"])
        SQLExecuteQueryOperator.partial(task_id="sets").expand_kwargs([{"sql": "SELECT 1", "conn_id": "e"}])
        SQLExecuteQueryOperator.partial(task_id="open", sql="SELECT 1").expand(conn_id=choose())
        load("f")
        load.override(task_id="keyword")(crm_conn_id="g")
        load.override(task_id="many").expand(crm_conn_id=["h"])
        ClassifyDatasetOperator(task_id="gate", dataset="sql://i/x", parents=["s3://j@bucket/y"])
    found = connections.used(dag.tasks)
    expected = {
        "a": ("plain",), "b": ("partial",), "c": ("expanded",), "d": ("expanded",), "e": ("sets",), UNDECIDED: ("open",),
        "f": ("load",), "g": ("keyword",), "h": ("many",), "i": ("gate",), "j": ("gate",),
    }  # fmt: skip
    assert found == expected
