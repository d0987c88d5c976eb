"""Lines added to a YAML text, with every other line left as its author wrote it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from airflow_mlsecops.policy.text import unseen
from airflow_mlsecops.policy.tree import Mark, Node

Known = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Edits:
    """What is to be added to a text.

    :param inline: text by the place it goes to
    :param below: lines by the number of the line they follow; -1 for the top
    """

    inline: dict[Mark, str] = field(default_factory=lambda: defaultdict(str))
    below: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add_member(self, mapping: Node, key: str, value: str) -> None:
        """Add ``key: value`` behind the last member of a mapping; ``value`` is on one line."""
        pairs = list((mapping.pairs or {}).values())
        if mapping.flow or not pairs:
            self._inside(mapping, [value for _, value in pairs], f"{scalar(key)}: {value}")
        else:
            self.below[pairs[-1][1].end[0]].append(f"{' ' * pairs[0][0].start[1]}{scalar(key)}: {value}")

    def add_item(self, items: Node, value: str) -> None:
        """Add an item behind the last one of a list."""
        if items.flow or not items.items:
            self._inside(items, items.items or [], value)
        else:
            self.below[items.end[0]].append(f"{' ' * items.start[1]}- {value}")

    def applied(self, text: str) -> str:
        """The text with all of it added."""
        end = "\r\n" if "\r\n" in text else "\n"
        lines = text.splitlines()
        for (number, column), added in sorted(self.inline.items(), reverse=True):
            lines[number] = f"{lines[number][:column]}{added}{lines[number][column:]}"
        for number in sorted(self.below, reverse=True):
            lines[number + 1 : number + 1] = self.below[number]
        return end.join(lines) + (end if text.endswith("\n") else "")

    def _inside(self, brackets: Node, there: Sequence[Node], added: str) -> None:
        # Behind the last member rather than before the bracket: a trailing comma and a comment stay where they are.
        place = there[-1].end if there else (brackets.start[0], brackets.start[1] + 1)
        self.inline[place] += f", {added}" if there or self.inline[place] else added


def flow_list(words: Iterable[str]) -> str:
    """``[A, B]``."""
    return f"[{', '.join(scalar(word) for word in words)}]"


def flow_mapping(known: Known) -> str:
    """``{column: [A, B]}``."""
    return f"{{{', '.join(f'{scalar(column)}: {flow_list(names)}' for column, names in known.items())}}}"


def scalar(word: str) -> str:
    """A word as YAML: bare where that is safe, else in double quotes with everything unusual escaped."""
    if word.isascii() and word.replace("_", "").isalnum():
        return word
    return f'"{"".join(_escaped(letter) for letter in word)}"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if letter.isprintable() and (letter == " " or not unseen(letter)) else f"\\U{ord(letter):08X}"
