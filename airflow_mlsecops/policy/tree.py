"""YAML with the line and column of every node, and without what makes YAML dangerous.

Everything is read from the parser's events, so nothing is composed, resolved or recursed into: an alias bomb, twenty
thousand brackets or a key given twice are mistakes with a line. Scalars stay text: ``no`` is "no", ``1.10`` is "1.10".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from airflow_mlsecops.policy.mistakes import Mistake, quoted

MAX_DEPTH = 50

Mark: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class Node:
    """One node and where it stands; lines and columns count from 0.

    :param value: text of a scalar; ``None`` for the others
    :param items: of a list
    :param pairs: of a mapping: key node and value node, by key
    :param flow: true inside brackets
    """

    start: Mark
    end: Mark
    value: str | None = None
    items: list[Node] | None = None
    pairs: dict[str, tuple[Node, Node]] | None = None
    flow: bool = False
    key: Node | None = field(default=None, repr=False)

    @property
    def line(self) -> int:
        """1 for the first."""
        return self.start[0] + 1

    def plain(self) -> Any:
        """The node as text, lists and dicts."""
        if self.pairs is not None:
            return {name: value.plain() for name, (_, value) in self.pairs.items()}
        return [item.plain() for item in self.items] if self.items is not None else self.value

    def child(self, step: str | int) -> Node | None:
        """The value under a key, or the item at a position."""
        if self.pairs is not None:
            return self.pairs[str(step)][1] if str(step) in self.pairs else None
        if self.items is not None and isinstance(step, int) and step < len(self.items):
            return self.items[step]
        return None


def read_yaml(name: str, text: str) -> tuple[Node | None, list[Mistake]]:
    """Read one document; with any mistake the tree may be incomplete, and is ``None`` where there is none."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader = _Reader(name)
    try:
        reader.read(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "cannot be read"
        reader.refuse(mark.line if mark else 0, f"is not YAML: {problem} (see indentation and quotes, here and above)")
        return None, reader.mistakes
    except (YAMLError, ValueError, RecursionError) as error:
        reader.refuse(0, f"is not YAML ({type(error).__name__})")
        return None, reader.mistakes
    if reader.root is None and not reader.mistakes:
        reader.refuse(0, "is empty")
    return reader.root, reader.mistakes


def lines_of(root: Node) -> dict[str, int]:
    """Line by dotted path (``stages.features``, ``datasets.0.purposes``)."""
    return dict(_walk(root, ""))


def _walk(node: Node, path: str) -> Iterator[tuple[str, int]]:
    for name, (key, value) in (node.pairs or {}).items():
        below = f"{path}.{name}" if path else name
        yield below, key.line
        yield from _walk(value, below)
    for index, item in enumerate(node.items or ()):
        below = f"{path}.{index}" if path else str(index)
        yield below, item.line
        yield from _walk(item, below)


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.mistakes: list[Mistake] = []
        self.root: Node | None = None
        self._open: list[Node] = []

    def refuse(self, line: int, text: str) -> None:
        self.mistakes.append(Mistake(self.name, line + 1, text))

    def read(self, text: str) -> None:
        from ruamel.yaml import YAML
        from ruamel.yaml import events as e

        for event in YAML(typ="safe", pure=True).parse(text):
            line = event.start_mark.line
            if isinstance(event, e.DocumentStartEvent):
                self._document(event, line)
            elif isinstance(event, e.AliasEvent):
                self.refuse(
                    line,
                    "uses an alias (*): write it out, a reviewer reads every line by itself (and a glob in quotes)",
                )
                self._place(Node(_mark(event.start_mark), _mark(event.end_mark), value=""))
            elif isinstance(event, e.ScalarEvent):
                self._marked(event, line)
                self._place(_scalar(event))
            elif isinstance(event, e.CollectionStartEvent):
                self._marked(event, line)
                if not self._opened(event, isinstance(event, e.MappingStartEvent)):
                    return
            elif isinstance(event, e.CollectionEndEvent):
                self._closed(event)

    def _document(self, event: Any, line: int) -> None:
        if event.version or event.tags:
            self.refuse(line, "holds a directive (%): leave it out")
        if self.root is not None:
            self.refuse(line, "holds a second document (---): one file is one document")

    def _marked(self, event: Any, line: int) -> None:
        if event.anchor:
            self.refuse(line, "sets an anchor (&): write it out, a reviewer reads every line by itself")
        if event.tag:
            self.refuse(line, "sets a tag (!): plain text, lists and mappings are all there is")

    def _opened(self, event: Any, mapping: bool) -> bool:
        node = Node(_mark(event.start_mark), _mark(event.end_mark), flow=bool(event.flow_style))
        if mapping:
            node.pairs = {}
        else:
            node.items = []
        self._place(node)
        self._open.append(node)
        if len(self._open) <= MAX_DEPTH:
            return True
        self.refuse(node.start[0], f"is nested deeper than {MAX_DEPTH} levels")
        return False

    def _closed(self, event: Any) -> None:
        node = self._open.pop()
        if node.key is not None:
            self.refuse(node.key.start[0], "holds a key without a value")
        # The end of a block is where the next token starts, below comments that belong to what follows.
        node.end = _mark(event.end_mark) if node.flow else _last(node).end

    def _place(self, node: Node) -> None:
        if not self._open:
            self.root = self.root or node
            return
        parent = self._open[-1]
        if parent.items is not None:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            self._pair(parent, parent.key, node)
            parent.key = None

    def _pair(self, parent: Node, key: Node, value: Node) -> None:
        assert parent.pairs is not None
        if key.value is None or key.value in ("", "<<"):
            self.refuse(key.start[0], "holds a key that is not a plain name")
        elif key.value in parent.pairs:
            first = parent.pairs[key.value][0].line
            self.refuse(key.start[0], f"gives {quoted(key.value)} a second time, first on line {first}: keep one")
        else:
            if value.value == "" and value.start == value.end:
                # The parser places what is not there at the next token, below comments that belong to what follows.
                value.start = value.end = key.end
            parent.pairs[key.value] = (key, value)


def _scalar(event: Any) -> Node:
    end = _mark(event.end_mark)
    if event.style in ("|", ">") and end[1] == 0:
        end = (end[0] - 1, 0)
    return Node(_mark(event.start_mark), end, value=event.value)


def _last(node: Node) -> Node:
    if node.items:
        return node.items[-1]
    return list(node.pairs.values())[-1][1] if node.pairs else node


def _mark(mark: Any) -> Mark:
    return (mark.line, mark.column)
