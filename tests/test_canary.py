"""The canary search itself: it would find what it is to find."""

from __future__ import annotations

import base64

from airflow_mlsecops.detectors import all_detectors
from tests.canary import TABLES, leaks, values


def test_every_detector_has_values_planted() -> None:
    assert {table.stem for table in TABLES.glob("*.csv")} == {*_named()}
    assert len(values()) > 60


def test_a_leak_is_found_in_each_form() -> None:
    value = values()[0]
    for form in (value.encode(), value.encode().hex().encode(), base64.b64encode(value.encode())):
        assert leaks([("log", b"before " + form + b" after")])
    assert not leaks([("log", b"nothing here")])


def _named() -> dict[str, object]:
    import importlib
    import pkgutil

    import airflow_mlsecops.detectors as folder

    modules = [module.name for module in pkgutil.iter_modules(folder.__path__) if not module.name.startswith("_")]
    loaded = {name: importlib.import_module(f"airflow_mlsecops.detectors.{name}") for name in modules}
    assert len(loaded) == len(all_detectors())
    return {name: module.DETECTOR for name, module in loaded.items()}
