"""What is asked when a sealed task has executed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_mlsecops.core.verdict import Verdict
    from airflow_mlsecops.dag.seal import Seal
    from airflow_mlsecops.operators.attempt import Attempt


class Unchanged:
    """What Airflow calls after the sealed task executed: the data must still be what was sealed."""

    def __init__(self, seal: Seal, then: Any) -> None:
        self.seal = seal
        self.then = then

    def __call__(self, context: Any, result: Any = None) -> None:
        """Take the fingerprint again, record it, and raise if it is another."""
        attempt = self.seal.attempt(context)
        attempt.conclude(lambda: self._judge(attempt, context["ti"].task))
        if self.then is not None:
            self.then(context, result)

    def _judge(self, attempt: Attempt, task: Any) -> Verdict:
        from airflow_mlsecops.core.judge_seal import judge_after
        from airflow_mlsecops.core.verdict import outcome_of

        now_there = self.seal.sealed_now(attempt)
        held = self.seal.held(attempt)
        findings = (judge_after(now_there, held[0] if held else None),)
        return attempt.verdict(
            findings,
            outcome_of(findings),
            fingerprint=now_there.fingerprint.root,
            parts=now_there.fingerprint.count,
            makes=self.seal.makes(attempt, task),
        )
