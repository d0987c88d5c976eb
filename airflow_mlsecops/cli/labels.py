"""What columns hold, as their owner says: a file of lines ``column,entity`` or ``table,column,entity``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from airflow_mlsecops.cli.reading import guess
from airflow_mlsecops.core.errors import MlsecopsError

_SHAPE = "expected `column,entity`, or `table,column,entity` for several tables"


class LabelsError(MlsecopsError):
    """The labels are wrong: whoever wrote them must mend them.

    :param mistakes: one line each; they name places in the file and never what stands there, which may be data
    """

    code = "LABELS_INVALID"

    def __init__(self, file: Path, mistakes: Sequence[str]) -> None:
        noun = "mistake" if len(mistakes) == 1 else "mistakes"
        super().__init__(f"{len(mistakes):,} {noun} in {file.name}: nothing was evaluated")
        self.mistakes = tuple(f"{file.name}, {mistake}" for mistake in mistakes)


class Label(NamedTuple):
    """One line: what a column holds.

    :param where: ``line 3`` or ``entry 3``
    :param table: empty where there is but one
    :param entities: none: the column holds nothing sensitive
    """

    where: str
    table: str
    column: str
    entities: tuple[str, ...]


def read_labels(file: Path, entities: Collection[str]) -> tuple[Label, ...]:
    """Read labels from CSV, JSON or YAML.

    :param entities: every entity there is
    :raises LabelsError: if anything in the file is wrong, or it could not be read (``LABELS_UNREADABLE``)
    """
    text = _text(file)
    labels = tuple(_labels(file, text))
    known = {entity.upper(): entity for entity in entities}
    mistakes = [
        _unknown(label, entity, entities) for label in labels for entity in label.entities if entity not in known
    ]
    if not labels:
        mistakes = [f"line 1: no label stands in it; {_SHAPE}"]
    if mistakes:
        raise LabelsError(file, mistakes)
    return labels


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MlsecopsError(
            f"labels {file} could not be read ({type(error).__name__}): expected UTF-8 text of lines `column,entity`",
            code="LABELS_UNREADABLE",
        ) from None


def _labels(file: Path, text: str) -> Iterator[Label]:
    kind = file.suffix.lower()
    if kind in (".json", ".yaml", ".yml"):
        yield from _entries(file, _document(file, text, kind))
        return
    reader = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
    heads = {(head or "").strip().lower(): head for head in reader.fieldnames or ()}
    if not {"column", "entity"} <= heads.keys():
        raise LabelsError(file, [f"line 1: its {len(heads):,} columns have other names; {_SHAPE}"])
    try:
        for row in reader:
            table, column, entity = (row.get(heads.get(name, "")) or "" for name in ("table", "column", "entity"))
            yield _label(file, f"line {reader.line_num:,}", table, column, entity)
    except csv.Error:
        raise LabelsError(file, [f"line {reader.line_num:,}: no CSV"]) from None


def _document(file: Path, text: str, kind: str) -> object:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return json.loads(text) if kind == ".json" else YAML(typ="safe", pure=True).load(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
    raise LabelsError(file, [f"line {line:,}: no {kind.removeprefix('.').upper()}"])


def _entries(file: Path, document: object) -> Iterator[Label]:
    if isinstance(document, Mapping):
        document = [{"column": column, "entity": entity} for column, entity in document.items()]
    if not isinstance(document, list):
        raise LabelsError(file, [f"entry 1: neither a list of entries nor a mapping of columns to entities; {_SHAPE}"])
    for number, entry in enumerate(document, start=1):
        if not isinstance(entry, Mapping) or not {"column", "entity"} <= entry.keys():
            raise LabelsError(file, [f"entry {number:,}: no mapping with `column` and `entity`"])
        yield _label(file, f"entry {number:,}", entry.get("table"), entry["column"], entry["entity"])


def _label(file: Path, where: str, table: Any, column: Any, entity: Any) -> Label:
    several = entity if isinstance(entity, list) else [entity]
    parts = [part for one in several if one is not None for part in str(one).split(";")]
    entities = tuple(dict.fromkeys(part.strip().upper() for part in parts if part.strip()))
    name = "" if column is None else str(column)
    if not name.strip():
        raise LabelsError(file, [f"{where}: names no column"])
    return Label(where, "" if table is None else str(table).strip(), name, entities)


def _unknown(label: Label, entity: str, known: Collection[str]) -> str:
    return f"{label.where}: no entity has that name, see `airflow-mlsecops detectors`{guess(entity, known)}"
