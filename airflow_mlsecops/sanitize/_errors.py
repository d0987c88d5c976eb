"""What can go wrong while data is made harmless."""

from __future__ import annotations

from airflow_mlsecops.core.errors import MlsecopsError


class SanitizeError(MlsecopsError, ValueError):
    """What is to be done to a dataset cannot be done: whoever wrote the rules must look."""

    code = "SANITIZE_INVALID"
