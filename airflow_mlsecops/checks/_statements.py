"""Resource and trust policies of AWS, read far enough to say whom they let in.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. What cannot be read ends the
question; what a condition may or may not exclude counts as let in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.unseen import NotObserved, Unseen

_ACCOUNT = re.compile(r"\d{12}")
_ARN_ACCOUNT = re.compile(r"arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:(\d{12})(?::|$)")
# Keys that name who or where from; a positive condition on one of them holds everybody else off.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
_NARROWING = frozenset(
    {
        *("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:userid"),
        *("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"),
        *("aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip"),
        *("kms:calleraccount", "s3:dataaccesspointaccount", "s3:dataaccesspointarn"),
    }
)
_POSITIVE = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress")
_ANYWHERE = ("*", "0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1")


class Principal(Frozen):
    """Whom a statement speaks of.

    :param kind: ``AWS``, ``Service``, ``Federated`` or ``CanonicalUser``
    :param name: ARN, account id, service, or ``*``
    """

    kind: str
    name: str

    @property
    def anybody(self) -> bool:
        """True for the whole world."""
        return self.name == "*" and self.kind in ("AWS", "Federated")

    @property
    def account(self) -> str:
        """The account it belongs to; empty for services, for anybody and for what does not tell."""
        if self.kind != "AWS":
            return ""
        if _ACCOUNT.fullmatch(self.name):
            return self.name
        found = _ARN_ACCOUNT.match(self.name)
        return found[1] if found else ""


class Statement(Frozen):
    """One statement, its lists made lists.

    :param conditions: by operator, by key, in small letters both; values as they stand
    :param everybody_but: true where ``NotPrincipal`` names whom it does *not* speak of
    """

    sid: str
    allow: bool
    principals: tuple[Principal, ...] = ()
    everybody_but: bool = False
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]] = {}

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.sid or "(without Sid)"

    @property
    def narrowed(self) -> bool:
        """True if some condition surely holds off everybody whom the policy does not name."""
        return any(
            key in _NARROWING and operator in _POSITIVE and bool(values) and not any(map(_anything, values))
            for operator, keys in self.conditions.items()
            for key, values in keys.items()
        )

    @property
    def lets_anybody_in(self) -> bool:
        """True if it allows the whole world, as far as can be told."""
        everybody = self.everybody_but or any(principal.anybody for principal in self.principals)
        return self.allow and everybody and not self.narrowed

    def does(self, action: str) -> bool:
        """True if it speaks of an action, such as ``s3:GetObject``; case does not matter to AWS either."""
        if self.not_actions:
            return not any(wildcard(pattern, action, ignore_case=True) for pattern in self.not_actions)
        return any(wildcard(pattern, action, ignore_case=True) for pattern in self.actions)

    def covers(self, resource: str) -> bool:
        """True if it speaks of a resource, or of all that a pattern such as ``arn:aws:s3:::b/*`` stands for."""
        if self.not_resources:
            return not any(wildcard(pattern, resource) for pattern in self.not_resources)
        return any(wildcard(pattern, resource) for pattern in self.resources)


def statements(document: str | Mapping[str, Any], what: str) -> tuple[Statement, ...]:
    """Read a policy document.

    :param what: whose it is, to stand before ``was not observed``
    :raises Unseen: if it is no policy document
    """
    try:
        read = json.loads(document) if isinstance(document, str) else document
        return tuple(_statement(one) for one in _many(read["Statement"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        failure = NotObserved(why="it is no policy document that can be read")
    raise Unseen(what, failure)


def wildcard(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """IAM's matching: ``*`` stands for any run of characters, ``?`` for one."""
    if ignore_case:
        pattern, text = pattern.lower(), text.lower()
    return _pattern(pattern).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    pieces = (
        "[\\s\\S]*" if piece == "*" else "[\\s\\S]" if piece == "?" else re.escape(piece) for piece in _pieces(pattern)
    )
    return re.compile("".join(pieces))


def _pieces(pattern: str) -> Iterator[str]:
    # Many stars in a row are one; kept apart they would make matching slow.
    yield from re.findall(r"\*|\?|[^*?]+", re.sub(r"\*+", "*", pattern))


def _statement(one: Mapping[str, Any]) -> Statement:
    effect = one["Effect"]
    if effect not in ("Allow", "Deny"):
        raise ValueError(effect)
    if not {"Action", "NotAction"} & one.keys():
        raise KeyError("Action")
    return Statement(
        sid=str(one.get("Sid", "")),
        allow=effect == "Allow",
        principals=tuple(_principals(one.get("Principal", one.get("NotPrincipal", ())))),
        everybody_but="NotPrincipal" in one,
        actions=_texts(one.get("Action", ())),
        not_actions=_texts(one.get("NotAction", ())),
        resources=_texts(one.get("Resource", ())),
        not_resources=_texts(one.get("NotResource", ())),
        conditions=_conditions(one.get("Condition", {})),
    )


def _principals(said: Any) -> Iterator[Principal]:
    if isinstance(said, str):
        if said != "*":
            raise ValueError(said)
        yield Principal(kind="AWS", name="*")
    elif said:
        for kind, names in said.items():
            yield from (Principal(kind=kind, name=name) for name in _texts(names))


def _conditions(said: Mapping[str, Any]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return {
        operator.lower(): {key.lower(): _values(values) for key, values in keys.items()}
        for operator, keys in said.items()
    }


def _values(said: Any) -> tuple[str, ...]:
    # Booleans and numbers may stand without quotes.
    return tuple(json.dumps(value) if not isinstance(value, str) else value for value in _many(said))


def _texts(said: Any) -> tuple[str, ...]:
    many = tuple(_many(said))
    if not all(isinstance(text, str) for text in many):
        raise TypeError("expected text")
    return many


def _many(said: Any) -> tuple[Any, ...]:
    return tuple(said) if isinstance(said, list | tuple) else (said,)


def _anything(value: str) -> bool:
    return value in _ANYWHERE or not value.strip("*?")
