"""What detectors make of the sample of a column's values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from airflow_mlsecops.core.clue import Fit
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.recognise import possible
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.scan.pattern import linear, quick
from airflow_mlsecops.scan.shape import LONGEST, fits, shapes_of

_PLACEHOLDERS = frozenset(
    words("""
        - -- --- . .. ? ?? n/a na n.a. n/a. #n/a none null nil nan nat unknown unk undefined missing blank empty
        unspecified x xx xxx xxxx test tbd tba todo void deleted redacted [redacted] masked anonymous 0000-00-00 inconnu
        unbekannt desconocido sconosciuto onbekend desconhecido (null) (none) (blank) <na> <null> not_available
        k.a k.a. s/d n.d n.d. n.v.t n.v.t. b/d brak
    """)
) | {"not available", "not provided", "not applicable", "not specified", "no data", "n / a"}
_LONGEST_PLACEHOLDER = max(map(len, _PLACEHOLDERS))
_PROSE_CHARACTERS, _PROSE_WORDS = 30, 5
# A word of a sentence: letters with space around them. The words of an address on the web are none.
_WORD = re.compile(r"(?:^|(?<=\s))[(\"'“«]?[^\W\d_]{2,}(?:['’-][^\W\d_]+)?[)\"'”».,;:!?…]*(?=\s|$)")
# Recognising persons in sentences is the slow part: so many of them are read.
_TEXTS = 200
# A column of which hardly any of the first values is known will not be one of the entity: the rest is left alone. The
# values come in the order of their hashes, so that the first are a uniform sample too.
_FIRST = 64
_HOPELESS = 0.1
# So many numbers, on average less than so far apart, are counted up: postcodes of a town stand close together, too, but
# more than once. They are none of what their digits alone would hardly tell.
_COUNTED, _APART, _DIGITS, _WEAK = 10, 4, 19, 0.01


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of cells, and of the rows they stand for."""

    cells: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Values:
    """Distinct values of a column as detectors look at them; no repr, since it holds the data.

    :param cells: stripped, without placeholders, each with the rows that it stands for
    :param of: rows that all sampled values stand for, placeholders too
    :param texts: those of the cells that are sentences
    :param shapes: of the cells, if they are few
    :param counted: true for whole numbers that stand once each, close together: keys, as somebody counted them up
    """

    cells: tuple[tuple[str, int], ...]
    of: int
    texts: tuple[tuple[str, int], ...]
    shapes: bytes | None
    counted: bool = False

    @property
    def prose(self) -> bool:
        """True if most of the values are sentences."""
        return len(self.texts) * 2 > len(self.cells)


def values_of(sampled: Iterable[tuple[str, int]], distinct: int = 0) -> Values:
    """Prepare sampled values.

    :param distinct: values of the whole column, of which these are a sample
    """
    pairs = [(text.strip(), rows) for text, rows in sampled]
    cells = tuple((text, rows) for text, rows in pairs if not _placeholder(text))
    texts = tuple((text, rows) for text, rows in cells if _is_prose(text))
    return Values(
        cells=cells,
        of=sum(rows for _, rows in pairs),
        texts=texts,
        shapes=_shapes(cells),
        counted=_counted(cells, max(distinct, len(cells))),
    )


def _counted(cells: tuple[tuple[str, int], ...], distinct: int) -> bool:
    once = len(cells) >= _COUNTED and all(
        rows == 1 and text.isdecimal() and len(text) < _DIGITS for text, rows in cells
    )
    numbers = [int(text) for text, _ in cells] if once else []
    return once and max(numbers) - min(numbers) < _APART * distinct


def _shapes(cells: tuple[tuple[str, int], ...]) -> bytes | None:
    told = all(text.isascii() and len(text) <= LONGEST and "\n" not in text for text, _ in cells)
    return shapes_of("\n".join(text for text, _ in cells).encode()) if told else None


def _placeholder(text: str) -> bool:
    # Sentences need not be folded to tell.
    return len(text) <= _LONGEST_PLACEHOLDER and (not text or text.casefold() in _PLACEHOLDERS)


def _is_prose(text: str) -> bool:
    return len(text) >= _PROSE_CHARACTERS and len(_WORD.findall(text[:400])) >= _PROSE_WORDS


@dataclass(frozen=True, slots=True, repr=False)
class Looked:
    """What one detector made of the values.

    :param cells: cells that were looked at
    :param shaped: cells that match its pattern
    :param looks: of them, those that are one of its values
    :param known: of those, the ones it knows
    :param found: values that look right (or are known, where the name says nothing), in one spelling
    """

    cells: int = 0
    shaped: Counts = Counts()
    looks: Counts = Counts()
    known: Counts = Counts()
    found: tuple[str, ...] = ()


def look(detector: Detector, values: Values, fit: Fit) -> Looked:
    """What a detector makes of whole cells."""
    if detector.cell_pattern is None or not possible(detector, fit):
        return Looked()
    thorough = fit in (Fit.SAYS, Fit.HINTS)
    if values.counted and not thorough and detector.common >= _WEAK:
        return Looked(cells=len(values.cells))
    if values.shapes is not None and not fits(detector.cell_pattern, values.shapes):
        return Looked(cells=len(values.cells if thorough else values.cells[:_FIRST]))
    first = _look(detector, values.cells[:_FIRST], thorough=thorough)
    if not thorough and first.known.cells < _HOPELESS * len(values.cells[:_FIRST]):
        return first
    return _look(detector, values.cells, thorough=thorough) if len(values.cells) > _FIRST else first


def _look(detector: Detector, cells: tuple[tuple[str, int], ...], *, thorough: bool) -> Looked:
    pattern = detector.cell_pattern or ""
    # Whoever writes a detector into a policy folder may write one that takes for ever.
    matches = (linear(pattern) if detector.everything else quick(pattern)).search
    shaped = [(cell, rows) for cell, rows in cells if matches(cell)]
    looks = [(cell, rows, value) for cell, rows in shaped if (value := detector.cell(cell))]
    known = [one for one in looks if detector.known is None or detector.known(one[0])]
    shown = looks if thorough else known
    return Looked(
        cells=len(cells),
        shaped=Counts(len(shaped), sum(rows for _, rows in shaped)),
        looks=Counts(len(looks), sum(rows for _, rows, _ in looks)),
        known=Counts(len(known), sum(rows for _, rows, _ in known)),
        found=tuple(value for _, _, value in shown),
    )


def read(detector: Detector, values: Values) -> tuple[Counts, Counts]:
    """How many sentences were read, and in how many of them the entity is named; none where most cells are short."""
    if detector.prose is None or not values.prose:
        return Counts(), Counts()
    texts = values.texts[:_TEXTS]
    told = [rows for text, rows in texts if any(True for _ in detector.prose(text))]
    return Counts(len(texts), sum(rows for _, rows in texts)), Counts(len(told), sum(told))
