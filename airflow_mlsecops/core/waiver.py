"""Findings that somebody accepted for a while."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from airflow_mlsecops.core.frozen import Frozen

ENDING_DAYS = 14
"""For how many days before its end a waiver is loud."""


class Waiver(Frozen):
    """An accepted finding: who asked, who approved, why, until when and up to which share; expires loudly.

    :param id: what verdicts name it by
    :param dataset: glob over the dataset's identity
    :param code: the finding's code
    :param subject: the finding's subject (column, resource, principal)
    :param entity: the finding's entity, where it has one
    :param requested_by: who asked
    :param approved_by: one of the policy's approvers, and not who asked
    :param reason: why it is acceptable
    :param until: the last day on which it holds
    :param max_share: ends the waiver where more than this share of rows is concerned
    """

    id: str = Field(min_length=1)
    dataset: str
    code: str
    subject: str
    entity: str | None = None
    requested_by: str = Field(min_length=1)
    approved_by: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    until: date
    max_share: float | None = Field(default=None, ge=0, le=1)


class WaiverUse(Frozen):
    """One waiver on one finding of one dataset, as the gates of one Dag applied it or found it ended.

    :param runs: in how many runs it covered the finding
    :param ended_runs: in how many runs it covered it no more
    :param first: ISO moment (UTC) of the first such record, ``last`` of the last
    :param rows: rows concerned, of ``of`` rows, as the last record counted
    """

    waiver: str
    dataset: str
    environment: str
    dag_id: str
    code: str
    subject: str
    entity: str
    runs: int
    ended_runs: int
    first: str
    last: str
    last_sequence: int
    rows: int | None
    of: int | None

    @property
    def share(self) -> float | None:
        """Share of the rows concerned, 0 to 1; ``None`` where nothing was counted."""
        return None if self.rows is None or not self.of else self.rows / self.of
