"""The parts of a permit, each a permit of its own: in the words of the file, cut between its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from airflow_mlsecops.policy.cedar_text import TOKEN

_Tokens = Sequence[re.Match[str]]
_OPEN, _CLOSE = ("(", "[", "{"), (")", "]", "}")


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a permit that must hold.

    :param says: in the words of the file, on one line
    :param rule: a permit that matches where this part holds
    """

    says: str
    rule: str


def clauses(statement: str) -> tuple[Clause, ...]:
    """What must hold for a permit to match, besides its action, cut where that changes nothing.

    :param statement: one statement that Cedar has parsed
    """
    tokens = [token for token in TOKEN.finditer(statement) if not token["gap"]]
    return (*_scope(tokens), *_conditions(tokens))


def _scope(tokens: _Tokens) -> Iterator[Clause]:
    """Of ``permit (principal …, action …, resource …)`` what is said of the first and the last."""
    for piece in _pieces(_inside(tokens, _effect(tokens) + 1), (",",)):
        says = _text(piece)
        if piece and len(piece) > 1 and piece[0][0] == "principal":
            yield Clause(says, f"permit ({says}, action, resource);")
        elif piece and len(piece) > 1 and piece[0][0] == "resource":
            yield Clause(says, f"permit (principal, action, {says});")


def _conditions(tokens: _Tokens) -> Iterator[Clause]:
    """Of ``when {a && b} unless {c || d}``: a, b, not c, not d."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token[0] in _OPEN) - (token[0] in _CLOSE)
        if depth or token[0] not in ("when", "unless") or index < _effect(tokens):
            continue
        inside = _inside(tokens, index + 1)
        mark, other = ("&", "|") if token[0] == "when" else ("|", "")
        for piece in _pieces(inside, (mark,)) if _plain(inside, other) else [inside]:
            says = _text(piece)
            if token[0] == "when" and piece:
                yield Clause(says, f"permit (principal, action, resource) when {{ {says} }};")
            elif piece:
                yield Clause(f"not ({says})", f"permit (principal, action, resource) unless {{ {says} }};")


def _effect(tokens: _Tokens) -> int:
    """Where ``permit`` stands; an annotation may be called so too."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token[0] in _OPEN) - (token[0] in _CLOSE)
        if not depth and token[0] in ("permit", "forbid") and (not index or tokens[index - 1][0] != "@"):
            return index
    return len(tokens)


def _inside(tokens: _Tokens, start: int) -> _Tokens:
    """What stands between the bracket at a place and the one that closes it."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += (tokens[index][0] in _OPEN) - (tokens[index][0] in _CLOSE)
        if not depth:
            return tokens[start + 1 : index]
    return ()


def _plain(tokens: _Tokens, other: str) -> bool:
    """Whether nothing outside brackets binds looser than what is cut at: an ``if``, or ``||`` beside ``&&``."""
    depth = 0
    for token in tokens:
        depth += (token[0] in _OPEN) - (token[0] in _CLOSE)
        if not depth and token[0] in ("if", other):
            return False
    return True


def _pieces(tokens: _Tokens, marks: tuple[str, ...]) -> list[_Tokens]:
    """Cut at a mark outside brackets; ``&&`` is two marks, with nothing in between."""
    pieces: list[list[re.Match[str]]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token[0] in _OPEN) - (token[0] in _CLOSE)
        if not depth and token[0] in marks:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return [piece for piece in pieces if piece]


def _text(tokens: _Tokens) -> str:
    """The words of the file with one space for each gap, without comments."""
    told = ""
    for before, token in zip((None, *tokens), tokens, strict=False):
        told += (" " if before and before.end() < token.start() else "") + token[0]
    return told
