"""One whole look at a source, between two looks at its fingerprint."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Classification, Skipped

if TYPE_CHECKING:
    import polars as pl

    from airflow_mlsecops.core.detector import Detector
    from airflow_mlsecops.core.fingerprint import Fingerprint
    from airflow_mlsecops.core.sampling import Sample, Sampling
    from airflow_mlsecops.scan import Hits
    from airflow_mlsecops.scan.allowances import Allowances
    from airflow_mlsecops.sources.interface import Source


def look(
    source: Source,
    key: bytes,
    detectors: Sequence[Detector],
    *,
    hits: Hits | None = None,
    progress: Callable[[int], None] | None = None,
    allowances: Allowances | None = None,
    sampling: Sampling | None = None,
    threads: int | None = None,
) -> Classification:
    """Classify the rows of a source; data that changed meanwhile is not looked at.

    :param key: keys the fingerprints
    :param hits: gathers what was found, to be traced to parents
    :param progress: told the number of rows done
    :param allowances: what does not count although it is found
    :param sampling: the policy's leave to look at a uniform sample of a large source; without it every row is read
    :param threads: columns looked at side by side; if not given two, where there are two processors
    :raises SourceError: if it could not be read to its end
    """
    from airflow_mlsecops.scan import examine
    from airflow_mlsecops.scan.allowances import NO_ALLOWANCES

    allowances = allowances or NO_ALLOWANCES
    before, present = source.fingerprint(key), source.rows_present()
    sample = sampling.sample(present) if sampling else None
    batches = _drawn(source, before, sample) if sample else source.batches()
    every = allowances.detectors(detectors)
    found = allowances.apply(
        *examine(batches, every, rows_present=present, hits=hits, progress=progress, threads=threads or _threads())
    )
    changed = () if source.fingerprint(key) == before else (_CHANGED,)
    return found.model_copy(
        update={
            "fingerprint": before,
            "bytes_read": source.bytes_present(),
            "skipped": (*found.skipped, *source.skipped, *changed),
            "sampled": sample,
        }
    )


def glance(
    source: Source,
    detectors: Sequence[Detector],
    *,
    rows: int,
    progress: Callable[[int], None] | None = None,
    allowances: Allowances | None = None,
) -> Classification:
    """Classify the first rows of a source: whoever wrote it chose which these are, so they prove nothing of the others.

    :param rows: how many; where there are no more, everything was looked at
    """
    from airflow_mlsecops.scan import examine
    from airflow_mlsecops.scan.allowances import NO_ALLOWANCES

    allowances = allowances or NO_ALLOWANCES
    first = _First(source.batches(), rows)
    found = allowances.apply(*examine(first, allowances.detectors(detectors), progress=progress))
    unread = (*found.skipped, *source.skipped, *((_glanced(rows),) if first.more else ()))
    return found.model_copy(update={"skipped": unread})


class _First:
    """The first rows of some batches."""

    def __init__(self, batches: Iterator[pl.DataFrame], rows: int) -> None:
        self._batches = batches
        self._rows = rows
        self.more = False

    def __iter__(self) -> Iterator[pl.DataFrame]:
        left = self._rows
        with closing(self._batches):  # type: ignore[type-var]
            for batch in self._batches:
                if left == 0 and batch.height:
                    self.more = True
                    return
                self.more = batch.height > left
                yield batch.head(left)
                left -= min(left, batch.height)
                if self.more:
                    return


def _threads() -> int:
    """Two columns side by side where there are two processors; a worker's other tasks need the rest."""
    return min(2, os.cpu_count() or 1)


def _drawn(source: Source, seen: Fingerprint, sample: Sample) -> Iterator[pl.DataFrame]:
    from airflow_mlsecops.scan.uniform import positions, sampled

    return sampled(source.batches(), positions(seen.root, sample), sample)


def _glanced(rows: int) -> Skipped:
    detail = (
        f"a quick look: the first {rows:,} rows alone were read, which carries no bound on what stands in the others"
    )
    return Skipped(code="QUICK_LOOK", detail=detail)


_CHANGED = Skipped(
    code="CHANGED_DURING_SCAN",
    detail="the dataset changed while it was looked at: let whoever writes it finish first",
)
