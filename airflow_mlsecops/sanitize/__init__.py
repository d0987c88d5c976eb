"""One file for each transformation, proven by one table in ``tests/sanitize/``; a leading ``_`` marks what is none.

What a transformation cannot read becomes null: nothing that it was to remove is ever let through.
"""

from __future__ import annotations

from airflow_mlsecops.sanitize._errors import SanitizeError
from airflow_mlsecops.sanitize._registry import all_transformations, transformation_of
from airflow_mlsecops.sanitize._sanitizer import Sanitizer, residue
from airflow_mlsecops.sanitize._transformation import Means, PseudonymKey, Transformation

__all__ = [
    "Means",
    "PseudonymKey",
    "SanitizeError",
    "Sanitizer",
    "Transformation",
    "all_transformations",
    "residue",
    "transformation_of",
]
