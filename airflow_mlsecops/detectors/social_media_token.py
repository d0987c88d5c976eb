"""Tokens that act for accounts on Facebook, Instagram, X and Twitch.

https://developers.facebook.com/docs/facebook-login/guides/access-tokens,
https://developer.x.com/en/docs/authentication/oauth-2-0/bearer-tokens

Base 64 of binary data is full of ``EAA`` and of runs of ``A``: tokens count only where nothing of base 64 goes before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import family, mixed, tokens

_BEFORE = r"(?:^|[\s\"'=:,(])"
_TOKEN = re.compile(
    rf"{_BEFORE}(EAA[0-9A-Za-z]{{90,}}|IG[QA]A?[0-9A-Za-z_-]{{100,}})(?![0-9A-Za-z+/=])"
    rf"|{_BEFORE}(A{{21}}[0-9A-Za-z%]{{10,60}}%3D[0-9A-Za-z]{{40,}})"
    r"|(?<![0-9])([0-9]{15,16}(?:\||%7C)[0-9A-Za-z_-]{27})(?![0-9A-Za-z_-])"
    r"|(?i:twitch)[^\n]{0,40}?(oauth:[0-9a-z]{30})(?![0-9A-Za-z])"
)


def _found(run: str) -> Iterator[Span]:
    return (span for span in tokens(_TOKEN, run) if mixed(span[2]) or span[2].startswith("oauth:"))


DETECTOR = Detector(
    entity=Entity(name="SOCIAL_MEDIA_TOKEN", title="social media token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=family(
        (),
        rf"{_BEFORE}(?:EAA|IG[QA])[0-9A-Za-z]{{20}}",
        rf"{_BEFORE}AAAAAAAAAAA",
        r"\b[0-9]+(?:\||%7C)[0-9A-Za-z_\-]{27}",
        r"(?i:twitch)[0-9A-Za-z_ .\"'=:\-]*oauth:",
    ),
    find=_found,
)
