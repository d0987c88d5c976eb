"""Datasets and detectors as commands take them from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_mlsecops.cli.deployment import allow_key, deployment
from airflow_mlsecops.cli.exits import UsageError
from airflow_mlsecops.core.dataset import Dataset, parse
from airflow_mlsecops.core.errors import SourceError

if TYPE_CHECKING:
    from airflow_mlsecops.core.detector import Detector
    from airflow_mlsecops.core.policy import Policy
    from airflow_mlsecops.scan.allowances import Allowances
    from airflow_mlsecops.sources import Clients

_GUESSES = 3


def dataset_of(text: str) -> Dataset:
    """A dataset as people type it: a relative path is taken from where they are.

    :raises UsageError: if it is no dataset string
    :raises SourceError: ``NAME_NOT_TEXT`` if it could not be written down
    """
    if not text.isascii() and text.encode(errors="ignore").decode() != text:
        raise SourceError("the dataset's name holds bytes that are no UTF-8: rename it", code="NAME_NOT_TEXT")
    if "://" not in text and text:
        text = str(Path(text).expanduser().absolute())
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from None


@contextmanager
def clients_for(dataset: Dataset) -> Iterator[Clients]:
    """Clients without Airflow where none of its connections is needed."""
    if dataset.scheme in ("file", "xcom"):
        from airflow_mlsecops.sources import LocalClients

        yield LocalClients()
    else:
        with deployment() as hook, _explained(dataset):
            yield hook.clients()


@contextmanager
def _explained(dataset: Dataset) -> Iterator[None]:
    from airflow.sdk.exceptions import AirflowException

    try:
        yield
    except (AirflowException, ImportError) as error:
        raise SourceError(
            f"{dataset.uri} could not be opened ({type(error).__name__}): see whether its connection is right, and "
            "whether the provider package of the connection's type is installed with all it needs",
            code="NO_CONNECTION",
        ) from None


def allowed(policy: Policy, identity: str) -> Allowances:
    """What the policy allows in a dataset; the secret of allowed values is asked for only where there are any."""
    from airflow_mlsecops.scan.allowances import allowances

    return allowances(policy, identity, datetime.now(UTC).date(), allow_secret(policy, identity))


def allow_secret(policy: Policy, identity: str) -> bytes | None:
    """The secret of allowed values, asked for only where there are any."""
    keyed = any(rule.values and rule.speaks_of(identity) for rule in policy.allow)
    return allow_key() if keyed else None


def chosen(detectors: Sequence[Detector], name: str) -> tuple[Detector, ...]:
    """The detectors of a name: their own or their entity's; all if none is given.

    :raises UsageError: if there is none; the name is not repeated, for a value may have slipped into its place
    """
    asked = name.casefold()
    found = tuple(one for one in detectors if not name or asked in (one.name.casefold(), one.entity.name.casefold()))
    if not found:
        known = {*(one.name for one in detectors), *(one.entity.name for one in detectors)}
        raise UsageError(f"no detector or entity has that name, see `airflow-mlsecops detectors`{guess(name, known)}")
    return found


def guess(name: str, known: Iterable[str]) -> str:
    """``: did you mean a, b or c?``, or nothing if no known name is like it."""
    names = {one.casefold(): one for one in sorted(known)}
    asked = name.casefold()
    close = get_close_matches(asked, names, n=_GUESSES, cutoff=0.7)
    holding = [one for one in names if len(asked) > 2 and asked in one]
    found = [f"`{names[one]}`" for one in dict.fromkeys((*close, *holding))][:_GUESSES]
    return f": did you mean {' or '.join(filter(None, (', '.join(found[:-1]), found[-1])))}?" if found else ""
