"""Rules say what they want, or are told what is wrong with them in one sentence."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.core.treatment import Rule
from airflow_mlsecops.sanitize import Means, PseudonymKey, SanitizeError, transformation_of
from tests.sanitize.cells import KEY, MEANS, PREVIOUS

CELLS = pl.Series(["a", "b"])


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("hash", "there is no transformation hash, there are age_band, "),
        ({"with": "drop", "keep": 1}, "keep: extra inputs are not permitted"),
        ({"with": "constant"}, "value: field required"),
        ({"with": "constant", "value": "a\nb"}, "line feeds"),
        ({"with": "constant", "value": "x" * 201}, "at most 200"),
        ({"with": "pseudonymise", "key": "next"}, "'current' or 'previous'"),
        ({"with": "mask", "keep_last": 5}, "keep_last: input should be less than or equal to 4"),
        ({"with": "mask", "sign": "x"}, "neither letter nor digit"),
        ({"with": "mask", "sign": "**"}, "one character"),
        ({"with": "mask", "pattern": "(?<=a)b"}, "look-around"),
        ({"with": "mask", "pattern": r"(a)\1"}, "back-references"),
        ({"with": "mask", "pattern": r"\Bx"}, "spell it out"),
        ({"with": "mask", "pattern": "[0-9]*"}, "nothing to mask"),
        ({"with": "mask", "pattern": r"\b"}, "nothing to mask"),
        ({"with": "date_period"}, "to: field required"),
        ({"with": "date_period", "to": "day"}, "'year', 'quarter' or 'month'"),
        ({"with": "age_band", "width": 1}, "greater than or equal to 2"),
        ({"with": "age_band", "width": 7}, "top 90 is not a multiple of width 7"),
        ({"with": "postcode_prefix", "keep": 4}, "more than the 3 digits of a ZIP code"),
        ({"with": "postcode_prefix", "country": "Germany"}, "country: string should match"),
        ({"with": "coordinate_grid", "degrees": 0.001}, "greater than or equal to 0.01"),
        ({"with": "number_bin"}, "width: field required"),
        ({"with": "number_bin", "width": 0}, "greater than or equal to"),
        ({"with": "number_bin", "width": 10, "top": 95}, "top 95.0 is not a multiple of width 10.0"),
        ({"with": "number_bin", "width": 10, "top": 10, "bottom": 20}, "bottom 20.0 is not below top 10.0"),
        ({"with": "synthetic", "kind": "dog"}, "kind: input should be"),
        ({"with": "synthetic", "kind": "name", "locale": "xx_XX"}, "Faker has no such locale"),
        ({"with": "redact", "entity": "PERSON"}, "entity: extra inputs"),
    ],
)
def test_a_wrong_rule_is_told_in_one_sentence(rule: str | dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=r"transformation|parameters") as error:
        transformation_of(Rule.model_validate(rule))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_without_a_previous_key_nothing_is_pseudonymised_by_it() -> None:
    transformation = transformation_of(Rule(transformation="pseudonymise", parameters={"key": "previous"}))
    with pytest.raises(SanitizeError, match="no previous pseudonym key") as error:
        transformation.apply(CELLS, Means(KEY))
    assert error.value.code == "NO_PREVIOUS_KEY"
    assert isinstance(error.value, ValueError)
    assert isinstance(error.value, MlsecopsError)


def test_records_name_the_key_in_use_and_nothing_else_of_it() -> None:
    of = {
        key: transformation_of(Rule(transformation="pseudonymise", parameters={"key": key})).key_id(MEANS)
        for key in ("current", "previous")
    }
    assert of == {"current": KEY.id, "previous": PREVIOUS.id}
    assert transformation_of(Rule(transformation="synthetic", parameters={"kind": "name"})).key_id(MEANS) == KEY.id
    assert transformation_of(Rule(transformation="mask")).key_id(MEANS) == ""
    assert KEY.secret.decode() not in repr(MEANS) + repr(KEY) + KEY.id


def test_what_was_pseudonymised_before_the_key_changed_can_be_joined_with() -> None:
    before = transformation_of(Rule(transformation="pseudonymise")).apply(CELLS, Means(PREVIOUS))
    after = transformation_of(Rule(transformation="pseudonymise", parameters={"key": "previous"})).apply(CELLS, MEANS)
    assert before.equals(after)


def test_many_digests_at_once_are_those_one_by_one() -> None:
    key = PseudonymKey(b"x" * 100)
    values = [b"", b"a", "é字".encode(), b"\xff" * 1_000]
    assert key.digests("test", values) == [key.digest("test", value) for value in values]
    assert key.digests("other", values) != key.digests("test", values)


def test_with_nothing_to_find_and_nobody_to_look_nothing_is_silently_left() -> None:
    with pytest.raises(SanitizeError, match="inside texts") as error:
        transformation_of(Rule(transformation="redact")).apply(CELLS, Means(KEY))
    assert error.value.code == "NOTHING_TO_FIND"


@pytest.mark.parametrize("detectors", [(), MEANS.detectors])
def test_of_what_nothing_finds_inside_texts_no_text_stays(detectors: tuple[Detector, ...]) -> None:
    means = Means(KEY, detectors=detectors, entities=frozenset({"EMAIL_ADDRESS", "PASSWORD"}))
    redacted = transformation_of(Rule(transformation="redact")).apply(pl.Series(["it is hunter2", None]), means)
    assert redacted.to_list() == ["<PASSWORD>" if detectors else "<EMAIL_ADDRESS>", None]
