"""The text of ``access.cedar``, cut into statements before the parser sees it.

Cedar's parser names no line, overflows the stack on a thousand parentheses, and its validator accepts what it gives up
on for length; so each statement is bounded here, and parsed by itself at a known line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_mlsecops.policy.mistakes import Mistake

MAX_NESTING = 100
# Code without strings, comments and spaces. Cedar gave up silently at 16,000, recursing once per operator.
MAX_CODE = 4096

TOKEN = re.compile(r'(?P<gap>\s+|//[^\n]*)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<word>\w+)|(?P<mark>.)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One ``permit`` or ``forbid`` with its annotations.

    :param line: of its first word, 1 for the first
    """

    text: str
    line: int

    def line_of(self, message: str) -> int:
        """The line of the first name in backquotes that a message speaks of and that stands in this statement."""
        for name in re.findall(r"`([^`]+)`", message):
            found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.text)
            if found:
                return self.line + self.text.count("\n", 0, found.start())
        return self.line


def statements(file: str, text: str) -> tuple[list[Statement], list[Mistake]]:
    """Cut at every ``;`` outside strings and comments; with any mistake nothing of it is to be parsed."""
    found: list[Statement] = []
    mistakes: list[Mistake] = []
    start = depth = deepest = code = 0
    begun = False
    for token in TOKEN.finditer(text):
        if token["gap"]:
            continue
        if not begun:
            start, begun, depth, deepest, code = token.start(), True, 0, 0, 0
        if token["mark"] == '"':
            return found, [*mistakes, Mistake(file, _line(text, token.start()), "a string is not closed")]
        depth += (token["mark"] in ("(", "[", "{")) - (token["mark"] in (")", "]", "}"))
        deepest, code = max(deepest, depth), code + (0 if token["text"] else len(token[0]))
        if token["mark"] == ";":
            line = _line(text, start)
            mistakes += [Mistake(file, line, wrong) for wrong in _bounds(deepest, code)]
            found.append(Statement(text[start : token.end()], line))
            begun = False
    if begun:
        mistakes += [Mistake(file, _line(text, start), "this rule does not end in a semicolon")]
    return found, mistakes


def _bounds(deepest: int, code: int) -> list[str]:
    wrong = []
    if deepest > MAX_NESTING:
        wrong.append(f"brackets are nested {deepest} deep, at most {MAX_NESTING}")
    if code > MAX_CODE:
        wrong.append(f"the rule holds {code:,} signs of code, at most {MAX_CODE:,}: cut it into several")
    return wrong


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
