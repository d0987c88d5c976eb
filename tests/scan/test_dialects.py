"""A pattern means the same to Rust's engine, which searches columns, to RE2, which searches long cells, and to Python."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops import detectors
from airflow_mlsecops.scan.pattern import ascii_pattern, linear, quick
from airflow_mlsecops.scan.search import stripped
from tests.many import many
from tests.scan.drawing import frame_of, matched, matching

ALL = {detector.name: detector for detector in detectors.all_detectors()}
SEARCHING = {name: detector.pattern for name, detector in ALL.items() if detector.pattern is not None}
WHOLE = {name: detector.cell_pattern for name, detector in ALL.items() if detector.cell_pattern is not None}
SETTINGS = settings(max_examples=many(4), deadline=None, suppress_health_check=list(HealthCheck))
ANY = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize("name", SEARCHING)
@given(data=st.data())
@SETTINGS
def test_what_is_searched_anywhere(name: str, data: st.DataObject) -> None:
    pattern = SEARCHING[name]
    frame = frame_of(data.draw(st.lists(matching(pattern) | ANY, max_size=6)))
    exact = matched(frame, pattern)
    runs = frame["text"].str.extract_all(ascii_pattern(pattern)).to_list()
    for place, text in frame.iter_rows():
        assert (linear(pattern).search(text) is not None) == (place in exact)
        assert [match[0] for match in linear(pattern).finditer(text)] == runs[place]


@pytest.mark.parametrize("name", WHOLE)
@given(data=st.data())
@SETTINGS
def test_whole_cells(name: str, data: st.DataObject) -> None:
    pattern = WHOLE[name]
    texts = data.draw(st.lists(matching(pattern) | ANY, max_size=8))
    # Folding may bring space to an end that had none.
    frame = stripped(frame_of(texts))
    exact = matched(frame, pattern)
    assert {place for place, text in frame.iter_rows() if quick(pattern).search(text)} == exact
