"""The task that makes a dataset harmless on its way to another, and proves it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Asset

from airflow_mlsecops.core.dataset import Dataset, parse
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.operators.gate import GateOperator, asset_of, uri_of

if TYPE_CHECKING:
    from airflow_mlsecops.core.treatment import Rule
    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.operators.attempt import Attempt


_SELECTOR = re.compile(r"[A-Z][A-Z0-9_]+|(?:role|tag|column):.+", re.DOTALL)


class SanitizeDatasetOperator(GateOperator):
    """Write a dataset to a target without what may not be there, scan all that was written, and only then publish it.

    How each kind of sensitive data is made harmless stands in the policy, under ``sanitize:`` of the target's stage.
    What was written is set aside, and the task fails, if anything of it is left. The verdict is about the target.

    :param dataset: what is read; a stable URI or an Asset, never templated
    :param target: what is written, and replaced if it is there: a file, a folder or prefix, or a table
    :param partition: what of the dataset this run reads (templated)
    :param target_partition: what of the target this run replaces (templated); the same as ``partition`` if not given
    :param rules: rules beside the policy's, by entity, ``role:…``, ``tag:…`` or ``column:NAME``; they count where the
        policy has none for an entity, and are done as well where they name a column
    :param quasi_identifiers: columns that identify somebody together, besides those that the scan recognises
    :param sensitive: the column that must stay diverse among people who cannot be told apart (l-diversity)
    :param format: ``parquet``, ``csv`` or ``jsonl``, where the target's name does not say
    """

    gate: ClassVar[Gate] = Gate.SANITIZE
    template_fields: Sequence[str] = ("partition", "target_partition")
    ui_color = "#e9f5ec"

    def __init__(
        self,
        *,
        dataset: str | Asset,
        target: str | Asset,
        partition: str = "",
        target_partition: str | None = None,
        rules: Mapping[str, str | Mapping[str, Any]] | None = None,
        quasi_identifiers: Sequence[str] = (),
        sensitive: str = "",
        format: str = "",
        **kwargs: Any,
    ) -> None:
        # Written by this task, unlike what other gates look at: consumers of the target are to be triggered.
        kwargs["outlets"] = [*(kwargs.get("outlets") or []), *asset_of(target)]
        super().__init__(dataset=dataset, partition=partition, **kwargs)
        self.target = uri_of(target)
        self.target_partition = partition if target_partition is None else target_partition
        self.rules = dict(rules or {})
        self.quasi_identifiers = tuple(quasi_identifiers)
        self.sensitive = sensitive
        self.format = format
        if parse(self.target).scheme == "xcom":
            raise ValueError("target= cannot be a frame: name a file, a prefix or a table")
        _read(self.rules)

    @property
    def about(self) -> Dataset:
        """The target."""
        return parse(self.target)

    @property
    def about_partition(self) -> str:
        """What of the target is replaced."""
        return self.target_partition

    def judge(self, attempt: Attempt) -> Verdict:
        """Scan, write what may stay, scan what was written, publish it or set it aside."""
        from airflow_mlsecops.operators.treat import Treat  # parsing a DAG file must not pay for it

        return Treat(
            attempt,
            source=parse(self.dataset),
            partition=str(self.partition),
            rules=_read(self.rules),
            quasi_identifiers=self.quasi_identifiers,
            sensitive=self.sensitive,
            format=self.format,
        ).verdict()


def _read(rules: Mapping[str, str | Mapping[str, Any]]) -> dict[str, Rule]:
    """The rules, checked: a mistake is an import error of the DAG, not a surprise at night.

    :raises ValueError: naming the rule
    """
    if not rules:
        return {}
    from pydantic import ValidationError

    from airflow_mlsecops.core.treatment import Rule
    from airflow_mlsecops.sanitize import transformation_of

    read = {}
    for selector, said in rules.items():
        if not _SELECTOR.fullmatch(selector):
            raise ValueError(
                f"rules[{selector!r}]: expected an entity's name in capitals, role:…, tag:…, or column:… for a column"
            )
        try:
            read[selector] = Rule.model_validate(said)
            transformation_of(read[selector])
        except ValidationError as error:
            raise ValueError(f"rules[{selector!r}]: {error.errors(include_input=False)[0]['msg']}") from None
        except ValueError as error:
            raise ValueError(f"rules[{selector!r}]: {error}") from None
    return read
