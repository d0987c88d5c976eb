"""What the product says of a table or of texts, in the labels of the accuracy scorer.

    PYTHONPATH=benchmarks python SCORER --adapter eval_adapter:columns
    PYTHONPATH=benchmarks python SCORER --span-adapter eval_adapter:spans

It calls what ``ClassifyDatasetOperator`` calls, and only puts the product's entities under the scorer's labels.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import pyarrow as pa  # noqa: TID253

from airflow_mlsecops.core.classification import Classification, How, Sighting
from airflow_mlsecops.core.entity import Role
from airflow_mlsecops.detectors import all_detectors, entities
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.scan import classify, occurrences
from airflow_mlsecops.sources.formats.arrow import to_polars

LABELS = {
    "PERSON": "PERSON_NAME",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "STREET_ADDRESS": "ADDRESS",
    "LOCATION": "LOCATION",
    "POSTCODE": "POSTCODE",
    "DATE_OF_BIRTH": "DATE_OF_BIRTH",
    "GENDER": "GENDER",
    "RACE_ETHNICITY": "RACE_ETHNICITY",
    "RELIGION": "RELIGION",
    "PASSPORT": "PASSPORT",
    "DRIVER_LICENSE": "DRIVER_LICENSE",
    "CREDIT_CARD": "CREDIT_CARD",
    "IBAN_CODE": "BANK_ACCOUNT",
    "BANK_ACCOUNT": "BANK_ACCOUNT",
    "ABA_ROUTING_NUMBER": "BANK_ACCOUNT",
    "SWIFT_CODE": "BANK_ACCOUNT",
    "MX_CLABE": "BANK_ACCOUNT",
    "UPI_ID": "BANK_ACCOUNT",
    "CRYPTO": "BANK_ACCOUNT",
    "IP_ADDRESS": "IP_ADDRESS",
    "MAC_ADDRESS": "MAC_ADDRESS",
    "CARD_VERIFICATION": "CREDENTIAL",
    "USERNAME": "USERNAME",
    "SOCIAL_HANDLE": "USERNAME",
    "GEO_COORDINATES": "LOCATION_COORD",
    "INCOME": "FINANCIAL",
    "ACCOUNT_BALANCE": "FINANCIAL",
    "CREDIT_SCORE": "FINANCIAL",
    "TRANSACTION_AMOUNT": "FINANCIAL",
    "AGE": "AGE",
}
# What the scorer has no label for.
UNLABELLED = frozenset(
    words("""
        OCCUPATION EDUCATION_LEVEL MARITAL_STATUS NATIONALITY SEXUAL_ORIENTATION POLITICAL_OPINION UNION_MEMBERSHIP
        MEDICAL_RECORD_NUMBER MEDICAL_LICENSE US_NPI ORCID SECURITY_ANSWER BIOMETRIC GENETIC CRIMINAL_RECORD VIN
        LICENSE_PLATE DEVICE_ID IMEI SIM_CARD CARD_EXPIRY SESSION_COOKIE
    """)
)


def label_of(entity: str) -> str | None:
    """The scorer's label of an entity."""
    if entity in LABELS or entity in UNLABELLED:
        return LABELS.get(entity)
    role = entities()[entity].role
    if role is Role.SECRET:
        return "CREDENTIAL"
    if role is Role.HEALTH:
        return "HEALTH"
    return "NATIONAL_ID" if role is Role.DIRECT else None


def columns(table: pa.Table) -> dict[str, str | None]:
    """The one label of each column, though the product may see several entities in it."""
    lost: Counter[int] = Counter()
    found = classify([to_polars(table, lost)], all_detectors())
    shown = found_by_position(found, table.column_names)
    return {name: _label(found, column) for name, column in shown.items()}


def found_by_position(found: Classification, names: list[str]) -> dict[str, str]:
    """The shown name of each column: where one name holds data, all are shown by their places."""
    known = {column.name for column in found.columns}
    places = {f"column[{place}]" for place in range(1, len(names) + 1)}
    by_place = places & known and not set(names) & known
    return {name: f"column[{place}]" if by_place else name for place, name in enumerate(names, start=1)}


def _label(found: Classification, name: str) -> str | None:
    column = found.column(name)
    # What is inside JSON and lists belongs to the column.
    inside = [one for one in found.sightings if one.column == name or one.column.startswith((f"{name}.", f"{name}[]"))]
    likely: dict[str, float] = defaultdict(float)
    for one in inside:
        label = label_of(one.entity)
        if label is not None:
            likely[label] = max(likely[label], _weight(one, column.rows - column.nulls if column else 0))
    if not likely:
        return None
    filled = column.rows - column.nulls if column else 0
    if column is not None and column.prose and not any(_whole(one, filled) for one in inside):
        return "FREE_TEXT_WITH_PII" if set(likely) - {"FINANCIAL", "LOCATION"} else None
    return max(sorted(likely), key=likely.__getitem__)


def _whole(one: Sighting, filled: int) -> bool:
    """True if cells as a whole are what was found, however long they are."""
    return one.how in (How.NAME, How.VALUES) and one.score > 0.7 and one.rows >= 0.75 * filled


def _weight(one: Sighting, filled: int) -> float:
    """How much of a column it explains."""
    return one.score * (0.2 + one.rows / max(1, filled))


def spans(texts: list[str]) -> list[list[tuple[int, int, str]]]:
    """Labelled places in each text."""
    return [
        [(one.start, one.end, label) for one in found if (label := label_of(one.entity)) is not None]
        for found in occurrences(texts, all_detectors())
    ]
