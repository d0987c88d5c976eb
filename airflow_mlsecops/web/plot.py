"""Counts over time as bars: pygal lays them out, and of its drawing only shapes and words are kept.

What pygal writes beside (a style sheet, a script, ``style`` attributes, the day it was made) no page of ours may hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from markupsafe import Markup

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.web.names import legible

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH = 860
_NUMBERS = re.compile(r"[-\w\s.,()]*")  # a path, a place or a length: nothing that refers elsewhere
_KEPT = {
    "g": ("transform",),
    "path": ("d",),
    "rect": ("x", "y", "width", "height"),
    "text": ("x", "y"),
}


class Bars(Frozen):
    """One series of a plot.

    :param word: what its bars count
    :param mark: how they are drawn
    """

    word: str
    mark: Literal["pass", "fail", "unknown", "part"]
    values: tuple[float, ...]


class Plot(Frozen):
    """Bars over time, stacked.

    :param labels: under the bars, one for each value; ``every`` which one is written
    :param says: the same in words, for who does not see it
    :param whole: true if only whole numbers are counted; else they are shares, 0 to 1
    :param height: of the drawing, whose width is 860
    """

    labels: tuple[str, ...]
    series: tuple[Bars, ...]
    says: str
    whole: bool = True
    height: int = 170
    every: int = 7


@lru_cache(maxsize=64)  # laying one out takes longer than the ledger takes to count what it shows
def drawn(plot: Plot) -> Markup:
    """The SVG of a plot: classes that the style sheet colours, and no style, script or reference of its own."""
    graph = next(node for node in _laid_out(plot).iter() if _tag(node) == "g" and "graph" in _classes(node))
    inside = Markup("").join(_copied(graph, plot, ""))
    return Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        _WIDTH, plot.height, legible(plot.says), inside
    )


def _laid_out(plot: Plot) -> Any:
    """The plot as pygal draws it; loaded here, for most pages have none."""
    from pygal import StackedBar

    # Their places: pygal takes two labels that read the same for one.
    places = [str(place) for place in range(len(plot.labels))]
    chart = StackedBar(
        width=_WIDTH, height=plot.height, explicit_size=False, js=(), css=(), no_prefix=True, show_legend=False,
        margin=6, margin_bottom=10, spacing=6, max_scale=5, order_min=0 if plot.whole else None, include_x_axis=True,
        show_minor_x_labels=False, x_labels_major=places[:: -plot.every],
        value_formatter=_formatter(plot), truncate_label=-1,
    )  # fmt: skip
    chart.x_labels = places
    for bars in plot.series:
        chart.add(bars.word, list(bars.values))
    return chart.render_tree()


def _formatter(plot: Plot) -> Callable[[Any], str]:
    return (lambda value: f"{value:,.0f}") if plot.whole else (lambda value: f"{value * 100:.3g} %")


def _copied(node: Any, plot: Plot, mark: str) -> Iterator[Markup]:
    """What is kept of a node of pygal's drawing."""
    tag, classes = _tag(node), _classes(node)
    if tag not in _KEPT or "background" in classes or "overlay" in " ".join(classes):
        return
    if tag == "path":
        yield from _line(node, mark)
    elif tag == "text":
        text = _label(node.text, plot) if mark == "x" else node.text or ""
        yield Markup("<text{}>{}</text>").format(_attributes(node, mark), text)
    elif tag == "rect":
        yield from _bar(node, mark)
    else:
        mark = _mark(classes, plot) or mark
        bar = _said(node, plot, mark) if "bar" in classes else Markup("")
        inside = Markup("").join(piece for child in node for piece in _copied(child, plot, mark))
        if inside:  # a bar without a height has no title either
            yield Markup("<g{}>{}{}</g>").format(_attributes(node, ""), bar, inside)


def _mark(classes: list[str], plot: Plot) -> str:
    """What a group's shapes are: one of the series, or an axis."""
    if "series" in classes:
        number = next(int(name.removeprefix("serie-")) for name in classes if name.startswith("serie-"))
        return plot.series[number].mark
    return next((axis for axis in ("x", "y") if axis in classes and "axis" in classes), "")


def _line(node: Any, mark: str) -> Iterator[Markup]:
    if mark == "y":  # of the other axis, lines would stand behind every bar
        yield Markup("<path{}/>").format(_attributes(node, "axis" if "axis" in _classes(node) else "guide"))


def _bar(node: Any, mark: str) -> Iterator[Markup]:
    if float(node.get("height")) <= 0:
        return
    yield Markup("<rect{}/>").format(_attributes(node, mark))
    if mark == "fail":  # told from the others without its colour, too
        yield Markup('<rect fill="url(#hatch)"{}/>').format(_attributes(node, ""))


def _said(node: Any, plot: Plot, mark: str) -> Markup:
    """What a bar says when it is pointed at."""
    said = {_classes(child)[0]: child.text or "" for child in node if _tag(child) == "desc" and _classes(child)}
    word = next((legible(bars.word) for bars in plot.series if bars.mark == mark), "")
    return Markup("<title>{}: {} {}</title>").format(_label(said.get("x_label"), plot), said.get("value", ""), word)


def _label(place: str | None, plot: Plot) -> str:
    return legible(plot.labels[int(place)]) if place else ""


def _attributes(node: Any, mark: str) -> Markup:
    found = [(name, _rounded(node.get(name, ""))) for name in _KEPT[_tag(node)]]
    kept = [("class", mark), *((name, value) for name, value in found if _NUMBERS.fullmatch(value))]
    return Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in kept if value)


def _rounded(text: str) -> str:
    return re.sub(r"\d+\.\d+", lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), text)


def _tag(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _classes(node: Any) -> list[str]:
    return str(node.get("class") or "").split()
