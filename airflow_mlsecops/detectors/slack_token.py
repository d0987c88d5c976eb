"""Tokens of Slack (``xoxb-`` and its kin, ``xapp-``) or incoming webhook addresses, which need no other secret.

https://api.slack.com/concepts/token-types
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._runs import holds, varied

_TOKEN = re.compile(r"(?:xox[abceoprs]|xapp)-([0-9A-Za-z-]{20,})|hooks\.slack\.com/services/([0-9A-Za-z/]{30,})")


def _tokens(run: str) -> Iterator[str]:
    return (match[0] for match in _TOKEN.finditer(run) if varied(match[1] or match[2], 8))


DETECTOR = Detector(
    entity=Entity(name="SLACK_TOKEN", title="Slack token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"(?:xox[abceoprs]|xapp)-[0-9A-Za-z\-]{20,}|hooks\.slack\.com/services/[0-9A-Za-z/]{30,}",
    validate=holds(_tokens),
    values=_tokens,
)
