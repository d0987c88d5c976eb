"""Numbers that pass a check by chance are no cards; cards among them are."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import polars as pl
import pytest

from airflow_mlsecops import scan
from airflow_mlsecops.detectors import all_detectors

CARDS = ["4111111111111111", "5555555555554444", "2221000000000009", "378282246310005", "6011111111111117"]
ISSUERS = ["4539", "5105", "2223", "6011", "3714", "3530"]


def found(cells: list[str], header: str = "serial") -> set[str]:
    return {one.entity for one in scan.classify([pl.DataFrame({header: cells})], all_detectors()).sightings}


def serials(length: int, count: int, seed: int = 7) -> list[str]:
    draw = Random(seed)
    return [str(draw.randrange(10 ** (length - 1), 10**length)) for _ in range(count)]


def cards(count: int, seed: int = 11) -> Iterator[str]:
    """Numbers of an issuer whose last digit is right."""
    draw = Random(seed)
    while count:
        number = f"{draw.choice(['4539', '5105', '5412', '4485'])}{draw.randrange(10**12):012}"
        digits = [int(digit) for digit in number]
        total = sum(digits[-1::-2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
        if total % 10 == 0:
            count -= 1
            yield number


@pytest.mark.parametrize(
    ("length", "count"),
    [*((length, 5_000) for length in range(13, 20)), (14, 1_000), (15, 1_000), (16, 1_000), (16, 100)],
)
def test_running_numbers_are_no_cards(length: int, count: int) -> None:
    assert found(serials(length, count)) == set()


@pytest.mark.parametrize("begin", ["4000", "5139", "6011", "3530"])
def test_numbers_that_are_counted_up_are_no_cards(begin: str) -> None:
    assert found([str(int(f"{begin}578763620000") + 7 * step) for step in range(600)]) == set()


@pytest.mark.parametrize("begin", ["4000", "5139", "6011", "3530"])
def test_numbers_of_one_issuer_that_are_not_may_be_cards(begin: str) -> None:
    assert found([f"{begin}{number}" for number in serials(12, 600)]) == {"CREDIT_CARD"}


@pytest.mark.parametrize("issuers", [["4539"], ["4539", "5412"]])
def test_nine_decoys_for_each_card_hide_none(issuers: list[str]) -> None:
    real = [f"{issuers[place % len(issuers)]}{card[4:]}" for place, card in enumerate(cards(200))]
    real = [card for card in real if found([card] * 3) == {"CREDIT_CARD"}]
    decoys = [f"{card[:-1]}{(int(card[-1]) + other) % 10}" for card in real for other in range(1, 10)]
    assert len(real) >= 10
    assert found([*real, *decoys]) == {"CREDIT_CARD"}


@pytest.mark.parametrize("share", [0.03, 0.1, 0.3])
@pytest.mark.parametrize("size", [400, 3_000])
def test_cards_among_running_numbers_are_found(share: float, size: int) -> None:
    number = round(size * max(share, 0.08 if size < 1_000 else share))
    assert found([*serials(16, size - number), *cards(number)]) == {"CREDIT_CARD"}


@pytest.mark.parametrize(
    "cells",
    [
        [*CARDS, *(f"90{number}" for number in serials(14, 300))],
        [CARDS[0], *(f"90{number}" for number in serials(14, 300))],
        [*serials(16, 300), *[CARDS[0]] * 300],
        [*serials(16, 300), *[f"paid with {card} today" for card in CARDS] * 2, *["by cash, at the door"] * 20],
        [f"{ISSUERS[number % 6]}{serial}" for number, serial in enumerate(serials(12, 400))],
        [CARDS[0], *serials(16, 20)],
    ],
    ids=["a few among others", "one among others", "one in many rows", "in text", "of many issuers", "a short column"],
)
def test_more_than_chance_is_found(cells: list[str]) -> None:
    assert "CREDIT_CARD" in found(cells)


@pytest.mark.parametrize("header", ["card_number", "payment_info", "carte"])
def test_where_the_name_tells_of_cards_chance_is_no_excuse(header: str) -> None:
    assert "CREDIT_CARD" in found(serials(16, 400), header)


def test_the_answer_is_the_same_however_rows_are_split() -> None:
    cells = pl.DataFrame({"serial": serials(16, 2_000)})
    halves = [cells.reverse()[:300], cells.reverse()[300:]]
    assert scan.classify(halves, all_detectors()).sightings == ()
