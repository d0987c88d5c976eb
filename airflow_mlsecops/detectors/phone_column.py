"""Telephone numbers in columns named so: any 7 to 15 digits, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._runs import holds
from airflow_mlsecops.detectors.phone_number import ENTITY

_SHORTEST, _LONGEST = 7, 15
_NO_DIGITS = re.compile("[^0-9]")
_EXTENSION = re.compile(r"(?i)\s*(?:ext?\.?|x|#)\s*[0-9]{1,6}\Z")
_DATE = re.compile(r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9].*|[0-3]?[0-9][/.][01]?[0-9][/.](?:19|20)[0-9]{2}.*")


def _numbers(cell: str) -> Iterator[str]:
    digits = _NO_DIGITS.sub("", _EXTENSION.sub("", cell))
    written = _SHORTEST <= len(digits) <= _LONGEST and len(set(digits)) > 2
    if written and not _DATE.match(cell.strip()):
        yield digits.lstrip("0")[-10:]


DETECTOR = Detector(
    entity=ENTITY,
    named_pattern=r"^[ +(]*[0-9][0-9 ()./\-+]{5,}[0-9] *(?:(?i:ext?\.?|x|#) *[0-9]{1,6})? *$",
    validate=holds(_numbers),
    values=_numbers,
    names=(
        *(
            "phone",
            "phones",
            "telephone",
            "mobile",
            "cell",
            "cellphone",
            "cellular",
            "tel",
            "fax",
            "landline",
            "msisdn",
        ),
        *(
            "phone_number",
            "phonenumber",
            "phone_no",
            "phoneno",
            "mobilenumber",
            "mobile_no",
            "whatsapp",
            "contact_number",
        ),
        *("telefon", "telefono", "telefone", "telefoon", "telefonnummer", "handy", "handynummer", "celular", "movil"),
        *(
            "portable",
            "telephonenumber",
            "homephone",
            "workphone",
            "mobilephone",
            "phone1",
            "phone2",
            "homephonenumber",
        ),
    ),
    not_names=(
        *(
            "verified",
            "type",
            "model",
            "brand",
            "os",
            "count",
            "counts",
            "id",
            "ids",
            "price",
            "cost",
            "at",
            "date",
            "time",
        ),
        *(
            "updated",
            "created",
            "minutes",
            "usage",
            "service",
            "plan",
            "calls",
            "imei",
            "size",
            "flag",
            "status",
            "hash",
        ),
        *(
            "users",
            "visits",
            "sales",
            "traffic",
            "sessions",
            "views",
            "revenue",
            "country",
            "code",
            "extension",
            "rate",
        ),
    ),
)
