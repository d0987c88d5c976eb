"""Running validations and checkpoints of a user, so that neither stores nor actions nor logs get values."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from typing import Any, TypeVar

from great_expectations.checkpoint.checkpoint import Checkpoint  # noqa: TID253 - whoever imports this uses it
from great_expectations.compatibility.pydantic import PrivateAttr  # noqa: TID253
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult  # noqa: TID253
from great_expectations.core.validation_definition import ValidationDefinition  # noqa: TID253

from airflow_mlsecops.core.errors import MlsecopsError
from airflow_mlsecops.expectations.results import strip_values

Runnable = TypeVar("Runnable", ValidationDefinition, Checkpoint)


def counts_only(what: Runnable, *, except_for: Collection[str] = ()) -> Runnable:
    """The same validation or checkpoint, whose results hold counts alone before anything is stored, sent or shown.

    Its own result format still decides how much those expectations tell that may tell values.

    :param what: left as it is
    :param except_for: types of expectations whose results may show values (``expect_column_max_to_be_between``)
    """
    if isinstance(what, ValidationDefinition):
        return _ValueFree.of(what, except_for)
    validations = [_ValueFree.of(validation, except_for) for validation in what.validation_definitions]
    return what.copy(update={"validation_definitions": validations})


class _ValueFree(ValidationDefinition):
    """A validation whose results are stripped of values before they are stored."""

    _except_for: Collection[str] = PrivateAttr(default=())
    _stripped: bool = PrivateAttr(default=False)

    @classmethod
    def of(cls, validation: ValidationDefinition, except_for: Collection[str]) -> ValidationDefinition:
        """The same validation."""
        own = cls(name=validation.name, data=validation.data, suite=validation.suite, id=validation.id)
        own._except_for = frozenset(except_for)
        return own

    def run(self, **how: Any) -> ExpectationSuiteValidationResult:
        """As any validation runs, silently.

        :raises MlsecopsError: ``VALIDATION_FAILED`` for whatever keeps it from running, without its text
        """
        self._stripped = False
        try:
            with _SILENCE:
                result = super().run(**how)
        except Exception as error:  # noqa: BLE001 - the outer edge: its class is told, its text may hold cells
            failure = MlsecopsError(
                f"validation {self.name} could not be run ({type(error).__name__}): run it by hand where its data may "
                "be seen",
                code="VALIDATION_FAILED",
            )
        else:
            if self._stripped:
                return result
            failure = MlsecopsError(
                "this release of Great Expectations stores results in a way that is not known here, values and all: "
                "use one that this package was tested with",
                code="VALUES_STORED",
            )
        raise failure

    @property
    def _validation_results_store(self) -> Any:
        return _Stripping(self, super()._validation_results_store)


class _Stripping:
    """A store that takes the values out of what it stores; Great Expectations hands on the same object afterwards."""

    def __init__(self, validation: _ValueFree, store: Any) -> None:
        self._validation = validation
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def store_validation_results(self, suite_validation_result: ExpectationSuiteValidationResult, **where: Any) -> Any:
        strip_values(suite_validation_result, except_for=self._validation._except_for)
        self._validation._stripped = True
        return self._store.store_validation_results(suite_validation_result=suite_validation_result, **where)


class _Silence:
    """Great Expectations logs the text of exceptions, cells and all: it does not while a validation of ours runs."""

    def __init__(self) -> None:
        self._logger = logging.getLogger("great_expectations")
        self._lock = threading.Lock()
        self._running = 0
        self._before = logging.NOTSET

    def __enter__(self) -> None:
        with self._lock:
            if not self._running:
                self._before = self._logger.level
                self._logger.setLevel(logging.CRITICAL + 1)
            self._running += 1

    def __exit__(self, *raised: object) -> None:
        with self._lock:
            self._running -= 1
            if not self._running:
                self._logger.setLevel(self._before)


_SILENCE = _Silence()
