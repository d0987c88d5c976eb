"""Secret keys of Stripe (``sk_``, ``rk_``) or of its webhooks (``whsec_``); publishable keys (``pk_``) are public.

https://docs.stripe.com/keys
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import tokens

_KEY = re.compile(r"(?:[sr]k_(?:live|test)|whsec)_[0-9A-Za-z]{20,}")


def _keys(run: str) -> Iterator[Span]:
    return tokens(_KEY, run)


DETECTOR = Detector(
    entity=Entity(
        name="STRIPE_KEY", title="Stripe secret key", role=Role.SECRET, level=Level.RESTRICTED, tags=("PCI-DSS",)
    ),
    pattern=r"(?:[sr]k_(?:live|test)|whsec)_[0-9A-Za-z]{16}[0-9A-Za-z]*",
    find=_keys,
)
