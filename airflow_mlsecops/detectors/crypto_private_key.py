"""Keys that spend crypto-currency: WIF and extended keys (base 58 with a checksum), Stellar's seeds, word lists.

https://en.bitcoin.it/wiki/Wallet_import_format, BIP 32 (``xprv``), SEP 23 (``S…``); BIP 39 mnemonics are twelve to
twenty-four common words, which nothing but the column's name tells from a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._ledgers import base58check, strkey

_KEY = re.compile(
    r"(?<![0-9A-Za-z])(?:[5KL][1-9A-HJ-NP-Za-km-z]{50,51}|[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107}|S[A-Z2-7]{55})(?![0-9A-Za-z])"
)


def _keys(run: str) -> Iterator[Span]:
    for match in _KEY.finditer(run):
        if strkey(match[0]) if match[0][0] == "S" else base58check(match[0]):
            yield *match.span(), match[0]


DETECTOR = Detector(
    entity=Entity(
        name="CRYPTO_PRIVATE_KEY", title="crypto-currency private key", role=Role.SECRET, level=Level.RESTRICTED
    ),
    pattern=r"(?:^|[^0-9A-Za-z])(?:[5KL][1-9A-HJ-NP-Za-km-z]{24}|S[A-Z2-7]{24})[0-9A-Za-z]*"
    r"|(?:^|[^0-9A-Za-z])[xyzt]prv[1-9A-HJ-NP-Za-km-z]{20}[0-9A-Za-z]*",
    find=_keys,
    checked=True,
    cell_pattern=r"^(?:[a-z]{3,8}(?: [a-z]{3,8}){11,23}|(?:0x)?[0-9A-Fa-f]{64}|[0-9A-Za-z]{50,112})$",
    names=words(
        "mnemonic seed_phrase recovery_phrase secret_phrase wallet_seed wallet_private_key xprv wif seed_words"
    ),
    not_names=FLAGS,
)
