"""One emulator at a time: what it serves is one for the whole process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dags_examples.estate.emulator import emulator
from tests.isolation.world import World


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A compliant estate; whoever changes it builds it anew."""
    pytest.importorskip("airflow.providers.amazon", reason="the extra aws is not installed")
    with emulator() as url:
        yield World(url)
