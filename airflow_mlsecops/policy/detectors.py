"""Detectors that a policy folder brings along: ``detectors/*.yaml``, one a file, each proven by its own examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.detector import Detector, spelling, whole
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.policy.dialect import fault
from airflow_mlsecops.policy.mistakes import Mistake, nearest, quoted
from airflow_mlsecops.policy.recognisers import RecogniserFile, recognisers_of, unknown_entities
from airflow_mlsecops.policy.shape import Step, line_at, shaped
from airflow_mlsecops.policy.text import read_text
from airflow_mlsecops.policy.tree import Node, read_yaml
from airflow_mlsecops.policy.validators import NAMES, STDNUM, Validator, ValidCell, ValidRun, known
from airflow_mlsecops.scan.naming import names_of

FOLDER = "detectors/"
MOST_EXAMPLES = 100

_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,59}")
_Doubt = tuple[tuple[Step, ...], str]
Text = Annotated[str, Field(min_length=1)]


class ColumnExample(Frozen):
    """A whole column that is, or is not, found to be one of the entity.

    :param name: of the column
    :param cells: a few distinct cells
    :param found: whether it must be found
    """

    name: Text
    cells: tuple[Text, ...]
    found: bool = True


class Examples(Frozen):
    """Cells that prove a detector; made-up ones, never real values.

    :param match: cells that it must find, one alone at a time
    :param no_match: cells that it must not find: near misses
    :param columns: whole columns, where one cell tells little
    """

    match: tuple[Text, ...]
    no_match: tuple[Text, ...]
    columns: tuple[ColumnExample, ...] = ()


class DetectorFile(Frozen):
    """One file of ``detectors/``: a kind of sensitive data of your own, and how it is recognised.

    Patterns use the syntax of RE2 as far as Rust's regex means the same by it; ``\\d``, ``\\w``, ``\\s`` and ``\\b``
    mean ASCII. At least one of ``pattern`` and ``cell_pattern`` is needed.

    :param name: of the entity, in upper case: what rules, waivers and verdicts call it
    :param title: what people read, singular, as it stands inside a sentence ("staff number")
    :param level: how sensitive it is
    :param role: what it does to the person it is about
    :param tags: regulations that speak of it
    :param pattern: searched in every cell of every column: one hit in a million rows is a finding
    :param cell_pattern: what a whole cell looks like; counts in columns whose name fits ``names``, or where ``common``
        says that hardly any other column looks so
    :param names: names of columns that hold it: lower-case words joined by ``_``
    :param hints: words in a column's name that make it likelier
    :param not_names: words in a column's name that deny it
    :param validator: check digits: ``luhn``, ``mod97``, ``verhoeff``, ``damm``, or ``stdnum:`` and a module of
        python-stdnum, such as ``stdnum:de.idnr``
    :param common: of all columns that hold something else, the share of which most cells look so by chance
    :param examples: made-up cells that must and must not be found; checked whenever the folder is read
    """

    name: str
    title: Text
    level: Level
    role: Role
    tags: tuple[Text, ...] = ()
    pattern: str = ""
    cell_pattern: str = ""
    names: tuple[Text, ...] = ()
    hints: tuple[Text, ...] = ()
    not_names: tuple[Text, ...] = ()
    validator: str = ""
    common: float = Field(default=1.0, ge=0.000001, le=1)
    examples: Examples


def read_detectors(
    files: Mapping[str, bytes], built_in: Mapping[str, Entity]
) -> tuple[tuple[Detector, ...], list[Mistake]]:
    """Read every detector of a folder; with any mistake the folder is to be refused.

    :param built_in: entities of this package, whose names are taken
    """
    found: dict[str, Detector] = {}
    roots, mistakes = _roots(files)
    for file, root in roots.items():
        if root.child("model") is None:
            detector, line, wrong = _read(file, root)
            taken = _taken(detector, found, built_in) if detector else ""
            mistakes += [*wrong, *([Mistake(file, line, taken)] if taken else [])]
            if detector and not taken:
                found[detector.entity.name] = detector
    # They may name entities of the folder's own.
    known = {**built_in, **{name: detector.entity for name, detector in found.items()}}
    recognisers: list[Detector] = []
    for file, root in roots.items():
        if root.child("model") is not None:
            read, wrong = _recognisers(file, root, known)
            recognisers += read
            mistakes += wrong
    return (*found.values(), *recognisers), mistakes


def _roots(files: Mapping[str, bytes]) -> tuple[dict[str, Node], list[Mistake]]:
    """The tree of every file of the folder that is well-formed."""
    roots: dict[str, Node] = {}
    mistakes: list[Mistake] = []
    for file in sorted(name for name in files if name.startswith(FOLDER)):
        text, wrong = read_text(file, files[file])
        root, wrong = (None, wrong) if wrong else read_yaml(file, text)
        mistakes += wrong
        if root is not None and not wrong:
            roots[file] = root
    return roots, mistakes


def _recognisers(file: str, root: Node, entities: Mapping[str, Entity]) -> tuple[tuple[Detector, ...], list[Mistake]]:
    said, mistakes = shaped(file, root, RecogniserFile)
    if said is None:
        return (), mistakes
    mistakes = _told(file, root, unknown_entities(said, entities))
    return (() if mistakes else recognisers_of(said, file, entities)), mistakes


def _taken(detector: Detector, found: Mapping[str, Detector], built_in: Mapping[str, Entity]) -> str:
    name = detector.entity.name
    if name in built_in:
        return f"{name} is an entity of this version ({built_in[name].title}): choose a name of your own"
    return f"{name} is taken by {found[name].name}: one detector for each name" if name in found else ""


def _read(file: str, root: Node) -> tuple[Detector | None, int, list[Mistake]]:
    """A detector, the line that names it, and every mistake in its file."""
    from airflow_mlsecops.policy.examples import wrong_examples

    said, mistakes = shaped(file, root, DetectorFile)
    if said is None:
        return None, 0, mistakes
    mistakes = _told(file, root, _doubts(said))
    if mistakes:
        return None, 0, mistakes
    detector = detector_of(said, file)
    # With wrong examples it is no detector yet, but its name may stand in the policy: one mistake, not two.
    return detector, line_at(root, ("name",)), _told(file, root, wrong_examples(detector, said))


def _told(file: str, root: Node, doubts: Iterable[_Doubt]) -> list[Mistake]:
    return [Mistake(file, line_at(root, path), sentence) for path, sentence in doubts]


def detector_of(said: DetectorFile, file: str) -> Detector:
    """The detector that a file without mistakes describes."""
    validator = Validator(said.validator) if said.validator else None
    return Detector(
        entity=Entity(name=said.name, title=said.title, role=said.role, level=said.level, tags=said.tags),
        name=file,
        pattern=said.pattern or None,
        find=ValidRun(validator) if validator else whole,
        checked=validator is not None,
        cell_pattern=f"^(?:{said.cell_pattern})$" if said.cell_pattern else None,
        cell=ValidCell(validator) if validator else spelling,
        common=said.common,
        names=said.names,
        hints=said.hints,
        not_names=said.not_names,
        everything=True,
    )


def _doubts(said: DetectorFile) -> Iterator[_Doubt]:
    if not _NAME.fullmatch(said.name):
        yield ("name",), f"{quoted(said.name)}: expected two to sixty of A-Z, 0-9 and _, beginning with a letter"
    if "\n" in said.title or len(said.title) > 60:
        yield ("title",), "title: expected one line of at most 60 characters"
    for field in ("pattern", "cell_pattern"):
        if field in said.model_fields_set and (wrong := fault(getattr(said, field))):
            yield (field,), f"{field} {wrong}"
    if said.validator and not known(said.validator):
        close = nearest(said.validator, (*NAMES, f"{STDNUM}…"))
        yield ("validator",), f"validator {quoted(said.validator)} is not known{close}"
    yield from _names(said)
    yield from _numbers(said)


def _names(said: DetectorFile) -> Iterator[_Doubt]:
    if not said.pattern and not said.cell_pattern:
        yield (), "needs pattern (searched in every cell) or cell_pattern (whole cells), or both"
    if said.cell_pattern and not said.names and said.common >= 1:
        yield ("cell_pattern",), "cell_pattern needs names of columns, or common below 1: else it could count nowhere"
    for field in ("names", "hints", "common"):
        if field in said.model_fields_set and not said.cell_pattern:
            yield (field,), f"{field} counts only where whole cells are looked at: add cell_pattern, or leave it out"
    for field in ("names", "hints", "not_names"):
        for index, word in enumerate(getattr(said, field)):
            if word != word.lower() or re.search(r"[^\w]", word):
                yield (field, index), f"{quoted(word)}: expected lower-case words joined by _"
    if said.names and said.not_names and said.cell_pattern and not fault(said.cell_pattern):
        yield from _denied(said)


def _denied(said: DetectorFile) -> Iterator[_Doubt]:
    probe = Detector(
        entity=Entity(name="PROBE", title="probe", role=said.role, level=said.level),
        pattern="x",
        names=said.names,
        not_names=said.not_names,
    )
    for index, name in enumerate(said.names):
        if names_of((probe,)).fit(probe, name) is Fit.DENIES:
            yield ("names", index), f"{quoted(name)} is denied by not_names, which wins"


def _numbers(said: DetectorFile) -> Iterator[_Doubt]:
    for field in ("match", "no_match"):
        count = len(getattr(said.examples, field))
        if not count:
            yield ("examples", field), f"examples.{field} is empty: a detector without them is not accepted"
    for field in ("match", "no_match", "columns"):
        count = len(getattr(said.examples, field))
        if count > MOST_EXAMPLES:
            yield ("examples", field), f"examples.{field} holds {count:,}, at most {MOST_EXAMPLES}"
