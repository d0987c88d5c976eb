"""Hashes of passwords: modular crypt format (``$2b$``, ``$argon2id$``, ``$6$``), Django's, LDAP's, Windows'.

https://passlib.readthedocs.io/en/stable/modular_crypt_format.html, RFC 9106, RFC 2307. They can be guessed offline.

A bare digest is a password's only where the column says so: digests of files look the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._secrets import family, random

_HASHES = (
    r"\$2[abxy]?\$[0-9]{2}\$[./0-9A-Za-z]{53}",
    r"\$argon2(?:id|i|d)\$v=[0-9]{2}\$m=[0-9]{1,9},t=[0-9]{1,4},p=[0-9]{1,3}\$[0-9A-Za-z+/]{8,64}\$[0-9A-Za-z+/]{16,90}",
    r"\$[56]\$(?:rounds=[0-9]{1,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{43,86}",
    r"\$(?:y|gy|7|scrypt)\$[./0-9A-Za-z,=]{1,40}\$[./0-9A-Za-z+]{0,64}\$[./0-9A-Za-z+]{43,86}",
    r"\$(?:1|apr1)\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}",
    r"\$[PH]\$[./0-9A-Za-z]{31}",
    r"\$S\$[./0-9A-Za-z]{52}",
    r"\$pbkdf2(?:-sha(?:1|256|512))?\$[0-9]{1,9}\$[./0-9A-Za-z]{4,64}\$[./0-9A-Za-z]{27,90}",
    r"\bpbkdf2_sha(?:1|256|512)\$[0-9]{1,9}\$[0-9A-Za-z]{4,64}\$[0-9A-Za-z+/]{27,90}={0,2}",
    r"\bpbkdf2:sha(?:1|256|512)(?::[0-9]{1,9})?\$[0-9A-Za-z./]{4,64}\$[0-9a-f]{40,128}",
    r"\bscrypt:[0-9]{1,9}:[0-9]{1,4}:[0-9]{1,4}\$[0-9A-Za-z./]{4,64}\$[0-9a-f]{64,128}",
    r"\{(?:SSHA|SSHA256|SSHA384|SSHA512|SHA|SMD5|MD5|PBKDF2-SHA256)\}[0-9A-Za-z+/$.]{20,120}={0,2}",
    r"\b[0-9A-Fa-f]{32}:[0-9A-Fa-f]{32}:::",
)
_HASH = re.compile("|".join(_HASHES), re.ASCII)


def _hashes(run: str) -> Iterator[Span]:
    return ((*match.span(), match[0]) for match in _HASH.finditer(run) if random(match[0].rstrip(":")))


DETECTOR = Detector(
    entity=Entity(
        name="PASSWORD_HASH",
        title="hash of a password",
        role=Role.SECRET,
        level=Level.RESTRICTED,
        tags=("GDPR", "PCI-DSS"),
    ),
    pattern=family(_HASHES[:-1], "[0-9A-Fa-f]+:[0-9A-Fa-f]+:::"),
    find=_hashes,
    cell_pattern=r"^(?:\*|0x)?[0-9A-Fa-f]{32,128}$|^[$0-9A-Za-z+/=.:,_{}\-]{20,255}$",
    cell=lambda cell: cell if random(cell) else "",
    names=words("""
        password_hash passwordhash passwd_hash pwd_hash pw_hash pass_hash passhash hashed_password password_hashed
        password_digest encrypted_password crypted_password password_encrypted password_sha password_md5 password_salt
        hash_password hashed_pw hashed_pwd ntlm_hash pwhash pwdhash
    """),
    not_names=words("algorithm algo type version updated changed at date count"),
)
