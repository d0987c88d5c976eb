"""Access tokens of GitHub: classic (``ghp_``, ``gho_``, ``ghu_``, ``ghs_``, ``ghr_``) or fine-grained.

https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import tokens

_TOKEN = re.compile(r"(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{36,255}")


def _tokens(run: str) -> Iterator[Span]:
    return tokens(_TOKEN, run)


DETECTOR = Detector(
    entity=Entity(name="GITHUB_TOKEN", title="GitHub token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"(?:ghp_|gho_|ghu_|ghs_|ghr_|github_pat_)[A-Za-z0-9_]{4}[A-Za-z0-9_]*",
    find=_tokens,
)
