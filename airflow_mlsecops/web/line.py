"""A line of text whose names, codes and stresses are marked, so that a template can escape each for what it is."""

from __future__ import annotations

import re
from typing import Literal

from airflow_mlsecops.core.frozen import Frozen

Kind = Literal[
    "text", "strong", "name", "strong name", "code", "quiet code", "level", "commands",
    "rule", "link", "page", "airflow",
]  # fmt: skip


class Span(Frozen):
    """A piece of a line.

    :param kind: what it is: a ``name`` comes from outside and is hostile, a ``rule`` is a place in the policy and leads
        to where it is read, a ``level`` is drawn with its bars, a
        ``link`` stays on this page, ``page`` leads to another of ours, ``airflow`` to one of Airflow's own,
        ``commands`` are to be run, one a line, and never cut
    :param href: where a link leads; for ``page`` relative to this app's root, for ``airflow`` to Airflow's
    """

    text: str
    kind: Kind = "text"
    href: str = ""


Line = tuple[Span, ...]


def line(*pieces: Span | str) -> Line:
    """Join pieces into a line; a plain string is text."""
    spans = (Span(text=piece) if isinstance(piece, str) else piece for piece in pieces)
    return tuple(span for span in spans if span.text)


def strong(text: str) -> Span:
    """Text to be noticed."""
    return Span(text=text, kind="strong")


def name(text: str, *, stressed: bool = False) -> Span:
    """A name from outside: a column, a dataset, a task."""
    return Span(text=text, kind="strong name" if stressed else "name")


def code(text: str, *, quiet: bool = False) -> Span:
    """What someone types or greps for."""
    return Span(text=text, kind="quiet code" if quiet else "code")


def prose(text: str, *, limit: int = 600) -> Line:
    """A sentence of a finding: what stands between backticks becomes code; cut to ``limit`` characters."""
    shown = text if len(text) <= limit else f"{text[:limit]}…"
    pieces = re.split(r"`([^`]+)`", shown)
    return line(*(code(piece) if odd % 2 else piece for odd, piece in enumerate(pieces)))


def sentence(text: str) -> Line:
    """The same, with a capital at the start and a full stop at the end."""
    text = text.strip()
    if not text:
        return ()
    return prose(f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.!?…' else '.'}")


def plain(spans: Line) -> str:
    """The words alone."""
    return "".join(span.text for span in spans)
