"""Where people read a line of the policy: at the address of its repository that the MLSecOps connection names."""

from __future__ import annotations

import re
from urllib.parse import quote

from airflow_mlsecops.web.ledger import deployment

_RULE = re.compile(r"([\w./-]+)(?::([0-9]+))?(?: @id\([^()]*\))?", re.ASCII)


def address(rule: str) -> str:
    """The address of ``policy.yaml:14``; empty where the connection names none, or it is no place in a file.

    :raises MlsecopsError: if the connection cannot be read
    """
    place = _RULE.fullmatch(rule)
    link = deployment().settings.policy_link
    if place is None or not link:
        return ""
    file, number = place.groups()
    found = link.replace("{file}", quote(file))
    # Without a line, the file as a whole.
    return found.replace("{line}", number) if number else found.partition("#")[0].replace("{line}", "1")
