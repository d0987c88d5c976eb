"""One dataset as files: what a spreadsheet, a machine and a bill of materials make of them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from airflow_mlsecops.core.verdict import Gate
from airflow_mlsecops.web import downloads
from airflow_mlsecops.web.dataset_report import FORMAT, DatasetReport
from tests.web import scene
from tests.web.test_dataset_view import report
from tests.web.test_run_page import HOSTILE


def rows(one: DatasetReport) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(downloads.as_csv(one).decode(), newline="")))


def hostile() -> DatasetReport:
    found = tuple(
        scene.EMAIL.model_copy(update={"subject": name}) for name in (*HOSTILE, '=cmd|"/c calc"!A1', "@SUM(A1)")
    )
    return report(
        scene.verdict(Gate.CLASSIFY, *found, **scene.read(clean_columns=("+1", "-x", "\tq", "\ry", *HOSTILE)))
    )


def test_the_table_of_columns() -> None:
    first, second, *_ = rows(report(scene.CLASSIFY_FEATURES))
    assert (first["verdict"], first["column"], first["class"], first["new"]) == (
        "fail", "contact_hint", "EMAIL_ADDRESS", "NEW",
    )  # fmt: skip
    assert (first["rows"], first["of"], first["parent_column"]) == ("1031", "1048576", "email")
    assert (second["verdict"], second["waived_by"]) == ("waived", "crm-security")
    (last,) = rows(report(scene.CLEAN.model_copy(update={"clean_columns": ("visits",)})))[1:]
    assert (last["verdict"], last["column"], last["rows"]) == ("pass", "visits", "0")


def test_hostile_names_stay_in_their_cells() -> None:
    table = rows(hostile())
    assert len(table) == len(HOSTILE) + 2 + 4
    assert all(len(row) == len(downloads.COLUMNS) and None not in row for row in table)
    assert not any(cell.startswith(("=", "+", "@")) for row in table for cell in row.values())


def test_the_json_is_as_documented() -> None:
    said = json.loads(downloads.as_json(report(scene.CLASSIFY_FEATURES)))
    assert said["format"] == FORMAT == "airflow-mlsecops dataset 1"
    assert DatasetReport.model_fields.keys() == said.keys()
    page = (Path(__file__).parents[2] / "docs/howto/dataset.md").read_text()
    assert [key for key in said if f"`{key}`" not in page] == []
    assert [key for key in said["columns"]["lines"][0] if f"`{key}`" not in page] == []
    assert said["columns"]["lines"][0]["share"] == pytest.approx(0.000983, abs=1e-6)


CASES: tuple[Any, ...] = (scene.CLASSIFY_FEATURES, scene.CLEAN, None)


@pytest.mark.parametrize("said", CASES, ids=["trouble", "clean", "hostile"])
def test_the_bill_of_materials_is_valid(said: Any) -> None:
    one = hostile() if said is None else report(said)
    text = downloads.as_cyclonedx(one).decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert downloads.as_cyclonedx(one).decode() == text


def test_the_bill_of_materials_says_what_it_is() -> None:
    one = report(scene.CLASSIFY_FEATURES)
    said = json.loads(downloads.as_cyclonedx(one))
    (component,) = said["components"]
    assert (component["type"], component["name"]) == ("data", scene.FEATURES)
    assert component["data"] == [
        {
            "type": "dataset",
            "name": scene.FEATURES,
            "classification": "restricted",
            "sensitiveData": ["E-mail address", "Phone number", "Postcode"],
            "governance": {"owners": [{"organization": {"name": "growth-ml"}}]},
        }
    ]
    assert said["serialNumber"].replace("-", "").endswith(one.scans[0].record)
    assert said["metadata"]["timestamp"] == one.scans[0].time
    properties = {each["name"]: each["value"] for each in component["properties"]}
    assert properties["airflow-mlsecops:column:contact_hint"] == "EMAIL_ADDRESS fail"
    assert properties[f"airflow-mlsecops:record:{one.scans[0].record}"] == one.scans[0].hash
