"""Where the parts of a target lie, on any store of files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_mlsecops.core.dataset import Dataset
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.core.words import printable
from airflow_mlsecops.sources.folders import columns_of
from airflow_mlsecops.sources.formats import is_known
from airflow_mlsecops.sources.member import is_marker
from airflow_mlsecops.sources.targets.writers import suffix_for

_RUN = re.compile(r"[a-z0-9]{1,32}")


@dataclass(frozen=True)
class Layout:
    """Which files a target is made of.

    :param steps: of the partition, below the dataset's root
    :param suffix: of the files
    :param file: the file's own name if the target is a single file, else empty
    :param mark: stands in the names of a folder's parts, so that they never meet those that were there; or empty
    """

    steps: tuple[str, ...]
    suffix: str
    file: str
    mark: str = ""

    @property
    def single(self) -> bool:
        """True for one file."""
        return bool(self.file)

    @property
    def folder(self) -> tuple[str, ...]:
        """Steps from the root to where the files lie."""
        return self.steps[:-1] if self.single and self.steps else self.steps

    @property
    def columns(self) -> tuple[tuple[str, str | None], ...]:
        """Columns that the folders name, and their value."""
        return columns_of("/".join((*self.folder, "part")))

    def name(self, place: int) -> str:
        """Name of the file of that number, from 0."""
        return self.file or f"part-{place:05d}{self.mark}{self.suffix}"

    def final(self, identity: str, name: str) -> str:
        """Where a file will lie, as the policy's globs see it, by its name below the root."""
        return identity if self.single and not self.steps else f"{identity}/{name}"


def layout_of(name: str, steps: tuple[str, ...], format: str | None, *, folder: bool, mark: str = "") -> Layout:
    """The layout of a target.

    :param name: of the file or folder
    :param folder: true if it is a folder, whatever its name
    :raises SourceError: ``TARGET_FORMAT``
    """
    suffix = suffix_for(name, format, folder=folder)
    return Layout(steps=steps, suffix=suffix, file="" if folder else name, mark=mark)


def beside(name: str, purpose: str, run: str = "") -> str:
    """Name of what lies beside a dataset: ``.churn.staging-4f2a``.

    It begins with a dot: whoever reads every key that begins with ``churn``, as SageMaker does, must not read this too.
    """
    return f".{name}.{purpose}-{run}" if run else f".{name}.{purpose}"


def require_run(run: str) -> None:
    """Refuse what is not a short id.

    :raises ValueError: if it is anything but 1 to 32 of a to z and 0 to 9
    """
    if not _RUN.fullmatch(run):
        raise ValueError("run is not a short id of this attempt: expected 1 to 32 of a-z and 0-9")


def require_data(name: str, size: int, place: str) -> None:
    """Refuse to replace a folder that holds what is no data: most likely it is not the dataset's own.

    :raises SourceError: ``TARGET_NOT_A_DATASET``
    """
    if not is_marker(name, size) and not is_known(name):
        raise SourceError(
            f"{place} holds files that are no data, {printable(name)} among them, which would go with what is replaced:"
            " name a folder of the dataset's own, or move them away",
            code="TARGET_NOT_A_DATASET",
        )


def unsupported(dataset: Dataset, why: str) -> SourceError:
    """The error for a place that cannot be written to."""
    return SourceError(f"{dataset.uri} cannot be written to: {why}", code="TARGET_NOT_SUPPORTED")
