"""JSON Web Tokens in compact form: three base64url parts whose first is a JSON object with ``alg``.

RFC 7515, section 3.1; RFC 7519.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level

_OBJECT = re.compile("e[wy]")  # base64 of an opening brace and what may follow it
_LONGEST_HEADER = 2048


def _tokens(run: str) -> Iterator[Span]:
    header_end = run.find(".")
    # Letters may stand right before the token, so that its header begins somewhere in the run's first part.
    for match in _OBJECT.finditer(run, max(0, header_end - _LONGEST_HEADER), header_end):
        if _names_algorithm(run[match.start() : header_end]):
            yield match.start(), len(run), run[match.start() :]
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
    # An opening brace before a quotation mark, a space, a line break or a tab, in base 64.
    pattern=r"e(?:y[JA]|w[o0k])[0-9A-Za-z_\-]+\.[0-9A-Za-z_\-]+\.[0-9A-Za-z_\-]*",
    find=_tokens,
    checked=True,
)
