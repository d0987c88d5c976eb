"""Append-only, signed, chained proof of what gates said."""

from airflow_mlsecops.ledger.anchor import Anchor
from airflow_mlsecops.ledger.grants import grants
from airflow_mlsecops.ledger.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.verification import Head, Problem, Verification

__all__ = ["Anchor", "Head", "Ledger", "Problem", "Verification", "grants", "open_ledger"]
