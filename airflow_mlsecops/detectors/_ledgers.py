"""The checksums that addresses and keys of public ledgers carry."""

from __future__ import annotations

import base64
import binascii
import hashlib

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_TO_BITCOIN = str.maketrans(_RIPPLE, _BASE58)


def base58check(text: str) -> bool:
    """True if the last four bytes are the double SHA-256 of the others (Bitcoin wiki, "Base58Check encoding")."""
    number = 0
    for character in text:
        digit = _BASE58.find(character)
        if digit < 0:
            return False
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    data = b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
    return len(data) >= 21 and _sha256(_sha256(data[:-4]))[:4] == data[-4:]


def ripple(text: str) -> bool:
    """The same check in the alphabet of the XRP ledger."""
    return base58check(text.translate(_TO_BITCOIN))


def bech32(text: str) -> bool:
    """True if a text passes the check of BIP 173 or BIP 350; mixed case never does."""
    prefix, one, data = text.lower().rpartition("1")
    if not one or text not in (text.lower(), text.upper()) or not set(data) <= set(_BECH32):
        return False
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    return _polymod(head + [_BECH32.index(c) for c in data]) in (1, 0x2BC830A3)


def strkey(text: str) -> bool:
    """True if the last two bytes are the CRC of the others (SEP 23, Stellar)."""
    try:
        data = base64.b32decode(text)
    except binascii.Error:
        return False
    return binascii.crc_hqx(data[:-2], 0) == int.from_bytes(data[-2:], "little")


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
