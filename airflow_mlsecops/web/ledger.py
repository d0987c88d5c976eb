"""The deployment as the pages see it, without the key that signs."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_mlsecops.hook import MlsecopsHook
    from airflow_mlsecops.ledger import Ledger

FRESH_SECONDS = 30
"""For how long a page may go by a connection and a policy folder that were read before: reading them takes longer than
the page."""


def open_readonly() -> Ledger:
    """Open the ledger that the MLSecOps connection names.

    :raises MlsecopsError: if the connection, the policy folder that holds its keys, or the ledger itself cannot be read
    """
    from airflow_mlsecops.ledger import open_ledger

    hook = deployment()
    return open_ledger(hook.ledger_url, signer=None, keyring=hook.keyring)


def deployment() -> MlsecopsHook:
    """The deployment's hook, at most half a minute old; what could not be read is asked for again."""
    return _hook(int(time.monotonic() // FRESH_SECONDS))


@lru_cache(maxsize=1)
def _hook(_: int) -> MlsecopsHook:
    from airflow_mlsecops.hook import MlsecopsHook

    return MlsecopsHook()
