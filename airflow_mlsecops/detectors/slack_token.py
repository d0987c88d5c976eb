"""Tokens of Slack (``xoxb-`` and its kin, ``xapp-``) or incoming webhook addresses, which need no other secret.

https://api.slack.com/concepts/token-types
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import tokens

_TOKEN = re.compile(
    r"(?:xox[abceoprs]|xapp)-[0-9A-Za-z-]{20,}"
    r"|hooks\.slack\.com/(?:services|workflows|triggers)/[0-9A-Za-z/]{30,}"
)


def _tokens(run: str) -> Iterator[Span]:
    return tokens(_TOKEN, run)


DETECTOR = Detector(
    entity=Entity(name="SLACK_TOKEN", title="Slack token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"(?:xox[abceoprs]|xapp)-[0-9A-Za-z\-]{12}[0-9A-Za-z\-]*"
    r"|hooks\.slack\.com/(?:services|workflows|triggers)/[0-9A-Za-z/]{8}[0-9A-Za-z/]*",
    find=_tokens,
)
