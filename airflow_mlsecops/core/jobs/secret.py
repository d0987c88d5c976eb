"""Whether a value that a job carries in clear looks like a secret; values are asked here and kept nowhere.

A name that says so (``DB_PASSWORD``) or a shape that does: an AWS access key, a private key, ``://user:password@``, an
issuer's token, a long run of characters without rhyme. What names a secret kept elsewhere is none: the ARN of one in
Secrets Manager, ``{{resolve:secretsmanager:…}}``, ``$PASSWORD``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

MARK = "(looks like a secret)"

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_SECRET_ENDS = ("password", "passwords", "passwd", "passphrase", "secret", "secrets", "apikey")
_SECRET_WORDS = frozenset({"pwd", "credential", "credentials", "pat"})
_SECRET_PAIRS = frozenset(
    {("api", "key"), ("private", "key"), ("access", "key"), ("account", "key"), ("auth", "key")}
) | {
    (whose, "pass") for whose in ("admin", "database", "db", "mysql", "pg", "postgres", "redis", "root", "smtp", "user")
}
# What such a name begins or ends with where it says where, how many or of what kind.
_MEASURES = frozenset({"max", "min", "num"})
_ABOUT = frozenset(
    {
        *("name", "arn", "id", "file", "path", "dir", "url", "uri", "endpoint", "host", "version", "provider"),
        *("type", "ttl", "length", "limit", "count", "size", "manager", "store", "backend", "policy", "source"),
    }
)
_TRUTHS = frozenset({"true", "false", "yes", "no", "on", "off", "none", "null", "0", "1"})
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_SHAPES = re.compile(
    r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])"
    r"|-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"
    r"|\beyJ[\w-]{8,2000}\.eyJ[\w-]{8}"
    r"|\b(?:gh[opsu]_\w{30}|github_pat_\w{30}|glpat-[\w-]{20}|hf_\w{30}|xox[abprs]-[\w-]{10}|sk-[\w-]{20}|AIza[\w-]{35})"
)
_URL = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")
# Also the marks of a model's vocabulary: <pad>, [MASK].
_ELSEWHERE = re.compile(
    r"\[[A-Z_]{1,20}\]|arn:[a-z-]+:(?:secretsmanager|ssm):\S*|\{\{\s*resolve:[^}]*\}\}|\$\{?\w+\}?|\$\(\w+\)|<[^>]*>|Ref::\w+"
)
_RUN = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_ASSIGNED = re.compile(r"(?<![\w.-])-{0,2}([A-Za-z_][\w.-]*)[=:]\s*(\"[^\"]*\"|'[^']*'|[^\s\"';&|?]+)")


def looks_secret(name: str, value: Any) -> bool:
    """True if a value looks like a secret, has a name that says so, or assigns one (``Server=db;Password=…``)."""
    text = _text(value)
    if text == MARK:
        return True
    if _ELSEWHERE.fullmatch(text):
        return False
    return _secret(name, text) or any(_secret(left, _text(right)) for left, right in _ASSIGNED.findall(text))


def _text(value: Any) -> str:
    return str(value).strip().strip("\"'") if isinstance(value, str | int | float) else ""


def _secret(name: str, text: str) -> bool:
    nothing_to_hide = not text or text.lower() in _TRUTHS or _ELSEWHERE.fullmatch(text)
    return not nothing_to_hide and (_named(name) or _shaped(text))


def in_arguments(arguments: Sequence[Any]) -> tuple[int, ...]:
    """Places of the arguments that look like secrets, from 1: ``--password=…``, what follows ``--password``, tokens."""
    before = ["", *(_option(argument) for argument in arguments)]
    return tuple(place for place, one in enumerate(arguments, 1) if _argument(before[place - 1], one))


def _option(argument: Any) -> str:
    """The name of an option that stands by itself; empty for any other argument."""
    alone = isinstance(argument, str) and argument.startswith("-") and "=" not in argument
    return argument.lstrip("-") if alone else ""


def _argument(option: str, argument: Any) -> bool:
    return looks_secret("" if isinstance(argument, str) and argument.startswith("-") else option, argument)


def _named(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or words[0] in _MEASURES or words[-1] in _ABOUT:
        return False
    # token_dropout and token_pooling speak of text.
    token = next((word for word in reversed(words) if not word.isdigit() and word != "value"), "").endswith("token")
    single = token or any(word.endswith(_SECRET_ENDS) or word in _SECRET_WORDS for word in words)
    return single or bool(_SECRET_PAIRS & set(pairwise(words)))


def _shaped(text: str) -> bool:
    if _SHAPES.search(text) or any(not _ELSEWHERE.fullmatch(password) for password in _URL.findall(text)):
        return True
    return _RUN.fullmatch(text) is not None and _random(text)


def _random(text: str) -> bool:
    """True for what chance made: of mixed characters, and neither a digest, an id nor a path."""
    mixed = any(c.isdigit() for c in text) and any(c.islower() for c in text) and any(c.isupper() for c in text)
    path = text.startswith("/") or text.count("/") > max(3, len(text) // 16)
    return mixed and not path and not _HEX.fullmatch(text) and _entropy(text) >= 4.0


def _entropy(text: str) -> float:
    """Shannon's entropy of a text's characters, in bits for each."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
