"""Sentences and tables for Data Docs; knows no Great Expectations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airflow_mlsecops.core.words import printable, share
from airflow_mlsecops.expectations._looking import looking

_HEADER = ["Column", "Holds", "Rows", "Share", "Recognised by"]
_MOST_POSITIONS = 8
_MOST_KINDS = 6


@dataclass(frozen=True)
class Demand:
    """What is demanded.

    :param template: a sentence with places to fill, as ``$column``
    :param words: what fills them: Data Docs escape these, and not the template
    """

    template: str
    words: Mapping[str, str]


def demand(template: str, **words: object) -> Demand:
    """A sentence, with the words to fill it."""
    return Demand(template, {name: plain(str(word)) for name, word in words.items()})


def plain(text: str, most: int = 300) -> str:
    """Text that is no markup: names of columns come from the data, and Data Docs escape few of them."""
    return printable(text, most).translate({ord("<"): "‹", ord(">"): "›"})


def about(column: bool, template: str) -> str:
    """The sentence, with the column that it is about where it does not stand above it."""
    return f"$column {template}" if column else template


def free_of(entities: object) -> str:
    """Selectors as people call what they mean: ``sensitive data``, ``e-mail address, secret data or age``."""
    if not isinstance(entities, Sequence) or isinstance(entities, str):
        return "sensitive data"
    return _either([_kind(str(selector)) for selector in entities])


def known_of(baseline: object) -> str:
    """What is known of each column: ``email (e-mail address), age (age)``."""
    if not isinstance(baseline, Mapping) or not baseline:
        return "nothing"
    told = [f"{column} ({', '.join(map(_kind, entities))})" for column, entities in baseline.items()]
    left = len(told) - _MOST_KINDS
    return ", ".join([*told[:_MOST_KINDS], *([f"and {left:,} more"] if left > 0 else [])])


def mostly(kwargs: Mapping[str, Any]) -> str:
    """Where the share of rows that is asked for stands, where it is not all of them."""
    return "" if kwargs.get("mostly", 1.0) == 1.0 else " in at least $mostly of the rows"


def asked(kwargs: Mapping[str, Any]) -> str:
    """The share as people write it."""
    part = kwargs.get("mostly", 1.0)
    return f"{100 * part:g} %" if isinstance(part, float | int) else str(part)


def listed(names: object) -> str:
    """Names, one after the other."""
    return ", ".join(map(str, names)) if isinstance(names, list | tuple) else str(names)


def table(details: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """What was found as a table, with the first positions where there are any."""
    found: Sequence[Mapping[str, Any]] = details.get("found", ())
    places = {(one["column"], one["entity"]): one["rows"] for one in details.get("row_positions", ())}
    rows = [_row(one) + ([_first(places.get((one["column"], one["entity"]), ()))] if places else []) for one in found]
    return [*_HEADER, *(["First rows, from 0"] if places else [])], rows


def _row(one: Mapping[str, Any]) -> list[str]:
    about = "about " if one["estimated"] else ""
    part = share(one["percent"] / 100).replace(" ", "\N{NO-BREAK SPACE}")
    return [plain(one["column"]), one["title"], f"{about}{one['rows']:,}", part, one["how"]]


def _first(places: Sequence[int]) -> str:
    more = "…" if len(places) > _MOST_POSITIONS else ""
    return ", ".join(map(str, places[:_MOST_POSITIONS])) + more if places else "not to be told"


def _either(named: Sequence[str]) -> str:
    if len(named) > _MOST_KINDS:
        named = [*named[:_MOST_KINDS], f"any of {len(named) - _MOST_KINDS:,} other kinds"]
    return " or ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _kind(selector: str) -> str:
    kind, separator, word = selector.partition(":")
    if separator:
        return f"data tagged {word}" if kind == "tag" else f"{word} data" if kind == "role" else selector
    entity = looking().entities.get(selector)
    return entity.title if entity else selector
