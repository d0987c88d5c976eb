"""Tokens that publish packages: npm, PyPI, Docker Hub, RubyGems, crates.io, NuGet, Clojars, Artifactory.

https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/, the API tokens of the Python
Package Index (a macaroon for its domain), https://docs.docker.com/security/access-tokens/, https://guides.rubygems.org/api-key-scopes/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import family, tokens

_TOKENS = (
    r"\bnpm_[0-9A-Za-z]{36}",
    r"pypi-AgE[0-9A-Za-z_\-]{50,}",
    r"dckr_[po]at_[0-9A-Za-z_\-]{27,}",
    r"\brubygems_[0-9a-f]{48}",
    r"\bcio[0-9A-Za-z]{32}",
    r"\boy2[a-p][0-9a-z]{42}",
    r"CLOJARS_[0-9a-f]{60}",
    r"\bAKCp[0-9A-Za-z]{69}",
    r"\bcmVmdGtu[0-9A-Za-z]{56}",
)
_TOKEN = re.compile(rf"(?:{'|'.join(_TOKENS)})(?![0-9A-Za-z])", re.ASCII)
# A word and thirty-odd letters more: only letters in both cases and digits make a token of crates.io.
_PLAIN = re.compile(r"cio(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9]).*|(?!cio).*")


def _found(run: str) -> Iterator[Span]:
    return (span for span in tokens(_TOKEN, run) if _PLAIN.fullmatch(span[2]))


DETECTOR = Detector(
    entity=Entity(
        name="PACKAGE_REGISTRY_TOKEN", title="package registry token", role=Role.SECRET, level=Level.RESTRICTED
    ),
    pattern=family(_TOKENS),
    find=_found,
)
