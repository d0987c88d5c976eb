"""A plot is shapes and words that the style sheet colours: it runs, styles and refers to nothing of its own."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_mlsecops.web.plot import Bars, Plot, drawn

TAGS = {"svg", "g", "path", "rect", "text", "title"}
ATTRIBUTES = {
    "class", "viewbox", "role", "aria-label", "transform", "d", "x", "y", "width", "height", "fill",
}  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "url(//evil)",
    "safe\u202etxt",
    "\x00\x1b[31m",
    "x" * 5000,
)


class Drawing(HTMLParser):
    """What a browser would make of a drawing."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f"{data}\n"

    def of(self, tag: str, mark: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.elements if name == tag and found.get("class") == mark]


def plot(**more: Any) -> Plot:
    given_ = {
        "labels": ("11-21", "11-22", "11-23"),
        "series": (Bars(word="failed", mark="fail", values=(0, 1, 3)), Bars(word="unknown", mark="unknown", values=(2, 0, 0))),
        "says": "4 failed and 2 unknown",
        "every": 1,
        **more,
    }  # fmt: skip
    return Plot(**given_)


def test_of_two_labels_that_read_the_same_only_that_one_is_written_whose_turn_it_is() -> None:
    same = plot(labels=("11-26 17:26",) * 3, every=2)
    assert [name for name, _ in Drawing(drawn(same)).elements].count("title") == 3
    assert Drawing(drawn(same)).text.count("11-26 17:26\n") == 2
    assert "11-26 17:26: 3 failed" in Drawing(drawn(same)).text


def checked(drawing: Drawing) -> Drawing:
    for tag, found in drawing.elements:
        assert tag in TAGS
        assert set(found) <= ATTRIBUTES
        assert found.get("fill") in (None, "url(#hatch)")
        numbers = [found[name] for name in ("x", "y", "width", "height", "d", "transform") if name in found]
        assert all(re.fullmatch(r"[-\w\s.,()]*", text or "") for text in numbers)
    return drawing


def test_bars_stand_where_their_counts_are() -> None:
    drawing = checked(Drawing(drawn(plot())))
    one, three = drawing.of("rect", "fail")
    (two,) = drawing.of("rect", "unknown")
    assert float(three["height"] or 0) == pytest.approx(3 * float(one["height"] or 0), rel=0.02)
    assert float(two["x"] or 0) < float(one["x"] or 0) < float(three["x"] or 0)
    assert "11-23: 3 failed" in drawing.text
    assert "11-21: 2 unknown" in drawing.text
    assert "11-22: 0 unknown" not in drawing.text


def test_it_says_in_words_what_it_shows() -> None:
    ((tag, found), *_) = Drawing(drawn(plot())).elements
    assert (tag, found["role"], found["aria-label"]) == ("svg", "img", "4 failed and 2 unknown")


def test_failures_are_told_without_their_colour() -> None:
    drawing = Drawing(drawn(plot()))
    hatched = [found for tag, found in drawing.elements if tag == "rect" and found.get("fill")]
    assert len(hatched) == len(drawing.of("rect", "fail")) == 2


def test_counts_are_whole_and_shares_are_per_cent() -> None:
    assert not re.search(r"\d\.\d", "".join(Drawing(drawn(plot())).text.split()))
    part = Bars(word="of the rows", mark="part", values=(0.0, 0.5, 0.00098))
    assert "11-23: 0.098 % of the rows" in Drawing(drawn(plot(series=(part,), whole=False))).text


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("where", ["labels", "says", "word"])
def test_hostile_words_are_words(hostile: str, where: str) -> None:
    wanted = {
        "labels": {"labels": ("11-21", "11-22", hostile)},
        "says": {"says": hostile},
        "word": {"series": (Bars(word=hostile, mark="fail", values=(0, 1, 3)),)},
    }[where]
    svg = drawn(plot(**wanted))
    checked(Drawing(svg))
    assert not re.search(r"<(script|style|image|use|a|foreignObject)\b|<!--", svg)
    assert "\u202e" not in svg


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=31), st.text(max_size=20))
def test_any_counts_and_words_can_be_drawn(counts: list[int], word: str) -> None:
    labels = tuple(f"{word}{number}" for number in range(len(counts)))
    series = (Bars(word="failed", mark="fail", values=tuple(counts)),)
    drawing = checked(Drawing(drawn(Plot(labels=labels, series=series, says=word))))
    assert len(drawing.of("rect", "fail")) <= len(counts)


def test_the_same_counts_make_the_same_drawing() -> None:
    assert drawn(plot()) == drawn(plot())
    assert "2026" not in drawn(plot())


def test_nothing_to_count_is_an_empty_plot() -> None:
    drawing = checked(Drawing(drawn(plot(series=(Bars(word="failed", mark="fail", values=(0, 0, 0)),)))))
    assert drawing.of("rect", "fail") == []


def test_the_library_is_loaded_with_the_first_plot_alone() -> None:
    import subprocess
    import sys

    probe = "import sys, airflow_mlsecops.web.plot; print('pygal' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
