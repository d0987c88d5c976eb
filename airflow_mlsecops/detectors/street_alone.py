"""Streets without a number, told by a word that hardly anything but a street begins or ends with, whatever the header.

``Via Roma``, ``Rue de l'Hôpital`` and ``Steinwiesstrasse`` are also stops of a bus and sights of a town: a column of
them counts beside telephones, addresses of mail or postcodes.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors.street_address import DETECTOR as STREET_ADDRESS

_FIRST = (
    "(?:via|viale|piazza|piazzale|corso|largo|vicolo|strada|contrada|rue|avenue|boulevard|bd|chemin|route|impasse|allée|quai"
    "|calle|avenida|paseo|carrer|camino|rua|travessa|praça|estrada|rodovia|ulica|aleja|plac|улица|проспект|пр-т|переулок"
    "|бульвар|шоссе|вулиця|jalan) "
    "|(?:v\\.le|p\\.zz?a|p\\.le|c\\.so|avda\\.|ul\\.|al\\.|pl\\.|ул\\.|пр\\.|пер\\.|вул\\.|jl\\.) ?"
)
_LAST = (
    "[\\w.-]{2,}(?:straße|strasse|str\\.|gasse|weg|platz|allee|straat|laan|gracht|gatan|vägen|gade|vej|veien|gata|katu)"
    "|.{2,}[ -](?:straße|strasse|str\\.|weg|platz|allee|street|avenue|road|lane|drive|boulevard|utca|út"
    "|caddesi|sokak|улица)"
)
_STREET = re.compile(rf"(?:{_FIRST})[^\W\d_].*|{_LAST}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")


def _street(cell: str) -> str:
    """A street's name of at most eight words."""
    named = _STREET.fullmatch(cell.rstrip(" ,")) is not None and len(_WORD.findall(cell)) <= 8
    return spelling(cell) if named else ""


DETECTOR = Detector(
    entity=STREET_ADDRESS.entity,
    cell_pattern=r"^[^0-9@:=<>{}\[\]|_;?!]{4,80}$",
    cell=_street,
    common=0.02,
    hints=STREET_ADDRESS.hints,
    not_names=STREET_ADDRESS.not_names,
    near=("POSTCODE", "PHONE_NUMBER", "EMAIL_ADDRESS"),
)
