"""Addresses of public ledgers: Bitcoin and its kin, Tron, XRP, Stellar by checksum; Ethereum and Monero by shape.

BIP 173 and 350 (Bech32), Base58Check, EIP-55, SEP 23. Every payment of an address can be read by anyone.

An Ethereum address carries its checksum in the case of its letters: both cases after ``0x`` are proof in any text,
forty lower-case digits only in a column of them, since they may be a hash. Keccak-256 is not computed: it would cost
half a millisecond a cell, and only EIP-55 writes hexadecimal digits in both cases.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._ledgers import base58check, bech32, ripple, strkey
from airflow_mlsecops.detectors._runs import varied

_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"(?P<base58>[13LMDTX][1-9A-HJ-NP-Za-km-z]{25,34}|t[13][1-9A-HJ-NP-Za-km-z]{33})"
    r"|(?P<ripple>r[1-9A-HJ-NP-Za-km-z]{24,34})"
    r"|(?P<bech32>(?:bc1|ltc1|addr1|BC1|LTC1)[0-9A-Za-z]{11,110})"
    r"|(?P<ether>0x[0-9A-Fa-f]{40})"
    r"|(?P<stellar>G[A-Z2-7]{55})"
    r"|(?P<monero>[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}))"
    r"(?![0-9A-Za-z])"
)
_SHAPE = re.compile(r"0x[0-9A-Fa-f]{40}")


def _both_cases(text: str) -> bool:
    digits = text[2:]
    return digits not in (digits.lower(), digits.upper()) and varied(digits, 8)


_CHECKS: dict[str, Callable[[str], bool]] = {
    "base58": base58check,
    "ripple": ripple,
    "bech32": bech32,
    "ether": _both_cases,
    "stellar": strkey,
    "monero": partial(varied, distinct=30),
}


def _addresses(run: str) -> Iterator[Span]:
    for match in _ADDRESS.finditer(run):
        kind = match.lastgroup or ""
        if _CHECKS[kind](match[0]):
            # Ethereum's and Bech32's case is presentation; elsewhere it counts.
            yield *match.span(), match[0].lower() if kind in ("ether", "bech32") else match[0]


def _known(cell: str) -> bool:
    return (_SHAPE.fullmatch(cell) is not None and varied(cell, 8)) or next(_addresses(cell), None) is not None


DETECTOR = Detector(
    entity=Entity(
        name="CRYPTO",
        title="crypto-currency address",
        role=Role.FINANCIAL,
        level=Level.CONFIDENTIAL,
        tags=("GDPR",),
    ),
    # The character before is taken along, the one after is not: it may be the one before the next address.
    pattern=r"(?:^|[^0-9A-Za-z])(?:[13LMDTXrt][1-9A-HJ-NP-Za-km-z]{24}|G[A-Z2-7]{24}|[48][0-9AB][1-9A-HJ-NP-Za-km-z]{23})"
    r"[0-9A-Za-z]*"
    r"|(?:^|[^0-9A-Za-z])0x[0-9A-Fa-f]{38}[0-9A-Za-z]*"
    r"|(?:^|[^0-9A-Za-z])(?:bc1|ltc1|addr1|BC1|LTC1)[0-9A-Za-z]{20}[0-9A-Za-z]*",
    find=_addresses,
    checked=True,
    cell_pattern=r"^(?:0x[0-9A-Fa-f]{40}|(?:bitcoincash:)?[0-9A-Za-z]{25,110})$",
    cell=lambda cell: cell if any(c.isdigit() for c in cell) and varied(cell, 8) else "",
    known=_known,
    common=0.002,
    names=words("""
        wallet_address crypto_address btc_address bitcoin_address eth_address ethereum_address wallet_addr
        crypto_wallet bitcoin_wallet ether_address btc_wallet eth_wallet solana_address
    """),
    hints=words("wallet bitcoin btc eth ethereum from_address to_address address owner sender receiver"),
    not_names=FLAGS + words("contract token txid tx_hash transaction_hash block_hash"),
)
