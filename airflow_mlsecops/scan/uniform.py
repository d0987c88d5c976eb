"""A uniform sample of rows by their positions, the same whenever the same data is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.sampling import Sample

if TYPE_CHECKING:
    import polars as pl


def positions(seed: str, sample: Sample) -> Any:
    """Which rows are drawn, as a sorted numpy array: each set of so many is as likely as any other.

    :param seed: the fingerprint's root: it is keyed, so that nobody who writes data can tell which rows will be drawn,
        and the same as long as the data is
    """
    import numpy as np

    drawn: set[int] = set()
    count = 0
    while len(drawn) < sample.rows:
        digest = hashlib.sha256(f"{seed} {count}".encode()).digest()
        # 256 bits over fewer than 2^63 rows: no row is likelier by more than one in 2^190.
        drawn.add(int.from_bytes(digest) % sample.of)
        count += 1
    return np.sort(np.fromiter(drawn, np.int64, len(drawn)))


def sampled(batches: Iterable[pl.DataFrame], places: Any, sample: Sample) -> Iterator[pl.DataFrame]:
    """The drawn rows of each batch; batches without any still bring their columns.

    :param places: sorted positions, counted over all batches
    :raises SourceError: ``TRUNCATED`` if there were more or fewer rows than the sample was drawn from
    """
    import numpy as np

    done = 0
    for batch in batches:
        first, last = np.searchsorted(places, (done, done + batch.height))
        yield batch[places[first:last] - done]
        done += batch.height
    if done != sample.of:
        raise SourceError(
            f"got {done:,} rows, expected the {sample.of:,} that a sample was drawn from: run it again",
            code="TRUNCATED",
        )
