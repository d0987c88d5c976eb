"""One whole look at a source, between two looks at its fingerprint."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Classification, Skipped

if TYPE_CHECKING:
    from airflow_mlsecops.sources import Source


def look(source: Source, progress: Callable[[int], None]) -> Classification:
    """Classify every row of a source.

    :param progress: told the number of rows done
    :raises SourceError: if it could not be read to its end
    """
    from airflow_mlsecops.detectors import all_detectors
    from airflow_mlsecops.scan import classify

    # The deployment's fingerprint key stays unread: these two fingerprints are compared with each other alone.
    key = os.urandom(32)
    before = source.fingerprint(key)
    found = classify(source.batches(), all_detectors(), rows_present=source.rows_present(), progress=progress)
    skipped = (*found.skipped, *source.skipped)
    if source.fingerprint(key) != before:
        skipped = (*skipped, _CHANGED)
    return found.model_copy(update={"fingerprint": before, "bytes_read": source.bytes_present(), "skipped": skipped})


_CHANGED = Skipped(
    code="CHANGED_DURING_SCAN",
    detail="the dataset changed while it was looked at: let whoever writes it finish first",
)
