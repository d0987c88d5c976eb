"""What recognises one kind of sensitive data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from airflow_mlsecops.core.entity import Entity

Span = tuple[int, int, str]
"""Where in a text something stands, and its value in the one spelling by which datasets are compared."""


def spelling(text: str) -> str:
    """A text without case, spaces or punctuation: the same for every way of writing one value."""
    return "".join(character for character in text.casefold() if character.isalnum())


def whole(run: str) -> Iterator[Span]:
    """The whole candidate is what was looked for: the pattern alone is proof enough."""
    yield 0, len(run), spelling(run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """One file in ``detectors/`` holds one of these, as ``DETECTOR``; one table in ``tests/detectors/`` proves it.

    It says what the entity looks like **anywhere** (``pattern``: one hit in a million rows is a finding), what a
    **column** of it looks like (``cell_pattern``: judged over many cells, with the column's name and its neighbours),
    and how it stands in **prose**. A detector needs at least one of these.

    Patterns use the syntax that RE2 and Rust's ``regex`` share: no look-around, no back-references. ``\\b``, ``\\d``,
    ``\\s`` and ``\\w`` mean ASCII.

    :param entity: what it recognises

    :param pattern: takes the widest run of characters that could hold the entity, in any cell of any column
    :param find: pure; every occurrence inside one match of ``pattern``, with positions in it
    :param sure: cells that it matches hold the entity beyond doubt, which spares a million of them ``find`` each; must
        match nothing in which ``find`` would find nothing
    :param bulk: decides many cells at once: of a polars Series of them, true where something is found in one, false
        where it does not, null where it has to be asked; only where columns are full of candidates
    :param tried: whole cells of digits whose check decides: of a column full of them, some pass by chance
    :param chance: what share of them that is (a tenth, with Luhn's digit); no more than that is no finding
    :param checked: true if ``find`` proves something beyond the pattern's shape (a check digit, an issued range)

    :param cell_pattern: what a whole cell, without space around it, looks like; anchored: ``^…$``
    :param cell: pure; the value of a cell that matches ``cell_pattern`` in one spelling, or ``""`` if it is none
    :param known: pure; true if such a cell is beyond its looks known to be one: its check digit is right, a gazetteer
        has it. Only known cells count where the column's name does not say what it holds
    :param common: of all columns that hold something else, the share of which most cells would be known by chance
        (0.0001: hardly any; 1.0: the values alone say nothing)
    :param least: share of a column's cells that must look like it, where its name does not say what it holds, for those
        that are known to count (0.95: nearly all could be names, so that half of them, which are nothing else, tell)
    :param names: names of columns that say what they hold: lower-case words joined by ``_`` that must appear as whole
        consecutive words (``e_mail`` fits ``contactEMail``; ``mail`` does not fit ``mailbox``)
    :param hints: words that make it likelier without saying so (``number`` or ``id`` for a national number)
    :param not_names: words that deny both (``verified`` in ``email_verified``), and keep ``pattern`` from a column too
        where a detector has no ``names`` (``version`` holds no IP address)
    :param near: entities that usually stand in the same table
    :param repeats: an entity of which a column of this one repeats a part (logins, of e-mail addresses beside them)
    :param part: pure; that part of one of its values, or ``""`` if what stands there may stand in any column

    :param prose: pure; every occurrence in a sentence, looked for in a bounded sample of long texts only

    :param general: it says less than a detector of the same role that knows the column too, and gives way to it (a
        national number of some kind, where the kind is known)
    :param everything: also search what cannot hold a built-in entity: decimals, dates, truth values
    :param name: what explanations call it: its module's name
    """

    entity: Entity
    name: str = ""
    pattern: str | None = None
    find: Callable[[str], Iterable[Span]] = whole
    sure: str | None = None
    bulk: Callable[[Any], Any] | None = None
    tried: str = ""
    chance: float = 0.0
    checked: bool = False
    cell_pattern: str | None = None
    cell: Callable[[str], str] = spelling
    known: Callable[[str], bool] | None = None
    common: float = 1.0
    least: float = 0.0
    names: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    not_names: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    repeats: str = ""
    part: Callable[[str], str] = spelling
    prose: Callable[[str], Iterable[Span]] | None = None
    general: bool = False
    everything: bool = False
    _hash: int = field(init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash

    def __post_init__(self) -> None:
        # Once, and of a few fields: hints are hundreds of words, and detectors are looked up for every column.
        object.__setattr__(self, "_hash", hash((self.name, self.entity.name, self.pattern, self.cell_pattern)))
        if self.pattern is None and self.cell_pattern is None and self.prose is None:
            raise ValueError(f"detector of {self.entity.name} has neither pattern nor cell_pattern nor prose")
        if self.cell_pattern is not None and not self.names and self.common >= 1.0:
            raise ValueError(f"detector of {self.entity.name} has a cell_pattern, but neither names nor common < 1")
        if not 0.0 < self.common <= 1.0:
            raise ValueError(
                f"detector of {self.entity.name} has common={self.common}, expected more than 0, at most 1"
            )
