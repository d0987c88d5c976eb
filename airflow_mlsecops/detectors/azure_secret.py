"""Keys of Microsoft Azure: account keys, shared access keys and signatures, client secrets, identifiable keys.

https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string,
https://learn.microsoft.com/rest/api/storageservices/create-service-sas; patterns of microsoft/security-utilities.

The storage emulator's account key is printed in the documentation; it opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._secrets import random, tokens

_MARKS = r"(?:ASt|ACDb|AIoT|ASb|AEh|ARm)"
_KEY = re.compile(
    r"(?i:account_?key|shared_?access_?key|primary_?key|access_?key)[\"']?\s?[=:]\s?[\"']?([0-9A-Za-z+/]{42,86}={1,2})"
    r"|sig=([0-9A-Za-z%+/]{40,}?(?:%3[Dd]|=))"
    r"|(?<![0-9A-Za-z_~.-])([0-9A-Za-z_~.]{3}[78]Q~[0-9A-Za-z_~.-]{31,34})(?![0-9A-Za-z_~-])"
    r"|([0-9A-Za-z]{52}JQQJ99[0-9A-Za-z]{26})"
    rf"|([0-9A-Za-z+/]{{32,77}}\+{_MARKS}[0-9A-Za-z+/]{{5,6}}={{1,2}})"
)
_EMULATOR = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"


def _keys(run: str) -> Iterator[Span]:
    return (span for span in tokens(_KEY, run) if not span[2].startswith(_EMULATOR))


DETECTOR = Detector(
    entity=Entity(name="AZURE_SECRET", title="Azure key", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=r"(?i:account_?key|shared_?access_?key|primary_?key|access_?key)[\"']?\s?[=:]\s?[\"']?[0-9A-Za-z+/]{8}"
    r"[0-9A-Za-z+/=]*"
    r"|\bsv=20[0-9]{2}-[0-9]{2}-[0-9]{2}&[^\s\"'<>]*sig=[0-9A-Za-z%+/=]+"
    r"|AccessSignature sr=[^\s\"'<>]*sig=[0-9A-Za-z%+/=]+"
    r"|[0-9A-Za-z_~.\-]*[78]Q~[0-9A-Za-z_~.\-]+"
    r"|[0-9A-Za-z]*JQQJ99[0-9A-Za-z]+"
    rf"|[0-9A-Za-z+/]*\+{_MARKS}[0-9A-Za-z+/]+=+",
    find=_keys,
    cell_pattern=r"^(?:[0-9A-Za-z+/]{42,86}={1,2}|[0-9A-Za-z]{84})$",
    cell=lambda cell: cell if random(cell, 10) else "",
    names=words("azure_storage_key storage_account_key account_key shared_access_key azure_key azure_client_secret"),
    not_names=FLAGS,
)
