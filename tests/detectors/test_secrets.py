"""Secrets are found in any text around them, and nothing that is merely random is taken for one."""

from __future__ import annotations

import base64
import hashlib
import random
import string
import uuid

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops import scan
from airflow_mlsecops.core.entity import Role
from airflow_mlsecops.detectors._secrets import stand_in
from tests.detectors.test_tables import MODULES, detector_of
from tests.many import many

_ALNUM = string.ascii_letters + string.digits
_URL = _ALNUM + "-_"
_HEX = "0123456789abcdef"
_WORDS = "the of and token password secret key basic bearer api session user server host mail order invoice"
_UPPER = string.ascii_uppercase + string.digits
# Issuers' formats: what stands before, and the alphabet and number of what is drawn; parts alternate.
FORMATS: dict[str, list[tuple[object, ...]]] = {
    "aws_access_key": [("AKIA", "A" + "QWERTYUIOP234567", 16), ("ASIA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)],
    "ai_api_key": [
        ("sk-proj-", _URL, 74, "T3BlbkFJ", _ALNUM, 74),
        ("sk-ant-" + "api03-", _URL, 93, "AA"),
        ("hf_", string.ascii_letters, 34),
        ("gsk_", _ALNUM, 52),
        ("sk-or-v1-", _HEX, 64),
    ],
    "azure_secret": [
        ("AccountKey=", _ALNUM + "+/", 86, "=="),
        ("SharedAccessKey=", _ALNUM + "+/", 43, "="),
        ("", _ALNUM, 52, "JQQJ99", _ALNUM, 26),
    ],
    "chat_token": [("", "123456789", 9, ":AA", _URL, 33)],
    "code_hosting_token": [("glpat-", _ALNUM, 20), ("ATBB", _ALNUM, 32), ("GR1348941", _ALNUM, 20)],
    "gcp_service_account": [('"private_key_id": "', _HEX, 40, '"')],
    "github_token": [("ghp_", _ALNUM, 36), ("github_pat_", _ALNUM, 22, "_", _ALNUM, 59)],
    "google_api_key": [("AIza", _URL, 35), ("GOCSPX-", _URL, 28)],
    "infrastructure_token": [
        ("dapi", _HEX, 32),
        ("dop_v1_", _HEX, 64),
        ("hvs.", _ALNUM, 90),
        ("", _ALNUM, 14, ".atlasv1.", _ALNUM, 67),
        ("pul-", _HEX, 40),
    ],
    "messaging_api_key": [("SG.", _ALNUM, 22, ".", _ALNUM, 43), ("", _HEX, 32, "-us12"), ("SK", _HEX, 32)],
    "monitoring_token": [("NRAK-", _UPPER, 27), ("glsa_", _ALNUM, 32, "_", _HEX, 8), ("DD_API_KEY=", _HEX, 32)],
    "package_registry_token": [
        ("npm_", _ALNUM, 36),
        ("pypi-AgEIcHlwaS5vcmcC", _ALNUM, 120),
        ("dckr_pat_", _ALNUM, 27),
        ("AKCp", _ALNUM, 69),
    ],
    "payment_api_key": [("shpat_", _HEX, 32), ("sq0atp-", _ALNUM, 22), ("rzp_live_", _ALNUM, 14)],
    "saas_token": [
        ("ATATT3", _ALNUM, 180),
        ("lin_api_", _ALNUM, 40),
        ("PMAK-", _HEX, 24, "-", _HEX, 34),
        ("figd_", _ALNUM, 40),
    ],
    "slack_token": [("xoxb-", _ALNUM, 24), ("xapp-1-", _ALNUM, 40)],
    "stripe_key": [("sk_live_", _ALNUM, 24), ("whsec_", _ALNUM, 32)],
    "generic_secret": [("api_key=", _ALNUM, 32), ('"client_secret": "', _ALNUM, 40, '"')],
    "password_hash": [("$2b$12$", _ALNUM, 53), ("$6$abcdefgh$", _ALNUM, 86)],
    "auth_header": [("Authorization: Bearer ", _ALNUM, 40)],
}
_CASES = [(module, index) for module, formats in FORMATS.items() for index in range(len(formats))]
# Any text, then what parts words: a letter more would make it another word.
_AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_LEFT = st.sampled_from([" ", "\n", '"', "'", "(", "[", "<", ";"])
_RIGHT = st.sampled_from([" ", "\n", '"', "'", ")", "]", ">", ";"])
_SECRETS = [module for module in MODULES if module in FORMATS]


def _drawn(parts: tuple[object, ...], chance: random.Random) -> str:
    """One token of a format."""
    text = ""
    rest = list(parts)
    while rest:
        part = rest.pop(0)
        if rest and isinstance(rest[0], int):
            text += "".join(chance.choice(str(part)) for _ in range(int(str(rest.pop(0)))))
        else:
            text += str(part)
    return text


def _fair(parts: tuple[str | int, ...], chance: random.Random) -> str:
    """A token that chance did not make a word of a manual (yOUR) or all letters, neither of which counts."""
    tokens = [_drawn(parts, chance) for _ in range(20)]
    # Some formats have few digits, or words of a manual in their fixed parts.
    return max(tokens, key=lambda token: (not stand_in(token), min(3, sum(map(str.isdigit, token)))))


@pytest.mark.parametrize(("module", "index"), _CASES)
@given(before=_AROUND, left=_LEFT, right=_RIGHT, after=_AROUND, seed=st.integers(0, 10**9))
@settings(max_examples=many(10), deadline=None, suppress_health_check=list(HealthCheck))
def test_a_token_is_found_in_any_text(
    module: str, index: int, before: str, left: str, right: str, after: str, seed: int
) -> None:
    token = _fair(FORMATS[module][index], random.Random(seed))
    frame = pl.DataFrame({"": [f"{before}{left}{token}{right}{after}"]})
    assert scan.classify([frame], [detector_of(module)]).sightings


def _innocent() -> dict[str, list[str]]:
    """Ten thousand of everything that looks random and opens nothing."""
    chance = random.Random(20261125)
    words = _WORDS.split()
    numbers = range(10_000)
    data = [chance.randbytes(chance.choice((12, 16, 20, 30, 32, 48, 64, 90))) for _ in numbers]
    return {
        "uuid": [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in numbers],
        "uuid_bare": [uuid.UUID(int=chance.getrandbits(128), version=4).hex for _ in numbers],
        "md5": [hashlib.md5(item, usedforsecurity=False).hexdigest() for item in data],
        "sha1": [hashlib.sha1(item, usedforsecurity=False).hexdigest() for item in data],
        "sha256": [hashlib.sha256(item).hexdigest().upper() for item in data],
        "base64": [base64.b64encode(item).decode() for item in data],
        "base64url": [base64.urlsafe_b64encode(item).decode().rstrip("=") for item in data],
        "words": [" ".join(chance.choices(words, k=8)) for _ in numbers],
        "identifier": ["_".join(chance.choices(words, k=4)) for _ in numbers],
        "assigned": [f"{chance.choice(words)}: {chance.choice(words)} {chance.choice(words)}" for _ in numbers],
        "url": [
            f"https://{chance.choice(words)}.example/{chance.choice(words)}/{chance.getrandbits(64):x}"
            f"?q={chance.getrandbits(32)}&v={chance.choice(words)}#{chance.choice(words)}"
            for _ in numbers
        ],
        "image": [f"data:image/png;base64,{base64.b64encode(item * 5).decode()}" for item in data],
    }


def test_nothing_random_is_a_secret() -> None:
    secrets = [detector_of(module) for module in [*_SECRETS, "private_key", "jwt", "url_credentials"]]
    assert all(detector.entity.role is Role.SECRET for detector in secrets)
    sightings = scan.classify([pl.DataFrame(_innocent())], secrets).sightings
    assert [(sighting.column, sighting.entity, sighting.rows) for sighting in sightings] == []
