"""Which conditions of a policy surely hold off everybody whom they do not name.

AWS' own rule, of the values that count as fixed:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html. Ours is no wider.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network

ACCOUNT = re.compile(r"\d{12}")
_POSITIVE = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"}
)  # "…IfExists" and "ForAllValues:…" hold where the key is missing: they hold nobody off
_BROADEST = {4: 8, 6: 32}


def holds_off(operator: str, key: str, values: tuple[str, ...]) -> bool:
    """True if a condition, in small letters, is met by nobody but those that its values name.

    :param values: any of which may meet it
    """
    fixed = _FIXED.get(key)
    if fixed is None or operator.removeprefix("foranyvalue:") not in _POSITIVE:
        return False
    by_part = operator.removeprefix("foranyvalue:").startswith("arn")
    # A policy variable such as ${aws:PrincipalAccount} stands for whoever asks.
    return bool(values) and all("${" not in value and fixed(value, by_part) for value in values)


def _account(value: str, by_part: bool) -> bool:
    return ACCOUNT.fullmatch(value) is not None


def _arn(value: str, by_part: bool) -> bool:
    """True if the account cannot vary; operators for texts let a star run across colons, those for ARNs do not."""
    parts = value.split(":", 5)
    if len(parts) < 6:
        return False
    account, resource = parts[4:]
    if not account:
        return _literal("".join(parts[:3]) + resource, by_part)  # a bucket: its name is nobody else's
    return _account(account, by_part) and (by_part or _literal(":".join(parts[:5]), by_part))


def _organisation(value: str, by_part: bool) -> bool:
    return _literal(value.partition("/")[0], by_part)


def _user(value: str, by_part: bool) -> bool:
    return _literal(value.partition(":")[0], by_part)


def _literal(value: str, by_part: bool) -> bool:
    return bool(value) and not set("*?") & set(value)


def _range(value: str, by_part: bool) -> bool:
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= _BROADEST[network.version]


# aws:VpcSourceIp is not among them: anybody can have a network of any private address.
_FIXED: dict[str, Callable[[str, bool], bool]] = {
    **dict.fromkeys(
        (
            *("aws:principalaccount", "aws:sourceaccount", "aws:sourceowner"),
            *("kms:calleraccount", "s3:dataaccesspointaccount"),
        ),
        _account,
    ),
    **dict.fromkeys(("aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"), _arn),
    **dict.fromkeys(
        ("aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"), _organisation
    ),
    **dict.fromkeys(("aws:sourcevpc", "aws:sourcevpce"), _literal),
    "aws:userid": _user,
    "aws:sourceip": _range,
}
