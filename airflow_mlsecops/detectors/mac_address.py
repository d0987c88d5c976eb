"""Hardware addresses of network cards (EUI-48): ``00:1A:2B:3C:4D:5E``, ``00-1A-…``, ``001a.2b3c.4d5e``.

They name a device, hence its owner (recital 30 GDPR). IEEE 802, clause 8; eight groups (EUI-64) and twelve bare digits
count in columns named so. Six pairs of decimals are dates, times and draws of a lottery.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9A-Fa-f][:.\-])(?:"
    r"[0-9A-Fa-f]{2}([:\-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
    r"(?![0-9A-Za-z]|[:.\-][0-9A-Fa-f])"
)
_NOT_DIGITS = re.compile("[^0-9a-f]")


def _addresses(run: str) -> Iterator[Span]:
    for match in _ADDRESS.finditer(run):
        digits = _digits(match[0])
        if digits and not digits.isdigit() and not digits.isalpha():
            yield *match.span(), digits


def _digits(cell: str) -> str:
    digits = _NOT_DIGITS.sub("", cell.lower())
    # Broadcast and unset addresses have one or two.
    return digits if len(set(digits)) > 2 else ""


DETECTOR = Detector(
    entity=Entity(
        name="MAC_ADDRESS",
        title="hardware address",
        role=Role.QUASI,
        level=Level.INTERNAL,
        tags=("GDPR", "HIPAA"),
    ),
    pattern=r"[0-9A-Za-z:.\-]*(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}[0-9A-Za-z:.\-]*"
    r"|[0-9A-Za-z:.\-]*[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}[0-9A-Za-z:.\-]*",
    find=_addresses,
    cell_pattern=r"^(?:[0-9A-Fa-f]{2}[:\- ]?){5}(?:[0-9A-Fa-f]{2}[:\- ]?){0,2}[0-9A-Fa-f]{2}$"
    r"|^(?:[0-9A-Fa-f]{4}\.){2,3}[0-9A-Fa-f]{4}$",
    cell=_digits,
    names=words("""
        mac mac_address mac_addr macaddress macaddr hw_addr hwaddr hardware_address physical_address ethernet_address
        bssid wifi_mac wlan_mac bluetooth_mac bt_mac bluetooth_address eui eui_48 eui_64 adresse_mac direccion_mac
        indirizzo_mac endereco_mac mac_adresse mac_адрес mac地址
        ether_addr bt_addr hw_address bluetooth_addr hardwareadresse hardware_adresse physikalische_adresse
        adresse_physique direccion_fisica indirizzo_fisico endereco_fisico
        fyzicka_adresa мак_адрес 物理地址 物理アドレス 맥주소
        맥_주소 mac주소 macアドレス mac位址 آدرس_مک
    """),
    not_names=FLAGS + words("os windows cheese big computer"),
)
