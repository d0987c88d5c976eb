"""The ledger as the pages read it: without the key that signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_mlsecops.ledger import Ledger


def open_readonly() -> Ledger:
    """Open the ledger that the MLSecOps connection names.

    :raises MlsecopsError: if the connection, the policy folder that holds its keys, or the ledger itself cannot be read
    """
    from airflow_mlsecops.hook import MlsecopsHook
    from airflow_mlsecops.ledger import open_ledger

    hook = MlsecopsHook()
    return open_ledger(hook.ledger_url, signer=None, keyring=hook.keyring)
