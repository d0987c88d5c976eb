"""YAML that a policy may not be written in, and scalars that stay what they look like."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.policy.text import read_text
from airflow_mlsecops.policy.tree import lines_of, read_yaml
from tests.pace import keeps_pace

BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)

REFUSED = [
    ("alias", "a: &x 1\nb: *x\n", ["a:1: sets an anchor", "a:2: uses an alias"]),
    ("anchor alone", "a: &x 1\n", ["a:1: sets an anchor"]),
    ("anchored mapping", "a: &x {b: c}\n", ["a:1: sets an anchor"]),
    ("tag", "a: !!python/object:os.system x\n", ["a:1: sets a tag"]),
    ("harmless tag", "a: !!str 1\n", ["a:1: sets a tag"]),
    ("tagged list", "a: !!set {b}\n", ["a:1: sets a tag"]),
    ("a key twice", "deny: [x]\nallow: []\ndeny: []\n", ["a:3: gives 'deny' a second time, first on line 1"]),
    ("a key twice, spelled otherwise", 'deny: [x]\n"deny": []\n', ["a:2: gives 'deny' a second time, first on line 1"]),
    ("a key twice, inside brackets", "a: {b: 1, c: 2, b: 3}\n", ["a:1: gives 'b' a second time"]),
    ("a key twice, in two places", "a: {b: 1, b: 2}\nc: {d: 1, d: 2}\n", ["a:1: gives 'b'", "a:2: gives 'd'"]),
    ("merge key", "a:\n  <<: {b: 1}\n", ["a:2: holds a key that is not a plain name"]),
    ("list as key", "? [a]\n: b\n", ["a:1: holds a key that is not a plain name"]),
    ("empty key", '"": b\n', ["a:1: holds a key that is not a plain name"]),
    ("two documents", "a: 1\n---\na: 2\n", ["a:2: holds a second document"]),
    ("directive", "%YAML 1.1\n---\na: no\n", ["a:2: holds a directive"]),
    ("empty", "# nothing\n", ["a:1: is empty"]),
    ("unclosed quote", "a: 1\nb: 'x\n", ["a:3: is not YAML"]),
    ("tab", "a:\n\tb: 1\n", ["a:2: is not YAML"]),
    ("two colons", "a: b: c\n", ["a:1: is not YAML"]),
    ("51 levels", "[" * 51 + "]" * 51, ["a:1: is nested deeper than 50 levels"]),
    ("51 levels of blocks", "- " * 51 + "x", ["a:1: is nested deeper than 50 levels"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(text: str, said: list[str]) -> None:
    _, mistakes = read_yaml("a", text)
    told = [str(mistake) for mistake in sorted(mistakes)]
    assert len(told) == len(said), told
    for line, start in zip(told, said, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize(
    "text", [BOMB, "[" * 20_000, "- " * 20_000 + "x", "? " * 20_000, "a: " + "{a: " * 20_000, "a: [\n" * 20_000]
)
def test_bombs_are_refused_at_once(text: str) -> None:
    assert read_yaml("a", text)[1]
    assert keeps_pace(lambda: read_yaml("a", text), 500)


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "null", "~", "1.10", "0x1F", "1e3", "010", "1_000", "12:30:45", "2026-12-31", ".inf", "TRUE"]
)  # fmt: skip
def test_scalars_stay_text(word: str) -> None:
    root, mistakes = read_yaml("a", f"a: {word}\n{word}: [{word}]\n")
    assert not mistakes
    assert root is not None
    assert root.plain() == {"a": word, word: [word]}


def test_50_levels_are_read() -> None:
    root, mistakes = read_yaml("a", "[" * 50 + "]" * 50)
    assert root is not None
    assert not mistakes


def test_lines_by_path() -> None:
    text = "a:\n  b: 1\n\n  # why\n  c:\n    - x\n    - d: y\n      e:\n# end\nf: {g: [1,\n 2]}\n"
    root, _ = read_yaml("a", text)
    assert root is not None
    assert lines_of(root) == {
        "a": 1, "a.b": 2, "a.c": 5, "a.c.0": 6, "a.c.1": 7, "a.c.1.d": 7, "a.c.1.e": 8, "f": 10, "f.g": 10, "f.g.0": 10, "f.g.1": 11,
    }  # fmt: skip


SUSPECT = [
    ("nul", b"a: 1\nb: \x00\n", ["a:2: holds U+0000"]),
    ("bell", b"a: \x07\n", ["a:1: holds U+0007"]),
    ("escape", b"a: \x1b[31m\n", ["a:1: holds U+001B"]),
    ("text that reads backwards", "a: \u202egnp\n".encode(), ["a:1: holds U+202E"]),
    ("no width", "a: ro\u200ble\n".encode(), ["a:1: holds U+200B"]),
    ("a space that is none", "a: raw\u00a0\n".encode(), ["a:1: holds U+00A0"]),
    ("a letter drawn as nothing", "a: raw\u3164\n".encode(), ["a:1: holds U+3164"]),
    ("byte order mark", "\ufeffa: 1\n".encode(), ["a:1: holds U+FEFF"]),
    ("line separator", "a: 1\u2028b: 2\n".encode(), ["a:1: holds U+2028"]),
    ("next line", "a: 1\u0085b: 2\n".encode(), ["a:1: holds U+0085"]),
    ("lone carriage return", b"a: 1\rb: 2\n", ["a:1: holds U+000D"]),
    ("latin 1", "a: 1\nb: é\n".encode("latin-1"), ["a:2: byte 8 is not UTF-8"]),
    ("utf 16", "a: 1\n".encode("utf-16"), ["a:1: byte 0 is not UTF-8"]),
    ("surrogate", b"a: \xed\xa0\x80\n", ["a:1: byte 3 is not UTF-8"]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "said"), [row[1:] for row in SUSPECT], ids=[row[0] for row in SUSPECT])
def test_bytes_that_a_reviewer_cannot_see(data: bytes, said: list[str]) -> None:
    _, mistakes = read_text("a", data)
    assert [str(mistake)[: len(start)] for mistake, start in zip(mistakes, said, strict=True)] == said


@pytest.mark.parametrize("data", [b"a: 1\r\nb: 2\r\n", b"a:\t1\n", "ä: ™ 漢字 🙂\n".encode(), b""])
def test_bytes_that_are_text(data: bytes) -> None:
    assert read_text("a", data) == (data.decode(), [])


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%,?\n \t", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    root, mistakes = read_yaml("a", text)
    assert root is not None or mistakes
    assert all(mistake.line >= 1 for mistake in mistakes)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=3), st.lists(st.text("xyz01.", min_size=1, max_size=4), max_size=3)
    )
)
def test_what_was_written_is_read(said: dict[str, list[str]]) -> None:
    block = "".join(
        f"{key}:{''.join(f'{chr(10)}  - {item}' for item in items) or ' []'}\n" for key, items in said.items()
    )
    root, mistakes = read_yaml("a", block or "{}")
    assert not mistakes
    assert root is not None
    assert root.plain() == said
