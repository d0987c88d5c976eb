"""Lines of a text file, strictly decoded."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import BinaryIO

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.formats.batching import RECORD_CHARACTERS
from airflow_mlsecops.sources.formats.magic import looks_like, reject, wide_encoding
from airflow_mlsecops.sources.member import Member

_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 20


class Lines:
    """Lines of one file, endings kept; iterate inside ``with lines.opened():``.

    :param expected: the file's format, for people
    :param newline: as :func:`open` takes it: empty to end lines at any ending, ``\\n`` at that alone
    """

    def __init__(self, member: Member, expected: str, *, newline: str) -> None:
        self.name = member.shown
        self.number = 0
        self.characters = 0
        self._member = member
        self._expected = expected
        self._newline = newline
        self._text: io.TextIOBase = io.StringIO()
        self._again: io.TextIOBase = io.StringIO()

    def place(self) -> str:
        """How far reading came, for people."""
        return f"{self.name} after line {self.number:,}"

    def __iter__(self) -> Iterator[str]:
        while line := self._line():
            yield self._counted(line)

    def block(self, characters: int) -> str:
        """That many characters and the rest of their last line, uncounted: follow with :meth:`passed`.

        Give back with :meth:`put_back` what is to be read line by line, or go through it with :meth:`within`.
        """
        return self._again.read() or self._text.read(characters) + self._text.readline(RECORD_CHARACTERS)

    def passed(self, text: str) -> None:
        """Count whole lines that end with a line feed, save perhaps the file's last."""
        self.number += text.count("\n") + (not text.endswith("\n"))
        self.characters += len(text)

    def within(self, text: str) -> Iterator[str]:
        """Lines of a block, counted as if they were read one by one; ``newline`` is a line feed."""
        start = 0
        while start < len(text):
            end = text.find("\n", start) + 1 or len(text)
            yield self._counted(text[start:end])
            start = end

    def put_back(self, text: str, counted: int = 0) -> None:
        """Let whole lines be read again, before all others.

        :param counted: how many of them were counted when they were read
        """
        self.number -= counted
        self.characters -= len(text) if counted else 0
        self._again = io.StringIO(text, newline=self._newline)

    def _line(self) -> str:
        return self._again.readline(RECORD_CHARACTERS) or self._text.readline(RECORD_CHARACTERS)

    def _counted(self, line: str) -> str:
        self.number += 1
        self.characters += len(line)
        if "\0" in line:
            raise self.error("holds NUL bytes: expected UTF-8 text; write it as UTF-8", "NOT_TEXT")
        if len(line) >= RECORD_CHARACTERS:
            raise self.error(f"is longer than {RECORD_CHARACTERS:,} characters: write shorter records", "TOO_LARGE")
        return line

    def error(self, what: str, code: str) -> SourceError:
        """An error about the line just read."""
        return SourceError(f"{self.name} line {self.number:,} {what}", code=code)

    @contextmanager
    def opened(self) -> Iterator[Lines]:
        """Open the file, gzipped or not as its name says, and close it afterwards."""
        with closing(self._member.open()) as stream:
            buffered = io.BufferedReader(self._unzipped(stream), _BLOCK)
            if encoding := wide_encoding(buffered.peek(4)[:4]):
                raise SourceError(f"{self.name} is {encoding}: expected UTF-8 text; write it as UTF-8", code="NOT_TEXT")
            # utf-8-sig: a byte order mark would otherwise become part of the first column's name
            with io.TextIOWrapper(buffered, encoding="utf-8-sig", errors="strict", newline=self._newline) as text:
                self._text = text
                yield self

    def _unzipped(self, stream: BinaryIO) -> io.RawIOBase:
        head = stream.read(8)
        stream.seek(0)
        zipped = self._member.name.lower().endswith(".gz")
        if zipped != head.startswith(_GZIP) or (not zipped and looks_like(head)):
            reject(self._member, head, f"gzipped {self._expected}" if zipped else self._expected)
        return gzip.GzipFile(fileobj=stream) if zipped else stream  # type: ignore[return-value]
