"""Tokens of bots and webhooks: Telegram, Discord, Microsoft Teams, Google Chat; Slack has a detector of its own.

https://core.telegram.org/bots/features#botfather, https://discord.com/developers/docs/reference#authentication: the
first part of Discord's token is the bot's number in base 64, which tells it from any other text with two full stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import family, tokens

# Three decimal digits in base 64.
_DIGITS = "[MNO][DTjz][AEIMQUYcgk][wxyz0-5]"
_TOKENS = (
    r"[0-9]{8,10}:AA[0-9A-Za-z_\-]{32,33}",
    rf"\b{_DIGITS}{_DIGITS}{_DIGITS}{_DIGITS}{_DIGITS}[0-9A-Za-z_\-]{{2,7}}\.[0-9A-Za-z_\-]{{6}}\.[0-9A-Za-z_\-]{{27,38}}",
    r"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[0-9A-Za-z_\-]{60,68}",
    r"\.webhook\.office\.com/webhookb2/[0-9a-f\-]{36}@[0-9a-f\-]{36}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f\-]{36}",
    r"chat\.googleapis\.com/v1/spaces/[0-9A-Za-z_\-]{6,20}/messages\?key=[0-9A-Za-z_\-]{30,45}&token=[0-9A-Za-z_%\-]{20,}",
)
_TOKEN = re.compile(rf"(?:{'|'.join(_TOKENS)})(?![0-9A-Za-z])", re.ASCII)


def _found(run: str) -> Iterator[Span]:
    return tokens(_TOKEN, run)


DETECTOR = Detector(
    entity=Entity(name="CHAT_TOKEN", title="chat bot token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=family(
        _TOKENS[2:], r"[0-9]+:AA[0-9A-Za-z_\-]{6}", rf"\b{_DIGITS}{_DIGITS}[0-9A-Za-z_\-]*\.[0-9A-Za-z_\-]*\."
    ),
    find=_found,
)
