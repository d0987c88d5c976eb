"""Tokens of GitLab and Bitbucket, which open source code and its pipelines; GitHub has a detector of its own.

https://docs.gitlab.com/security/tokens/#token-prefixes; Bitbucket's app passwords begin with ``ATBB``, its repository
tokens with ``ATCTT3``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import family, tokens

_TOKENS = (
    r"gl(?:pat|dt|rtr|rt|ptt|cbt|ft|soat|imt|agent|oas|ffct)-[0-9A-Za-z_\-]{20,}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7})?",
    r"GR1348941[0-9A-Za-z_\-]{20,}",
    r"\bATBB[0-9A-Za-z]{24,32}",
    r"\bATCTT3[0-9A-Za-z_=\-]{60,}",
)
_TOKEN = re.compile(rf"(?:{'|'.join(_TOKENS)})(?![0-9A-Za-z])", re.ASCII)


def _found(run: str) -> Iterator[Span]:
    return tokens(_TOKEN, run)


DETECTOR = Detector(
    entity=Entity(name="CODE_HOSTING_TOKEN", title="code hosting token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=family(_TOKENS),
    find=_found,
)
