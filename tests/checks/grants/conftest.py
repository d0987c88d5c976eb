"""An emulated AWS for who can read a bucket of it."""

from __future__ import annotations

from tests.isolation.conftest import world

__all__ = ["world"]
