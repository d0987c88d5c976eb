"""Names from outside, as harmless HTML."""

from __future__ import annotations

import pytest

from airflow_mlsecops.web.names import LIMIT, commands, legible, name, words

DRAWN = (
    ("contact_hint", '<bdi class="name">contact_<wbr>hint</bdi>'),
    ("s3://b/a.b", '<bdi class="name">s3:/<wbr>/<wbr>b/<wbr>a.<wbr>b</bdi>'),
    ("trailing_", '<bdi class="name">trailing_</bdi>'),
    ("two words", '<bdi class="name">two words</bdi>'),
    ("<b>", '<bdi class="name">&lt;b&gt;</bdi>'),
    ('"', '<bdi class="name">&#34;</bdi>'),
    ("a\u202eb", '<bdi class="name">a<span class="ctl">U+202E</span>b</bdi>'),
    ("\ud800", '<bdi class="name"><span class="ctl">U+D800</span></bdi>'),
    ("عنوان/a", '<bdi class="name"><bdi>عنوان</bdi>/<wbr>a</bdi>'),
    ("", '<bdi class="name"></bdi>'),
)


@pytest.mark.parametrize(("raw", "html"), DRAWN, ids=range(len(DRAWN)))
def test_names_as_drawn(raw: str, html: str) -> None:
    assert str(name(raw)) == html


def test_commands_are_whole_and_nothing_in_them_is_hidden() -> None:
    long = f'REVOKE "a_b.c" FROM "{"y" * 1_000}";'
    assert str(commands(f"{long}\n<b>\u202e")) == (
        f'REVOKE &#34;a_b.c&#34; FROM &#34;{"y" * 1_000}&#34;;\n&lt;b&gt;<span class="ctl">U+202E</span>'
    )


def test_a_long_name_is_cut_and_its_title_too() -> None:
    html = str(name("y" * 10_000))
    assert html.count("y") == 2 * LIMIT
    assert html.count("…") == 2


def test_a_name_of_marks_alone_takes_no_more_room_than_others() -> None:
    html = str(words("\u202e" * 500))
    assert html.count("U+202E") == 8
    assert "492 more" in html


def test_a_title_shows_marks_as_text() -> None:
    assert legible("a\u202eb\n") == "a<U+202E>b<U+000A>"


@pytest.mark.parametrize("sentence", ["It is 1.5 s.", "read. Then", "policy.yaml:14"])
def test_sentences_keep_their_words(sentence: str) -> None:
    assert str(words(sentence)).replace("<wbr>", "") == sentence
