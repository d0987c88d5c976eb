"""Names of persons, in columns named for persons and not for things.

Names alone prove nothing (``Rose``, ``April``, ``Chase``): the column's name has to say whose they are.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level

_PUNCTUATION = " .,'’`´-"
_NOBODY = frozenset(
    (
        *("unknown", "none", "null", "nan", "na", "n/a", "test", "yes", "no", "true", "false"),
        *("anonymous", "missing", "other", "undefined", "not"),
    )
)


def _is_name(cell: str) -> bool:
    words = cell.translate(dict.fromkeys(map(ord, _PUNCTUATION), " ")).split()
    letters = sum(map(len, words))
    named = bool(words) and len(words) <= 7 and 1 <= letters <= 80 and max(map(len, words)) <= 40
    return named and all(map(_is_word, words)) and words[0].casefold() not in _NOBODY


def _is_word(word: str) -> bool:
    # Some scripts write vowels as marks, which str.isalpha() refuses.
    return all(character.isalpha() or ord(character) > 0x2FF for character in word) and any(map(str.isalpha, word))


DETECTOR = Detector(
    entity=Entity(
        name="PERSON",
        title="name of a person",
        role=Role.DIRECT,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    named_pattern=r"""^[^0-9@_/\\#$%&*+=<>{}\[\]|~^!?:;"]{1,120}$""",
    validate=_is_name,
    names=(
        *("first_name", "firstname", "fname", "last_name", "lastname", "lname", "full_name", "fullname", "surname"),
        *(
            "middle_name",
            "middlename",
            "maiden_name",
            "given_name",
            "givenname",
            "family_name",
            "familyname",
            "forename",
        ),
        *(
            "customer_name",
            "client_name",
            "patient_name",
            "employee_name",
            "contact_name",
            "person_name",
            "member_name",
        ),
        *(
            "student_name",
            "teacher_name",
            "doctor_name",
            "physician_name",
            "driver_name",
            "passenger_name",
            "owner_name",
        ),
        *(
            "guest_name",
            "buyer_name",
            "seller_name",
            "applicant_name",
            "borrower_name",
            "cardholder_name",
            "holder_name",
        ),
        *(
            "account_holder",
            "cardholder",
            "card_holder",
            "beneficiary_name",
            "recipient_name",
            "sender_name",
            "agent_name",
        ),
        *(
            "manager_name",
            "subscriber_name",
            "insured_name",
            "emergency_contact",
            "next_of_kin",
            "author_name",
            "payee_name",
        ),
        *("spouse_name", "mother_name", "father_name", "mothers_maiden", "mother_s_maiden", "legal_name"),
        *(
            "customername",
            "patientname",
            "employeename",
            "contactname",
            "clientname",
            "candidate_name",
            "user_full_name",
        ),
        *("vorname", "nachname", "familienname", "prenom", "nom_de_famille", "apellido", "apellidos", "cognome"),
        *("nome_completo", "nombre_completo", "sobrenome", "voornaam", "achternaam", "nom_complet", "player_name"),
        *(
            "representative_name",
            "rep_name",
            "billing_name",
            "shipping_name",
            "ship_name",
            "attendee_name",
            "victim_name",
        ),
    ),
    not_names=(
        *("product", "file", "company", "user", "username", "host", "domain", "table", "column", "business", "brand"),
        *(
            "count",
            "length",
            "type",
            "id",
            "hash",
            "verified",
            "initial",
            "initials",
            "flag",
            "group",
            "prefix",
            "suffix",
        ),
        *("organization", "organisation", "department", "street", "city", "country", "school", "store", "shop"),
    ),
)
