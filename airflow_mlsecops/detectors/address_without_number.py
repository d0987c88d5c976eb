"""Addresses without a number, in columns named so: village and district, as most of the world's addresses are.

One word under ``address`` is as often its kind (``private``), or a town, which the detector of towns knows.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.street_address import DETECTOR as STREET_ADDRESS

_WORD = re.compile(r"[^\W\d_]{2,}")
_UNPARTED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]{4,}")


def _place(cell: str) -> str:
    """Two words or more, or as many letters where nothing parts words."""
    placed = _UNPARTED.search(cell) is not None or 2 <= len(_WORD.findall(cell)) <= 12
    return spelling(cell) if placed else ""


DETECTOR = Detector(
    entity=STREET_ADDRESS.entity,
    cell_pattern=r"^[^0-9@:=<>{}\[\]|_]{4,120}$",
    cell=_place,
    names=words("""
        address addr home_address full_address residential_address permanent_address current_address mailing_address
        adresse anschrift wohnanschrift direccion domicilio indirizzo residenza endereco logradouro morada adres
        adresa alamat alamat_rumah alamat_lengkap dia_chi lakcim адрес адреса bostadsadress hjemmeadresse osoite 地址
        住址 住所 주소 ที่อยู่ العنوان عنوان آدرس نشانی כתובת διευθυνση पता
        ho_khau_thuong_tru cho_o_hien_tai مكان_السكن पत्ता ठेगाना স্থায়ী_ঠিকানা ঠিকানা முகவரி చిరునామా ವಿಳಾಸ വിലാസം
        સરનામું ਪਤਾ ලිපිනය پتہ anwani anuani makazi አድራሻ მისამართი հասցե unvan ünvan мекенжай мекенжайы manzil
        manzili хаяг អាសយដ្ឋាន ທີ່ຢູ່ လိပ်စာ helbidea enderezo
    """),
    not_names=(
        *STREET_ADDRESS.not_names,
        *words("type kind art typ tipo company firma firm empresa name names nama nom nome nombre primary primaere"),
        *words(
            "cidade estado bairro uf pais ciudad provincia ville stadt ort land citta kota provinsi miasto mesto oras"
        ),
        *words("form salutation anrede title line_two line2 two complement complemento"),
    ),
    near=STREET_ADDRESS.near,
)
