"""Key files of Google Cloud's service accounts: JSON whose ``private_key_id`` is forty hexadecimal digits.

https://cloud.google.com/iam/docs/keys-create-delete; the key itself is found as a private key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import tokens

_ID = re.compile(r"([0-9a-f]{40})(?![0-9A-Za-z])")


def _ids(run: str) -> Iterator[Span]:
    return tokens(_ID, run)


DETECTOR = Detector(
    entity=Entity(
        name="GCP_SERVICE_ACCOUNT", title="key of a Google service account", role=Role.SECRET, level=Level.RESTRICTED
    ),
    pattern=r"""private_key_id[\\"']{1,3}\s{0,3}:\s{0,3}[\\"']{1,3}[0-9a-f]{6}[0-9A-Za-z]*""",
    find=_ids,
)
