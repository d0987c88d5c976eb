"""A lake of datasets for the gates."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operators.lake import Lake


@pytest.fixture
def lake(deployment: Path) -> Iterator[Lake]:
    os.umask(0o077)
    yield Lake(deployment)
    os.umask(0o022)
