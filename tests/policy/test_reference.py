"""The reference says something of every field that a policy folder may hold."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from airflow_mlsecops.policy import reference
from airflow_mlsecops.policy.reference import described, fields, reference_markdown

MODELS = [model for _, model in reference._SECTIONS]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_described(model: type[BaseModel]) -> None:
    said = described(model)
    assert [name for name, _ in fields(model) if not said.get(name)] == []
    assert set(said) <= set(model.model_fields)


def test_types_and_defaults() -> None:
    text = reference_markdown()
    for row in (
        "| `up_to` | `public` or `internal` or `confidential` or `restricted` | `public` |",
        "| `stages` | by name: stage | required |",
        "| `datasets` | list of: dataset rule | empty |",
        "| `known` | by name: list of: text | empty |",
        "| `remote` | true or false | `true` |",
        "| `max_share` | number | none |",
        "| `observe_until` | date | none |",
        "| `until` | date | required |",
        "| `scan` | `pass` or `fail` or `unknown` | `pass` |",
    ):
        assert row in text, row
    assert "`digest`" not in text
    assert "context.listed" in text
    assert "``" not in text.replace("```", "")


def test_tables_are_whole() -> None:
    rows = [line for line in reference_markdown().split("## access.cedar")[0].splitlines() if line.startswith("|")]
    assert {row.replace("\\|", "").count("|") for row in rows} == {5}
