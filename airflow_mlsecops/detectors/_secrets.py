"""What detectors of secrets ask of a candidate, and how names stand before values in files, code and logs."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from airflow_mlsecops.core.detector import Span

# key=value, key: value, "key": "value", 'key' => 'value', \"key\": \"value\", <key>value, KEY := value
ASSIGNED = r"""[\\"'`\]]{0,3}[ \t]{0,3}(?:=>|:=|==|=|:|>)[ \t]{0,3}[\\"'`]{0,3}"""
# A short word stands apart: inside a random token chance spells it now and then.
_APART = r"(?<![0-9A-Za-z])(?:your|dummy)|(?:your|dummy)(?=[_\- .])"
# What stands where a secret would: ${TOKEN}, <token>, {{ token }}, %(token)s, ****, xxxx, [redacted].
_STAND_IN = re.compile(
    rf"{_APART}|"
    r"example|place.?holder|redacted|masked|change.?me|insert.?|replace|sample|\.\.\.|\*\*\*|xxxxx|x-x-x"
    r"|\$\{|\{\{|^[<\[{(].*[>\]})]$|^%\(.*\)s$|^\$\w+$|^%[\w{]|^@\w+@$",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_HASH = re.compile(r"(?:0x)?[0-9a-f]+|[0-9A-F]+|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


# Whatever tokens are made of and joined by.
RUN = r"[0-9A-Za-z_\-.,+/=:$@|~%?&]*"
_COUNTED = re.compile(r"(\[[^\]]*\])\{([0-9]+)(?:,[0-9]*)?\}")
_HEAD = 20


def family(tokens: Iterable[str], *others: str) -> str:
    """The pattern of an issuer's or of many issuers' tokens: where one begins, and the widest run that could hold it.

    :param tokens: exact patterns that begin with a literal
    :param others: beginnings of those that do not
    """
    return f"(?:{'|'.join([*map(_head, tokens), *others])}){RUN}"


def _head(token: str) -> str:
    """A pattern up to its first counted class, of which so many characters tell it from other text."""
    counted = _COUNTED.search(token)
    if counted is None:
        return token
    head = token[: counted.start()]
    if head.count("(") > head.count(")"):
        return head[: head.rindex("(")]
    return f"{head}{counted[1]}{{{min(int(counted[2]), _HEAD)}}}"


def random(token: str, distinct: int = 7) -> bool:
    """True if a token's end is as varied as chance makes it, and no word in it says that it is an example."""
    return len(set(token[-24:])) >= distinct and not stand_in(token)


def stand_in(text: str) -> bool:
    """True if a text stands where a secret would, as in templates and manuals."""
    return _STAND_IN.search(text[:512]) is not None


def tokens(pattern: re.Pattern[str], run: str) -> Iterator[Span]:
    """Every match in a run that no manual wrote: its group if it has one, else the whole."""
    for match in pattern.finditer(run):
        start, end = match.span(match.lastindex or 0)
        if random(run[start:end]):
            yield start, end, run[start:end]


def entropy(text: str) -> float:
    """Shannon's entropy of a text's characters, in bits for each."""
    size = len(text)
    return -sum(count / size * math.log2(count / size) for count in Counter(text).values())


def mixed(text: str) -> bool:
    """True if a text has letters in both cases and digits, as base 64 has and hashes and words have not."""
    return any(c.isdigit() for c in text) and any(c.islower() for c in text) and any(c.isupper() for c in text)


def hash_like(text: str) -> bool:
    """True for digests, commit ids and UUIDs, which are everywhere and name nothing secret by themselves."""
    return _HASH.fullmatch(text) is not None


def uuid_like(text: str) -> bool:
    """True for a UUID with hyphens."""
    return _UUID.fullmatch(text) is not None
