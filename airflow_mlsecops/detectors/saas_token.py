"""Tokens of the applications that companies work in: Atlassian, Linear, Notion, Postman, Figma, Okta and others.

https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/,
https://developers.notion.com/docs/authorization, https://developer.okta.com/docs/guides/create-an-api-token/ (``SSWS``)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import ASSIGNED, family, mixed, tokens

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TOKENS = (
    r"\bATATT3[0-9A-Za-z_=\-]{60,}",
    r"\blin_(?:api|oauth)_[0-9A-Za-z]{40,64}",
    r"\bntn_[0-9]{11}[0-9A-Za-z]{35}",
    r"\bsecret_[0-9A-Za-z]{43}",
    r"\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}",
    r"\bpat[0-9A-Za-z]{14}\.[0-9a-f]{64}",
    r"\b[0-9]/[0-9]{16}(?:/[0-9]{16})?:[0-9a-f]{32}",
    r"\bfig[dour]_[0-9A-Za-z_\-]{36,60}",
    r"\bsl\.(?:u\.)?[0-9A-Za-z_\-]{130,}",
    rf"\bpat-(?:na|eu|ap)[0-9]-{_UUID}",
    r"\btfp_[0-9A-Za-z_\-.]{44,64}",
    r"\bCFPAT-[0-9A-Za-z_\-]{43}",
    r"\brdme_[0-9a-z]{70}",
    r"\bSSWS 00[0-9A-Za-z_\-]{40}",
    r"\bpat\.[0-9A-Za-z_\-]{22}\.[0-9a-f]{24}\.[0-9A-Za-z]{20}",
    r"\bAPI-[0-9A-Z]{26}",
    r"\b(?:sc|ext|scauth|authress)_[0-9a-z]{5,30}\.[0-9a-z]{4,6}\.acc[_\-][0-9a-z\-]{10,32}\.[0-9A-Za-z+/_=\-]{30,120}",
    r"\bSQU_[0-9a-f]{40}",
    r"\bsq[upa]_[0-9a-f]{40}",
    r"\bapify_api_[0-9A-Za-z]{36}",
)
_NAMED = r"(?i:okta)[0-9A-Za-z_\-]*"
_TOKEN = re.compile(
    rf"(?:{'|'.join(_TOKENS)})(?![0-9A-Za-z])|{_NAMED}{ASSIGNED}(00[0-9A-Za-z_-]{{40}})(?![\w-])", re.ASCII
)


def _found(run: str) -> Iterator[Span]:
    return (span for span in tokens(_TOKEN, run) if not span[2].startswith("secret_") or mixed(span[2]))


DETECTOR = Detector(
    entity=Entity(name="SAAS_TOKEN", title="application token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=family(
        (token for token in _TOKENS if not token.startswith(r"\b[")),
        r"\b[0-9]/[0-9]+[0-9/]*:[0-9a-f]{32}",
        rf"{_NAMED}{ASSIGNED}00[0-9A-Za-z_\-]{{6}}",
    ),
    find=_found,
)
