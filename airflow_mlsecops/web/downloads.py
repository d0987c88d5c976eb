"""One dataset as files: JSON for machines, CSV for spreadsheets, CycloneDX for bills of materials. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from airflow_mlsecops.web.cell import cell
from airflow_mlsecops.web.dataset_report import DatasetReport

if TYPE_CHECKING:
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom

COLUMNS = (
    *("verdict", "column", "class", "title", "level", "new", "rows", "of", "share", "how", "score"),
    *("first_seen", "last_seen", "code", "note", "rule", "waived_until", "waived_by"),
    *("parent", "parent_column", "parent_share"),
)
MOST_PROPERTIES = 2_000


def as_json(report: DatasetReport) -> bytes:
    """All of it, in the order and by the names that ``docs/howto/dataset.md`` says."""
    return json.dumps(report.model_dump(mode="json"), indent=2).encode()


def as_csv(report: DatasetReport) -> bytes:
    """The columns, one line for each class in each; clean ones last."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(report):
        writer.writerow(cell(row.get(name)) for name in COLUMNS)
    return out.getvalue().encode("utf-8", "replace")


def _rows(report: DatasetReport) -> Iterator[dict[str, Any]]:
    for line in report.columns.lines:
        yield {**line.model_dump(), "class": line.entity, "new": line.novelty, "share": line.share}
    for name in report.columns.clean:
        yield {"verdict": "pass", "column": name, "rows": 0, "note": "read whole, nothing found"}


def as_cyclonedx(report: DatasetReport) -> bytes:
    """A CycloneDX 1.6 document that holds the dataset as a component of type data.

    Number and time are those of the newest record, so that the same record gives the same document.
    """
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion

    text = make_outputter(_bom(report), OutputFormat.JSON, SchemaVersion.V1_6).output_as_string()
    document = json.loads(text)
    # The library has no model for what a component of type data says of itself.
    document["components"][0]["data"] = [_data(report)]
    return json.dumps(document, indent=2, sort_keys=True).encode()


def _bom(report: DatasetReport) -> Bom:
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.tool import ToolRepository

    from airflow_mlsecops import __version__

    newest = max(report.scans, key=lambda scan: scan.time, default=None)
    tool = Component(name="airflow-mlsecops", type=ComponentType.APPLICATION, version=__version__)
    dataset = Component(
        name=report.dataset,
        type=ComponentType.DATA,
        bom_ref="dataset",
        version=newest.fingerprint if newest else None,
        description=report.why or None,
        properties=_properties(report),
    )
    written = datetime.fromisoformat(newest.time).astimezone(UTC) if newest else datetime.fromtimestamp(0, UTC)
    return Bom(
        components=[dataset],
        serial_number=UUID(newest.record) if newest else UUID(int=0),
        metadata=BomMetaData(timestamp=written, tools=ToolRepository(components=[tool])),
    )


def _data(report: DatasetReport) -> dict[str, Any]:
    data: dict[str, Any] = {"type": "dataset", "name": report.dataset}
    if report.level:
        data["classification"] = report.level
    titles = sorted({line.title for line in report.columns.lines if line.entity})
    if titles:
        data["sensitiveData"] = titles
    if report.owner:
        data["governance"] = {"owners": [{"organization": {"name": report.owner}}]}
    return data


def _properties(report: DatasetReport) -> list[Property]:
    from cyclonedx.model import Property

    pairs = [
        ("environment", report.environment),
        ("verdict", report.verdict),
        ("verified", str(report.verified).lower()),
        ("stage", report.stage),
        ("rows", f"{report.rows_scanned} of {'unknown' if report.rows_present is None else report.rows_present}"),
        ("columns", str(report.columns.total)),
        *((f"record:{scan.record}", scan.hash) for scan in report.scans),
        *((f"column:{line.column}", f"{line.entity or line.code} {line.verdict}") for line in report.columns.lines),
        *((f"column:{name}", "nothing found") for name in report.columns.clean),
        *((f"parent:{one.parent}", one.column) for one in report.parents),
        *((f"used-by:{use.dag_id}", use.task_id) for use in report.used_by),
    ]
    return [Property(name=f"airflow-mlsecops:{name}", value=value) for name, value in pairs[:MOST_PROPERTIES] if value]
