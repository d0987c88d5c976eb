"""One whole look at a source, between two looks at its fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Classification, Skipped

if TYPE_CHECKING:
    from airflow_mlsecops.core.detector import Detector
    from airflow_mlsecops.scan import Hits
    from airflow_mlsecops.sources.interface import Source


def look(
    source: Source,
    key: bytes,
    detectors: Sequence[Detector],
    *,
    hits: Hits | None = None,
    progress: Callable[[int], None] | None = None,
) -> Classification:
    """Classify every row of a source; data that changed meanwhile is not looked at.

    :param key: keys the fingerprints
    :param hits: gathers what was found, to be traced to parents
    :param progress: told the number of rows done
    :raises SourceError: if it could not be read to its end
    """
    from airflow_mlsecops.scan import classify

    before = source.fingerprint(key)
    found = classify(source.batches(), detectors, rows_present=source.rows_present(), hits=hits, progress=progress)
    changed = () if source.fingerprint(key) == before else (_CHANGED,)
    skipped = (*found.skipped, *source.skipped, *changed)
    return found.model_copy(update={"fingerprint": before, "bytes_read": source.bytes_present(), "skipped": skipped})


_CHANGED = Skipped(
    code="CHANGED_DURING_SCAN",
    detail="the dataset changed while it was looked at: let whoever writes it finish first",
)
