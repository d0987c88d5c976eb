"""Keys of shops and payment services: Square, Shopify, PayPal, Braintree, Plaid, Razorpay, Flutterwave and others.

https://developer.squareup.com/docs/build-basics/access-tokens,
https://shopify.dev/docs/apps/build/authentication-authorization,
https://razorpay.com/docs/payments/dashboard/account-settings/api-keys/; Stripe has a detector of its own.

Base 64 of binary data is full of ``EAAA``: Square's older tokens count only where none of it goes before or after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import family, mixed, tokens

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TOKENS = (
    r"\bsq0[a-z]{3}-[0-9A-Za-z_\-]{22,43}",
    r"\bshp(?:at|ca|pa|ss|tka)_[0-9A-Fa-f]{32}",
    r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
    rf"\baccess-(?:sandbox|development|production)-{_UUID}",
    r"\brzp_(?:live|test)_[0-9A-Za-z]{14,24}",
    r"FLWSECK(?:_TEST)?-[0-9A-Za-z]{12,32}(?:-X)?",
    r"\bEZ[AT]K[0-9A-Za-z]{54}",
    r"\bshippo_(?:live|test)_[0-9a-f]{40}",
    r"\bduffel_(?:test|live)_[0-9A-Za-z_\-]{43}",
    r"\b(?:live|test)_[0-9A-Za-z]{30,40}",
)
_TOKEN = re.compile(
    rf"(?:{'|'.join(_TOKENS)})(?![0-9A-Za-z])|(?:^|[\s\"'=:,(])(EAAA[0-9A-Za-z_-]{{60}})(?![0-9A-Za-z+/=])", re.ASCII
)


def _found(run: str) -> Iterator[Span]:
    return (span for span in tokens(_TOKEN, run) if not span[2].startswith(("live_", "test_")) or mixed(span[2]))


DETECTOR = Detector(
    entity=Entity(
        name="PAYMENT_API_KEY",
        title="payment API key",
        role=Role.SECRET,
        level=Level.RESTRICTED,
        tags=("PCI-DSS",),
    ),
    pattern=family(_TOKENS, r"(?:^|[\s\"'=:,(])EAAA[0-9A-Za-z_\-]{20}"),
    find=_found,
)
