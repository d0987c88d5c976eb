"""Keys that send mail and messages in their owner's name: SendGrid, Mailgun, Mailchimp, Brevo, Resend, Twilio.

https://docs.sendgrid.com/ui/account-and-settings/api-keys, https://www.twilio.com/docs/iam/api-keys (``SK``),
https://mailchimp.com/developer/marketing/guides/quick-start/ (the data centre after the hyphen: ``-us12``)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import family, tokens

_TOKENS = (
    r"\bSG\.[0-9A-Za-z_\-]{20,24}\.[0-9A-Za-z_\-]{39,50}",
    r"\bxkeysib-[0-9a-f]{64}-[0-9A-Za-z]{16}",
    r"\bxsmtpsib-[0-9a-f]{64}-[0-9A-Za-z]{16}",
    r"\bSK[0-9a-f]{32}",
    r"\b[0-9a-f]{32}-us[0-9]{1,2}",
    r"\bre_[0-9A-Za-z]{8}_[0-9A-Za-z]{20,28}",
)
_TOKEN = re.compile(
    rf"(?:{'|'.join(_TOKENS)})(?![0-9A-Za-z])"
    r"|(?i:mailgun)[^\n]{0,40}?(key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})(?![0-9A-Za-z])"
    r"|(?:^|[\s\"'=:])(key-[0-9a-f]{32})(?![0-9A-Za-z])"
    r"|(?i:twilio|auth_token)[^\n]{0,30}?(?<![0-9A-Za-z])([0-9a-f]{32})(?![0-9A-Za-z\-])",
    re.ASCII,
)


def _found(run: str) -> Iterator[Span]:
    return tokens(_TOKEN, run)


DETECTOR = Detector(
    entity=Entity(name="MESSAGING_API_KEY", title="messaging API key", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=family(
        (token for token in _TOKENS if not token.startswith((r"\b[", r"\bSK"))),
        r"\bSK[0-9a-f]{32}",
        r"[0-9a-f]+-us[0-9]",
        r"(?i:mailgun|twilio)[0-9A-Za-z_ .\"'=:\-]*[0-9a-f]{8}",
        r"(?:^|[\s\"'=:])key-[0-9a-f]{8}",
    ),
    find=_found,
)
