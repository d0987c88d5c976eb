"""Names from outside as harmless HTML: every one is escaped, isolated, breakable and cut."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from markupsafe import Markup, escape

LIMIT = 300
LONGEST = 20_000
_BREAK_AFTER = re.compile(r"(?<=[/._])(?=[^/._\s])")
_RIGHT_TO_LEFT = ("R", "AL")


def name(text: str, *, classes: str = "name", limit: int = LIMIT) -> Markup:
    """Draw a name: isolated from the text around it, with places to break, cut to 300 characters."""
    cut = len(text) > limit
    shown = f"{text[:limit]}…" if cut else text
    title = Markup(' title="{}"').format(legible(text)) if cut or len(text) > 60 else Markup("")
    segments = Markup("/<wbr>").join(_segment(segment) for segment in shown.split("/"))
    return Markup('<bdi class="{}"{}>{}</bdi>').format(classes, title, segments)


def whole(text: str) -> Markup:
    """Draw a name at the head of its own page: all of it, however long a name can be."""
    return name(text, limit=LONGEST)


def words(text: str) -> Markup:
    """Draw a sentence that may hold names: control and direction marks shown, long words breakable, cut as a log is."""
    return _drawn(text if len(text) <= 2 * LIMIT else f"{text[: 2 * LIMIT]}…")


def commands(text: str) -> Markup:
    """Draw commands to be copied, each a line: whole and unbroken, with nothing in them that the eye does not see."""
    runs = ("".join(run) for _, run in groupby(text, key=lambda letter: letter == "\n" or letter.isprintable()))
    return Markup("").join(escape(run) if run[0] == "\n" or run[0].isprintable() else _boxes(run) for run in runs)


def legible(text: str) -> str:
    """The same as plain text for an attribute, cut to 300 characters."""
    shown = "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in text[:LIMIT])
    return f"{shown}…" if len(text) > LIMIT else shown


def _segment(segment: str) -> Markup:
    drawn = _drawn(segment)
    turned = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in segment)
    return Markup("<bdi>{}</bdi>").format(drawn) if turned else drawn


def _drawn(text: str) -> Markup:
    # A mark that turns or hides text could make a name read as another, or a FAIL read as a PASS.
    runs = groupby(text, key=str.isprintable)
    return Markup("").join(_breakable("".join(run)) if shows else _boxes("".join(run)) for shows, run in runs)


def _boxes(run: str) -> Markup:
    boxes = Markup("").join(Markup('<span class="ctl">U+{:04X}</span>').format(ord(mark)) for mark in run[:8])
    return boxes if len(run) <= 8 else boxes + Markup('<span class="ctl">{} more</span>').format(len(run) - 8)


def _breakable(run: str) -> Markup:
    return Markup("<wbr>").join(escape(piece) for piece in _BREAK_AFTER.split(run))
