"""A policy folder may have sentences read by a pipeline of spaCy; where it is not there, nothing passes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.detectors import ruleset
from airflow_mlsecops.policy import load
from airflow_mlsecops.policy.recognisers import _pipeline
from airflow_mlsecops.scan import classify, occurrences
from tests.policy.make import folder, mistakes

PACKAGE = "xx_made_names"
# A real pipeline, whose one component is spaCy's own list of patterns: names that no word list of ours has.
CODE = """
import spacy

def load(**_):
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PER", "pattern": "Qwyx Zzorbl"}, {"label": "ORG", "pattern": "Acme"}])
    return nlp
"""
FILE = f"model: {PACKAGE}\nlabels: {{PER: PERSON}}\n"
SENTENCES = [f"On day {day} we were told that Qwyx Zzorbl has asked Acme for it again." for day in range(40)]


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed package, as pip leaves it."""
    site = tmp_path / "site"
    about = site / f"{PACKAGE}-1.2.3.dist-info" / "METADATA"
    about.parent.mkdir(parents=True)
    about.write_text(f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.2.3\n")
    (site / f"{PACKAGE}.py").write_text(CODE)
    monkeypatch.syspath_prepend(str(site))
    _pipeline.cache_clear()
    yield site
    _pipeline.cache_clear()


def with_recogniser(place: Path, text: str = FILE, **files: str | bytes) -> Path:
    return folder(place, detectors_SLASH_sentences__yaml=text, **files)


def test_names_in_sentences_are_found_by_it_alone(tmp_path: Path, pipeline: Path) -> None:
    loaded = load(with_recogniser(tmp_path / "policy"))
    notes = pl.DataFrame({"notes": SENTENCES})
    shipped = classify([notes], loaded.detectors[: -len(loaded.own)])
    assert not shipped.sightings
    (found,) = classify([notes], loaded.detectors).sightings
    assert (found.column, found.entity) == ("notes", "PERSON")
    assert not classify(
        [pl.DataFrame({"notes": ["Nobody of that name has ever asked for it."] * 40})], loaded.own
    ).sightings


def test_it_tells_where_they_stand(tmp_path: Path, pipeline: Path) -> None:
    (spans,) = occurrences([SENTENCES[0]], load(with_recogniser(tmp_path / "policy")).own)
    assert [SENTENCES[0][one.start : one.end] for one in spans] == ["Qwyx Zzorbl"]


def test_one_that_is_not_installed_lets_nothing_pass(tmp_path: Path) -> None:
    own = load(with_recogniser(tmp_path, "model: xx_no_such_model\nlabels: {PER: PERSON}\n")).own
    with pytest.raises(MlsecopsError, match="install airflow-mlsecops") as raised:
        classify([pl.DataFrame({"notes": SENTENCES})], own)
    assert raised.value.code == "RECOGNISER_UNAVAILABLE"
    assert "Qwyx" not in str(raised.value)
    # Columns that hold no sentences are not read by it.
    assert not classify([pl.DataFrame({"amount": range(40)})], own).sightings


def test_a_record_tells_which_version_read(tmp_path: Path, pipeline: Path) -> None:
    before = load(with_recogniser(tmp_path / "policy")).own
    assert "xx_made_names 1.2.3" in before[0].name
    shutil.move(pipeline / f"{PACKAGE}-1.2.3.dist-info", pipeline / f"{PACKAGE}-1.2.4.dist-info")
    about = pipeline / f"{PACKAGE}-1.2.4.dist-info" / "METADATA"
    about.write_text(about.read_text().replace("1.2.3", "1.2.4"))
    assert ruleset(load(tmp_path / "policy").own) != ruleset(before)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("model: m\nlabels: {PER: PERSONE}\n", 2, "'PERSONE' is no entity: did you mean 'PERSON'?"),
        ("model: m\nlabels: {}\n", 2, "labels"),
        ("model: ../m\nlabels: {PER: PERSON}\n", 1, "model"),
        ("model: m\n", 1, "labels"),
        ("model: m\nlabels: {PER: PERSON}\npattern: x\n", 3, "pattern"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, text: str, line: int, expected: str) -> None:
    (told,) = mistakes(with_recogniser(tmp_path, text))
    assert told.startswith(f"detectors/sentences.yaml:{line}: ")
    assert expected in told
