"""Treatments done to a dataset, batch by batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.treatment import REDACT, Treated, Treatment
from airflow_mlsecops.core.words import printable
from airflow_mlsecops.sanitize._cells import exact
from airflow_mlsecops.sanitize._errors import SanitizeError
from airflow_mlsecops.sanitize._nested import Task, addressed, below, changed, flat
from airflow_mlsecops.sanitize._registry import transformation_of
from airflow_mlsecops.sanitize._transformation import Means, PseudonymKey, Transformation
from airflow_mlsecops.sanitize._within import Within

if TYPE_CHECKING:
    import polars as pl


class Sanitizer:
    """Does what it is told to the columns of batches, which may be as many as they like: it keeps counts alone.

    Of several whole-cell treatments of one column the strongest is done; those inside texts are done one after the
    other. What stands at a path that cannot be told exactly (keys that are data, ``{}``) is done to its whole column.

    :param treatments: what to do
    :param key: the secret of pseudonyms and made-up values
    :param previous: the one before, for pseudonyms that are to join with older ones
    :param detectors: what finds sensitive data inside texts
    :raises SanitizeError: if a treatment needs something that is not given
    :raises ValueError: if a rule is none; with one sentence
    """

    def __init__(
        self,
        treatments: Sequence[Treatment],
        *,
        key: PseudonymKey,
        previous: PseudonymKey | None = None,
        detectors: Sequence[Detector] = (),
    ) -> None:
        means = Means(key, previous, tuple(detectors))
        self._acts = tuple(_acts(treatments, means))
        self._planned: tuple[object, _Plan] | None = None
        self._shapes: dict[str, str] = {}
        self._dropped: set[str] = set()

    def __repr__(self) -> str:
        return f"Sanitizer({len(self._acts)} treatments)"

    def apply(self, batch: pl.DataFrame) -> pl.DataFrame:
        """The batch made harmless: its rows in their order, without the columns that are dropped.

        :raises SanitizeError: if no column would be left
        """
        import polars as pl

        plan = self._plan(batch)
        made = []
        for place, column in enumerate(batch.iter_columns()):
            new = _column(column, plan[place]) if place in plan else column
            if new is None:
                self._dropped.add(column.name)
            else:
                made.append(new.alias(column.name))
        if not made and batch.width:
            raise SanitizeError("every column would be dropped: nothing would be left to write", code="NOTHING_LEFT")
        # By name, since a list would give a column without a name another one.
        return pl.DataFrame({column.name: column for column in made})

    @property
    def treated(self) -> tuple[Treated, ...]:
        """What was done so far, in the order of the columns' names."""
        return tuple(act.treated for act in sorted(self._acts, key=lambda act: (act.column, act.order)))

    @property
    def shapes(self) -> Mapping[str, str]:
        """Of the columns seen so far whose whole cells were treated, the pattern (RE2) that every cell now matches."""
        return MappingProxyType(dict(sorted(self._shapes.items())))

    @property
    def dropped(self) -> frozenset[str]:
        """Columns that were left out so far."""
        return frozenset(self._dropped)

    def require_met(self) -> None:
        """Refuse to have treated what was never there; to be asked after the last batch.

        Files of a folder need not have the same columns, so a batch may lack one.

        :raises SanitizeError: ``COLUMN_NOT_FOUND`` if no batch had what a treatment names
        """
        missing = sorted({printable(act.column) for act in self._acts if not act.met})
        if missing:
            raise SanitizeError(
                f"{', '.join(missing)} is to be sanitised, but no row had a column of that name: see whether the "
                "source changed since it was scanned",
                code="COLUMN_NOT_FOUND",
            )

    def _plan(self, batch: pl.DataFrame) -> _Plan:
        """What is done to each column; looked up once for as long as the columns stay the same."""
        schema = tuple(batch.schema.items())
        if self._planned is None or self._planned[0] != schema:
            self._planned = schema, _planned(self._acts, batch)
            self._shapes |= dict(_shapes(self._planned[1], batch))
        return self._planned[1]


class _Act:
    """One transformation at one path, and what it did so far; no repr but its path, since it sees the data."""

    def __init__(self, treatments: Sequence[Treatment], transformation: Transformation, means: Means) -> None:
        first = treatments[0]
        self.column, self.transformation = first.column, transformation
        self._entities = frozenset(entity for one in treatments for entity in one.entities)
        # Whoever names no entity means all.
        sought = self._entities if all(one.entities for one in treatments) else frozenset()
        self._means = Means(means.key, means.previous, means.detectors, sought)
        self._counts: Counter[str] = Counter()
        self.met = False
        self._said, self._key = str(first.rule), transformation.key_id(self._means)
        # Inside texts what finds by itself comes before what masks by a pattern, and may leave half of something; of
        # what is done to whole cells the strongest comes first.
        strength = transformation.strength if transformation.partial else -transformation.strength
        self.order = (not transformation.partial, strength, self._said)

    def __repr__(self) -> str:
        return f"_Act({self.column!r}, {self._said})"

    def __call__(self, cells: pl.Series) -> pl.Series | None:
        """The cells transformed, and counted; ``None`` if they go."""
        if not self.transformation.empties:
            cells = flat(cells)
        made = self.transformation.apply(cells, self._means)
        there, empty = cells.is_not_null(), made.is_null()
        self._counts["cells"] += int(there.sum())
        self._counts["emptied"] += 0 if self.transformation.empties else int((there & empty).sum())
        same = (exact(cells) == exact(made)).fill_null(False)
        self._counts["changed"] += int((there & ~same).sum())
        return None if self.transformation.drops else made

    @property
    def treated(self) -> Treated:
        """What it did so far."""
        return Treated(
            column=self.column,
            entities=tuple(sorted(self._entities)),
            transformation=self._said,
            key=self._key,
            **self._counts,
        )


_Plan = Mapping[int, Sequence[tuple[str, _Act]]]
# Drop, null and constant: to do them inside a text is what redact does.
_NOTHING_STAYS = 90


def _acts(treatments: Sequence[Treatment], means: Means) -> Iterator[_Act]:
    import polars as pl

    by_column: dict[str, list[tuple[Treatment, Transformation]]] = defaultdict(list)
    for treatment in treatments:
        by_column[treatment.column].append((treatment, _transformation(treatment)))
    nothing = pl.Series([], dtype=pl.String)
    for pairs in by_column.values():
        for act in _of_column(pairs, means):
            # On no cells, so that what it lacks shows before any data is read.
            act(nothing)
            yield act


def _of_column(pairs: Sequence[tuple[Treatment, Transformation]], means: Means) -> Iterator[_Act]:
    whole = [pair for pair in pairs if not pair[1].partial]
    if whole:
        strongest = max(whole, key=lambda pair: (pair[1].strength, str(pair[0].rule)))
        yield _Act([strongest[0], *(treatment for treatment, _ in pairs)], strongest[1], means)
        return
    alike: dict[str, list[tuple[Treatment, Transformation]]] = defaultdict(list)
    for treatment, transformation in pairs:
        alike[f"{treatment.within} {treatment.rule}"].append((treatment, transformation))
    for same in alike.values():
        yield _Act([treatment for treatment, _ in same], same[0][1], means)


def _transformation(treatment: Treatment) -> Transformation:
    made = transformation_of(treatment.rule)
    if not treatment.within or treatment.rule.transformation == REDACT or made.strength >= _NOTHING_STAYS:
        return made
    return Within(inner=made)


def _planned(acts: Sequence[_Act], batch: pl.DataFrame) -> _Plan:
    plan: dict[int, list[tuple[str, _Act]]] = defaultdict(list)
    for act in acts:
        for place, inner in _places(act.column, batch):
            act.met = True
            plan[place].append((inner, act))
    return {place: _in_order(some) for place, some in plan.items()}


def _places(path: str, batch: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """Each column that the path may speak of, with what follows its name; nothing if the whole of it is meant.

    A name may have a dot in it, so that one path leads to several; where the place inside is not told (``{}``) each of
    them is meant as a whole.
    """
    possible = [
        (place, inner)
        for place, name in enumerate(batch.columns)
        # By position are columns called whose names are themselves data.
        for shown in (name, f"column[{place + 1}]")
        if (inner := below(path, shown)) is not None
    ]
    certain = [(place, inner) for place, inner in possible if addressed(batch.to_series(place).dtype, inner)]
    yield from certain or ((place, "") for place, inner in possible if "{" in inner)


def _in_order(some: Sequence[tuple[str, _Act]]) -> list[tuple[str, _Act]]:
    """What is done to a column: first inside; to the cell as a whole what is strongest, or all inside its text."""
    ordered = sorted(some, key=lambda pair: pair[1].order)
    inside = [pair for pair in ordered if pair[0]]
    whole = [pair for pair in ordered if not pair[0]]
    final = [pair for pair in whole if not pair[1].transformation.partial]
    if final and final[0][1].transformation.drops:
        return final[:1]
    return [*inside, *(final[:1] or whole)]


def _column(column: pl.Series, tasks: Sequence[tuple[str, _Act]]) -> pl.Series | None:
    import polars as pl

    some: list[Task] = [(inner, act) for inner, act in tasks]
    try:
        return changed(column, some)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        # Its text may hold a cell.
        broken = type(error).__name__
    raise SanitizeError(
        f"column {printable(tasks[0][1].column)} of type {column.dtype.base_type().__name__} could not be sanitised "
        f"({broken}): convert it to text before, or drop it",
        code="UNREADABLE_COLUMN",
    )


def _shapes(plan: _Plan, batch: pl.DataFrame) -> Iterator[tuple[str, str]]:
    for place, tasks in plan.items():
        for inner, act in tasks:
            shape = act.transformation.shape()
            if not inner and shape is not None and not act.transformation.drops:
                yield batch.columns[place], shape


def residue(batch: pl.DataFrame, shapes: Mapping[str, str]) -> Counter[str]:
    """Rows of a batch that came out whose cells are not what they should be, by column; none where all is well.

    :param shapes: as :attr:`Sanitizer.shapes` tells them
    :raises SanitizeError: if a column is not there: of it nothing is proven
    """
    found: Counter[str] = Counter()
    for column, shape in shapes.items():
        if column not in batch.columns:
            raise SanitizeError(
                f"column {printable(column)} was sanitised, but is not in what was written: "
                "nothing proves what became of it",
                code="COLUMN_NOT_FOUND",
            )
        cells = batch.get_column(column).alias("cells")
        fits = exact(cells).str.contains(shape).fill_null(False)
        rows = int((cells.is_not_null() & ~fits).sum())
        if rows:
            found[column] = rows
    return found
