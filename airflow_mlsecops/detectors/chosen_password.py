"""Passwords as people choose them, in columns whose name may mean them: ``pass``, ``pw``, ``secret``.

``pass`` is also what a pupil does, a hiker crosses and a player plays, and ``pw`` power: the cells must be letters with
digits or signs in them, as no word is, or stand on the lists of what attackers try first.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._secrets import hash_like, uuid_like
from airflow_mlsecops.detectors.password import DETECTOR as PASSWORD

# https://github.com/danielmiessler/SecLists and the defaults of devices; those that a column of another kind holds as
# well ("public", "user") are left out.
_TRIED_FIRST = frozenset(
    words("""
    123456 1234567 12345678 123456789 1234567890 000000 111111 123123 654321 666666 888888 112233 abc123 password
    password1 password123 passw0rd p@ssw0rd pass1234 pass123 qwerty qwerty123 qwertz azerty letmein iloveyou welcome
    welcome1 welcome123 admin admin123 administrator root toor changeme monkey dragon master sunshine princess football
    baseball superman batman trustno1 shadow secret test123 test1234 guest default 1q2w3e4r 1qaz2wsx zaq12wsx asdfgh
    asdf1234 q1w2e3r4 hunter2 raspberry ubnt cisco calvin alpine postgres mysql oracle tomcat s3cret secret123
    """)
)
_WRITTEN = re.compile(r"(?=.*[^\W\d_])(?=.*[0-9!@#$%^&*+?])\S{5,40}")
# "T800-45" and "2nd" count or name things, "81%" and "12.5kW" measure them.
_THING = re.compile(
    r"[A-Z]{1,4}[- ]?[0-9]{1,6}(?:[-/.][0-9A-Z]{1,6})*|[0-9]+[a-z]{2}|[0-9.,]+ ?[A-Za-z%/²³]{1,4}|.*[@:/].*\..*"
)


def _is_chosen(cell: str) -> bool:
    if cell.casefold() in _TRIED_FIRST:
        return True
    written = _WRITTEN.fullmatch(cell) is not None and _THING.fullmatch(cell) is None
    return written and not hash_like(cell) and not uuid_like(cell)


DETECTOR = Detector(
    entity=PASSWORD.entity,
    cell_pattern=r"^\S{3,64}$",
    cell=PASSWORD.cell,
    known=_is_chosen,
    common=0.05,
    hints=words(
        "pass passw pw pwrd pswd passkey secret secrets creds credential credentials clave contra parole sifra"
    ),
    not_names=PASSWORD.not_names
    + words("""
        fail rate type mountain boarding bus ski season fishing completion yard yards attempts game match player team
        exam course grade subject power test year manager
    """),
)
