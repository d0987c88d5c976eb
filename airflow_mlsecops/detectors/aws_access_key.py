"""Access key ids of Amazon Web Services: a prefix and sixteen base-32 characters.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (Understanding unique ID prefixes)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds, varied

_KEY = re.compile(r"(?=((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})(?![A-Z0-9]))")


def _keys(run: str) -> Iterator[str]:
    for match in _KEY.finditer(run):
        # The documentation's own keys end in EXAMPLE.
        if varied(match[1][4:], 6) and not match[1].endswith("EXAMPLE"):
            yield match[1]


DETECTOR = Detector(
    entity=Entity(name="AWS_ACCESS_KEY", title="AWS access key id", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}[0-9A-Za-z]*",
    validate=holds(_keys),
    values=_keys,
)
