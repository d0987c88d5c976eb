"""Access key ids of Amazon Web Services: a prefix and sixteen base-32 characters.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (Understanding unique ID prefixes)

The documentation's own keys, which every manual repeats, end in EXAMPLE and count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import tokens

_KEY = re.compile(r"(?=((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})(?![A-Z0-9]))")


def _keys(run: str) -> Iterator[Span]:
    return tokens(_KEY, run)


DETECTOR = Detector(
    entity=Entity(name="AWS_ACCESS_KEY", title="AWS access key id", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}[0-9A-Za-z]*",
    find=_keys,
)
