"""Persons who are addressed by their accounts, as posts do it: ``RT @anna_k: thanks``.

``@Override``, ``@media`` and ``@types/node`` are code, ``info@shop.example`` is an address, and ``@all`` is nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.social_handle import DETECTOR as SOCIAL_HANDLE

_MENTION = re.compile(r"(?:^|(?<=[\s(\[\"'“.,:;]))@([A-Za-z_][A-Za-z0-9_]{2,29})(?![\w@/(])(?!\.\w)")
_CODE = frozenset(
    words("""
    param params return returns throws see since deprecated override author todo type file brief note version license
    typedef media import keyframes include mixin extend property staticmethod classmethod dataclass pytest
    abstractmethod lru_cache component injectable autowired bean test before after entity table column data getter
    setter nullable notnull nonnull controller service repository module input output supports charset namespace
    """)
)
_NOBODY = frozenset(words("home gmail hotmail yahoo everyone here channel all team noon work school"))


def _mentions(text: str) -> Iterator[Span]:
    for match in _MENTION.finditer(text):
        account = match[1].casefold()
        if account not in _CODE and account not in _NOBODY:
            yield *match.span(1), account


DETECTOR = Detector(entity=SOCIAL_HANDLE.entity, prose=_mentions)
