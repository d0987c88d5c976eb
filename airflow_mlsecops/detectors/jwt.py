"""JSON Web Tokens in compact form: three base64url parts whose first is a JSON object with ``alg``.

RFC 7515, section 3.1; RFC 7519.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds

_OBJECT = re.compile("e[wy]")  # base64 of an opening brace and what may follow it
_LONGEST_HEADER = 2048


def _tokens(run: str) -> Iterator[str]:
    first, _, rest = run.partition(".")
    # Letters may stand right before the token, so that its header begins somewhere in the run's first part.
    header = first[-_LONGEST_HEADER:]
    for match in _OBJECT.finditer(header):
        if _names_algorithm(header[match.start() :]):
            yield f"{header[match.start() :]}.{rest}"
            return


def _names_algorithm(part: str) -> bool:
    try:
        decoded = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    # RecursionError: a header of nothing but brackets
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(decoded, dict) and "alg" in decoded


DETECTOR = Detector(
    entity=Entity(name="JWT", title="JSON Web Token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"e[wy][0-9A-Za-z_\-]{10,}\.[0-9A-Za-z_\-]{4,}\.[0-9A-Za-z_\-]*",
    validate=holds(_tokens),
    values=_tokens,
    checked=True,
)
