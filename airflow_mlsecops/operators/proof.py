"""The proof that what was written is harmless: all of it is scanned once more, and people are counted in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from airflow_mlsecops.core.classification import Classification, Skipped
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.judge_anonymity import judge_anonymity
from airflow_mlsecops.core.judge_sanitize import Traits, judge_residue
from airflow_mlsecops.core.treatment import Treated, Treatment
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.operators.look import findings_of, known_of
from airflow_mlsecops.sanitize import Sanitizer, residue, transformation_of
from airflow_mlsecops.scan.anonymity import Groups
from airflow_mlsecops.sources import Source, look, under_other_rules

if TYPE_CHECKING:
    import polars as pl

    from airflow_mlsecops.core.fingerprint import Fingerprint


@dataclass(frozen=True)
class Proven:
    """What a scan of all that was written came to.

    :param left: what is in it
    :param treated: what was done to get there
    """

    left: Classification
    findings: tuple[Finding, ...]
    treated: tuple[Treated, ...]

    def adding(self, findings: tuple[Finding, ...]) -> Proven:
        """The same with further findings."""
        return replace(self, findings=(*self.findings, *findings))


class Proof:
    """One proof.

    :param grouped: columns that may identify somebody together; ``asked``: those of them that the task names
    :param sensitive: the column that must stay diverse, or empty
    """

    def __init__(
        self,
        attempt: Attempt,
        sanitizer: Sanitizer,
        treatments: Sequence[Treatment],
        grouped: tuple[str, ...],
        asked: tuple[str, ...],
        sensitive: str,
    ) -> None:
        self.attempt = attempt
        self.asked = asked
        self.sanitizer = sanitizer
        self.treatments = treatments
        self.grouped = grouped
        self.sensitive = sensitive
        self.stage = attempt.stage

    def of(self, source: Source, skipped: tuple[Skipped, ...]) -> Proven:
        """Scan what was written.

        :param skipped: what of the dataset that it was made from was not looked at
        """
        attempt = self.attempt
        watched = _Watched(source, self.sanitizer, self.grouped, self.sensitive)
        key, detectors = attempt.hook.fingerprint_key, attempt.hook.policy.detectors
        left = look(watched, key, detectors, allowances=attempt.allowances, threads=1)
        apart = under_other_rules(source, attempt.policy)
        left = left.model_copy(update={"skipped": (*left.skipped, *skipped, *apart)})
        findings = self._residue(left, watched.misshapen) + self._anonymity(watched)
        return Proven(left=left, findings=findings, treated=tuple(self.sanitizer.treated))

    def published(self, source: Source, proven: Proven) -> Proven:
        """The proof of what stands at the target now; where that is not what was proven, it is proven again."""
        there = source.fingerprint(self.attempt.hook.fingerprint_key)
        if there == proven.left.fingerprint:
            return proven
        again = self.of(source, ())
        others = tuple(finding for finding in proven.findings if finding.code == "SANITIZED")
        return again.adding(others)

    def _residue(self, left: Classification, misshapen: Mapping[str, int]) -> tuple[Finding, ...]:
        findings = findings_of(self.attempt, left, known_of(self.attempt), {})
        return judge_residue(findings, left, self.treatments, misshapen, self._traits())

    def _traits(self) -> dict[str, Traits]:
        """What is known of what was truly done: of several treatments of a column the strongest alone is."""
        done = {(one.column, one.transformation) for one in self.sanitizer.treated}
        traits: dict[str, Traits] = {}
        for treatment in self.treatments:
            if (treatment.column, str(treatment.rule)) in done:
                known, now = traits.get(treatment.column, Traits()), self._trait(treatment)
                traits[treatment.column] = Traits(
                    done=", ".join(filter(None, (known.done, now.done))),
                    recognisable=known.recognisable or now.recognisable,
                    shaped=known.shaped or now.shaped,
                )
        return traits

    def _trait(self, treatment: Treatment) -> Traits:
        recognisable = transformation_of(treatment.rule).recognisable
        # How coarse is coarse enough, a reviewed policy says: an interval of a millionth keeps every number.
        trusted = not (recognisable and treatment.by_task)
        shaped = trusted and treatment.column in self.sanitizer.shapes
        return Traits(done=str(treatment.rule), recognisable=recognisable and trusted, shaped=shaped)

    def _anonymity(self, watched: _Watched) -> tuple[Finding, ...]:
        stage, policy, groups = self.attempt.policy.stage(self.stage), self.attempt.policy, watched.groups
        if watched.absent and (stage.k_anonymity or set(watched.absent) & {*self.asked, self.sensitive}):
            return (_not_grouped(watched.absent),)
        if stage.l_diversity and not self.sensitive:
            return (_SENSITIVE_UNNAMED,)
        if groups is None:
            return (_nobody_grouped(self.stage),) if stage.k_anonymity else ()
        where = policy.where(f"stages.{self.stage}.k_anonymity")
        diverse = stage.l_diversity if self.sensitive else None
        if stage.k_anonymity:
            return judge_anonymity(groups.result(stage.k_anonymity, diverse), where=where)
        return tuple(_merely_told(finding) for finding in judge_anonymity(groups.result(2), where=where))


class _Watched:
    """A source whose batches are looked at for their shape and their groups while they are scanned.

    :param grouped: columns to group by; ``absent`` are those that no batch has as a column of its own
    """

    def __init__(self, source: Source, sanitizer: Sanitizer, grouped: tuple[str, ...], sensitive: str) -> None:
        self._source = source
        self._sanitizer = sanitizer
        self._grouped = grouped
        self._sensitive = sensitive
        self.groups: Groups | None = None
        self.absent: tuple[str, ...] = (*grouped, *([sensitive] if sensitive else []))
        self.misshapen: Counter[str] = Counter()
        self._unseen = set(sanitizer.shapes)

    @property
    def identity(self) -> str:
        return self._source.identity

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        return self._source.skipped

    def rows_present(self) -> int | None:
        return self._source.rows_present()

    def bytes_present(self) -> int:
        return self._source.bytes_present()

    def fingerprint(self, key: bytes) -> Fingerprint:
        return self._source.fingerprint(key)

    def batches(self) -> Iterator[pl.DataFrame]:
        import polars as pl

        for batch in self._source.batches():
            shapes = {name: shape for name, shape in self._sanitizer.shapes.items() if name in batch.columns}
            self.misshapen.update(residue(batch, shapes))
            self._unseen -= shapes.keys()
            self._group(batch)
            yield batch
        # Of a column that nobody saw nothing is proven.
        residue(pl.DataFrame(), {name: self._sanitizer.shapes[name] for name in self._unseen})

    def _group(self, batch: pl.DataFrame) -> None:
        import polars as pl

        self.absent = tuple(column for column in self.absent if column not in batch.columns)
        if self.groups is None and self._grouped:
            self.groups = Groups(self._grouped, sensitive=self._sensitive or None)
        if self.groups is not None:
            # A file of a folder may lack a column that another has: nobody has a value of it there.
            wanted = (*self._grouped, *([self._sensitive] if self._sensitive else []))
            missing = [pl.lit(None).alias(column) for column in wanted if column not in batch.columns]
            self.groups.see(batch.with_columns(missing) if missing else batch)


_SENSITIVE_UNNAMED = Finding(
    status=Status.UNKNOWN,
    code="SENSITIVE_UNNAMED",
    subject="dataset",
    reason="the stage asks for l-diversity, and the task names no column that should stay diverse",
    remedy="name it as sensitive=",
)


def _merely_told(finding: Finding) -> Finding:
    """How well people hide, where the policy asks for nothing."""
    return finding.model_copy(
        update={
            "status": Status.PASS,
            "severity": Severity.LOW,
            "required": False,
            "reason": f"{finding.reason} (the policy asks for no k-anonymity here)",
            "expected": None,
            "remedy": None,
            "rule": None,
        }
    )


def _not_grouped(absent: tuple[str, ...]) -> Finding:
    return Finding(
        status=Status.UNKNOWN,
        code="QUASI_NOT_GROUPED",
        subject=" + ".join(absent),
        reason="no columns of their own, so rows could not be grouped by them",
        remedy="take them out of their cells, drop them, or spell them as the source does",
    )


def _nobody_grouped(stage: str) -> Finding:
    return Finding(
        status=Status.PASS,
        code="K_ANONYMITY",
        subject="dataset",
        severity=Severity.LOW,
        required=False,
        reason=f"stage {stage} asks for k-anonymity; no column that could tell people apart is left to group by",
    )
