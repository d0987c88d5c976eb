"""Secret access keys of Amazon Web Services: forty base-64 characters, after their name or their access key id.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html; keys of Amazon Bedrock have a prefix.

Forty characters alone may be a commit id: a key has letters in both cases and digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._secrets import ASSIGNED, mixed, random, tokens

_NAMES = r"(?:aws_?secret_?(?:access_?)?key|secret_?access_?key)"
_KEY = re.compile(r"(?<![0-9A-Za-z/+])([0-9A-Za-z/+]{40})(?![0-9A-Za-z/+=])|(ABSK[0-9A-Za-z+/]{100,}={0,2})")


def _keys(run: str) -> Iterator[Span]:
    return (span for span in tokens(_KEY, run) if mixed(span[2]))


def _is_key(cell: str) -> bool:
    return mixed(cell) and random(cell, 14)


DETECTOR = Detector(
    entity=Entity(name="AWS_SECRET_KEY", title="AWS secret access key", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=rf"(?i:{_NAMES}){ASSIGNED}[0-9A-Za-z/+]{{8}}[0-9A-Za-z/+=]*"
    r"|(?:AKIA|ASIA)[A-Z2-7]{16}[\s,:;|\"']{1,4}[0-9A-Za-z/+]{8}[0-9A-Za-z/+=]*"
    r"|ABSK[0-9A-Za-z+/]{8}[0-9A-Za-z+/=]*",
    find=_keys,
    cell_pattern=r"^[0-9A-Za-z/+]{40}$",
    cell=lambda cell: cell if random(cell) else "",
    known=_is_key,
    common=0.003,
    names=words("aws_secret_access_key aws_secret_key aws_secret secret_access_key"),
    hints=words("secret secret_key aws"),
    not_names=FLAGS + words("sha commit"),
)
