"""Tokens of clouds, platforms and vaults: Databricks, DigitalOcean, Heroku, HashiCorp, Cloudflare and others.

https://developer.hashicorp.com/vault/docs/concepts/tokens,
https://docs.digitalocean.com/reference/api/create-personal-access-token/,
https://docs.databricks.com/dev-tools/auth/pat.html; the three large clouds have detectors of their own.

Keys of Cloudflare and Heroku's older ones have no mark: they count after the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import ASSIGNED, family, tokens

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TOKENS = (
    r"\b(?:dapi|dkea|dosea|dose)[0-9a-f]{32}(?:-[0-9])?",
    r"\bdo[opr]_v1_[0-9a-f]{64}",
    r"\bHRKU-[0-9A-Za-z_\-]{36,60}",
    r"\bhv[sbr]\.[0-9A-Za-z_\-]{24,}",
    r"\b[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=\-]{60,70}",
    r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.(?:[0-9a-z_\-]{2,35}\.)?[0-9A-Za-z]{40,44}",
    r"\bpul-[0-9a-f]{40}",
    r"\bfo1_[0-9A-Za-z_\-]{43}",
    r"\bfm[12][ar]?_[0-9A-Za-z+/]{100,}={0,3}",
    r"\bv1\.0-[0-9a-f]{24}-[0-9a-f]{146}",
    r"\bLTAI[0-9A-Za-z]{20}",
    r"\bAKID[0-9A-Za-z]{32}",
    r"\bpscale_(?:tkn|oauth|pw)_[0-9A-Za-z_=.\-]{32,64}",
    r"\bsbp_[0-9a-f]{40}",
    r"\bsb_secret_[0-9A-Za-z_\-]{22,40}",
    r"\bsha256~[0-9A-Za-z_\-]{43}",
    r"\bnfp_[0-9A-Za-z]{36,40}",
    r"\btskey-[a-z]{2,12}-[0-9A-Za-z]{8,24}-[0-9A-Za-z]{20,36}",
    r"\bops_eyJ[0-9A-Za-z+/_\-]{200,}={0,3}",
    r"\bA3-[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}",
    r"\bpnu_[0-9A-Za-z]{36}",
    r"\bt1\.[0-9A-Za-z_\-]{50,}={0,2}\.[0-9A-Za-z_\-]{86}",
    r"\bAQVN[0-9A-Za-z_\-]{35,38}",
    r"\b4b1d[0-9A-Za-z]{38}",
    r"\bBBUS-[0-9A-Za-z]{30}",
)
_NAMED = r"(?i:cloudflare|heroku|cf_api|digitalocean|linode|vultr|hetzner|hcloud|fastly|netlify)[0-9A-Za-z_\-]*"
_TOKEN = re.compile(
    rf"(?:{'|'.join(_TOKENS)})(?![0-9A-Za-z])"
    rf"|{_NAMED}{ASSIGNED}({_UUID}|[0-9A-Za-z_-]{{64}}|[0-9A-Za-z_-]{{40}}|[0-9a-f]{{37}}|[0-9A-Za-z_-]{{32}})"
    r"(?![0-9A-Za-z_-])",
    re.ASCII,
)
_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z]).*")


def _found(run: str) -> Iterator[Span]:
    return (span for span in tokens(_TOKEN, run) if _RANDOM.match(span[2]))


DETECTOR = Detector(
    entity=Entity(name="INFRASTRUCTURE_TOKEN", title="infrastructure token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=family(
        (token for token in _TOKENS if not token.startswith(r"\b[")),
        r"[0-9A-Za-z]+\.atlasv1\.",
        rf"{_NAMED}{ASSIGNED}[0-9A-Za-z_\-]{{8}}",
    ),
    find=_found,
)
