"""The list of mutants keeps up with the code."""

from __future__ import annotations

import pytest

from tests.mutants.run import ROOT, Mutant, mutate, read


@pytest.mark.parametrize("mutant", read(), ids=lambda mutant: mutant.name)
def test_its_text_stands_there_once_and_its_tests_exist(mutant: Mutant) -> None:
    source = (ROOT / mutant.file).read_text()
    assert mutate(source, mutant) != source
    assert (ROOT / mutant.tests[0]).exists()
