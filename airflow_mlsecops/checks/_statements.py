"""Resource and trust policies of AWS, read far enough to say whom they let in.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. What cannot be read ends the
question; what a condition may or may not exclude counts as let in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from airflow_mlsecops.checks._narrowing import ACCOUNT, holds_off
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.unseen import NotObserved, Unseen

_ARN_ACCOUNT = re.compile(r"arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:(\d{12})(?::|$)")
_KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})
_ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
T = TypeVar("T")


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
        return self.name == "*"

    @property
    def account(self) -> str:
        """The account it belongs to; empty for services, for anybody and for what does not tell."""
        if self.kind != "AWS":
            return ""
        if ACCOUNT.fullmatch(self.name):
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
    def narrowings(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Conditions that surely hold off everybody whom they do not name: keys with their values."""
        return tuple(
            (key, values)
            for operator, keys in self.conditions.items()
            for key, values in keys.items()
            if holds_off(operator, key, values)
        )

    @property
    def narrowed(self) -> bool:
        """True if some condition surely holds off everybody whom the policy does not name."""
        return bool(self.narrowings)

    @property
    def lets_anybody_in(self) -> bool:
        """True if it allows the whole world, as far as can be told."""
        everybody = self.everybody_but or any(principal.anybody for principal in self.principals)
        return self.allow and everybody and not self.narrowed

    def does(self, action: str) -> bool:
        """True if it speaks of an action, such as ``s3:GetObject``; case does not matter to AWS either."""
        if self.not_actions:
            return not any(_includes(pattern.lower(), action.lower()) for pattern in self.not_actions)
        return any(_includes(pattern.lower(), action.lower()) for pattern in self.actions)

    def covers(self, resource: str) -> bool:
        """True if it speaks of a resource, or of all that a pattern such as ``arn:aws:s3:::b/*`` stands for."""
        if self.not_resources:
            return not any(_includes(pattern, resource) for pattern in self.not_resources)
        return any(_includes(pattern, resource) for pattern in self.resources)


def statements(document: str | Mapping[str, Any], what: str) -> tuple[Statement, ...]:
    """Read a policy document.

    :param what: whose it is, to stand before ``was not observed``
    :raises Unseen: if it is no policy document
    """
    try:
        read = json.loads(document, object_pairs_hook=_once) if isinstance(document, str) else document
        return tuple(_statement(one) for one in _many(read["Statement"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        failure = NotObserved(why="it is no policy document that can be read")
    raise Unseen(what, failure)


def wildcard(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """IAM's matching: ``*`` stands for any run of characters, ``?`` for one; no pattern makes it slow."""
    if ignore_case:
        pattern, text = pattern.lower(), text.lower()
    return _pattern(pattern).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    # What stands between two stars is found where it first occurs, and never looked for again.
    first, *others = ("".join("." if one == "?" else re.escape(one) for one in piece) for piece in pattern.split("*"))
    middle = "".join(f"(?>.*?{piece})" for piece in others[:-1] if piece)
    return re.compile(first + (f"{middle}.*{others[-1]}" if others else ""), re.DOTALL)


@lru_cache(maxsize=65536)
def _includes(pattern: str, name: str) -> bool:
    """True if a pattern matches a name or, of one that ends in a star, all that it stands for."""
    stem = name.rstrip("*")
    if stem == name:
        return wildcard(pattern, name)
    # Only a star can take in a run that is longer than the pattern, and only one that may be empty takes in nothing.
    return wildcard(pattern, stem) and wildcard(pattern, stem + "\0" * (len(pattern) + 1))


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(members)
    if len(read) < len(members):
        raise ValueError("expected each name once")  # or the last of them would hide the others
    return read


def _statement(one: Mapping[str, Any]) -> Statement:
    if not _ELEMENTS.issuperset(one):
        raise ValueError("expected elements of a statement")  # `principal`, in small letters, may still let somebody in
    effect = one["Effect"]
    if effect not in ("Allow", "Deny"):
        raise ValueError(effect)
    if not {"Action", "NotAction"} & one.keys():
        raise KeyError("Action")
    if any(one.get(name) in ([], ()) for name in ("Action", "NotAction", "Resource", "NotResource")):
        raise ValueError("expected something")  # or what speaks of nothing would speak of all
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
        if not _KINDS.issuperset(said):
            raise ValueError("expected kinds of principals")
        for kind, names in said.items():
            yield from (Principal(kind=kind, name=name) for name in _texts(names))


def _conditions(said: Mapping[str, Any]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return _lowered({operator: _lowered(keys, _values) for operator, keys in said.items()}, dict)


def _lowered(said: Mapping[str, Any], read: Callable[[Any], T]) -> dict[str, T]:
    lowered = {name.lower(): read(value) for name, value in said.items()}
    if len(lowered) < len(said):
        raise ValueError("expected each name once")  # or one condition would hide another
    return lowered


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
