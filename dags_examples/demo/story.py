"""A week of a retraining DAG: one clean day, seven that must not train, and a ledger that proves it.

The story is a test as well: it ends with exit code 1 if any gate says anything else than what is told here.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from data import make_crm, make_feeds
from home import CHURN, CRM, DEMO, EXAMPLES, LOG, POLICY, PROJECT, adopt_policy, settle
from runs import DAG_ID, Run, opened_ledger, run, start_airflow
from telling import Teller

MONDAY = date(2026, 11, 16)
DAG_FILE = EXAMPLES / "churn_retraining.py"
GATES = ("classify_raw", "classify_features", "check_isolation", "may_train", "retrain")


class Unexpected(Exception):
    """Something went another way than the story says."""


class Story:
    """The chapters, in their order; each has a day of its own.

    :param teller: says what happens
    """

    def __init__(self, teller: Teller) -> None:
        from airflow_mlsecops.detectors import entities

        self.teller = teller
        self.titles = {name: entity.title for name, entity in entities().items()}

    def clean_day(self) -> None:
        """Everything passes, and a model is there that was not there before."""
        self.teller.chapter("Day 0. A clean day", "100,000 customers, their contracts, usage and support notes.")
        self._trains(self._run(0))

    def numbers_in_notes(self) -> None:
        """Social security numbers, in nothing but the notes' text."""
        self.teller.chapter(
            "Day 1. Social security numbers in support notes",
            "Agents typed them into one note of a hundred; the column is called note, like every day.",
        )
        self._stops(self._run(1, ssns=True), "classify_raw", "ENTITY_NOT_ALLOWED")

    def enrichment_join(self) -> None:
        """A join that brings along one column too many."""
        self.teller.chapter(
            "Day 2. A join that brings one column too many",
            "campaigns joins contact_hint as well, for a better score; it holds customers' e-mail addresses.",
        )
        stopped = self._run(2, conf={"enrich": ["campaign", "contact_hint"]})
        self._stops(stopped, "classify_features", "ENTITY_FROM_PARENT")
        finding = stopped.records["classify_features"].verdict.worst
        origin = finding.origin if finding else None
        if (
            not origin
            or (finding.subject, origin.column) != ("contact_hint", "email")
            or "customers" not in origin.parent
        ):
            raise Unexpected(f"the parent should be customers, its column email; got {origin}")

    def wrong_environment(self) -> None:
        """The deployment says that it is dev; the DAG demands another."""
        self.teller.chapter(
            "Day 3. The run lands in environment dev",
            "The DAG demands local; this deployment's MLSecOps connection says dev.",
        )
        connection = json.dumps({"conn_type": "mlsecops", "extra": {"environment": "dev"}})
        with _environ(AIRFLOW_CONN_MLSECOPS_DEFAULT=connection):
            self._stops(self._run(3), "check_isolation", "ENV_MISMATCH")

    def wrong_principal(self) -> None:
        """The same DAG under another name."""
        self.teller.chapter(
            "Day 4. Somebody else asks",
            "A copy of the DAG, renamed, still says principal=churn_retraining. Who asks is derived, not declared.",
        )
        copy = DEMO / "churn_sandbox.py"
        copy.write_text(DAG_FILE.read_text().replace(f"{DAG_ID}()", "churn_sandbox()"))
        self._stops(self._run(4, file=copy, dag_id="churn_sandbox"), "may_train", "PRINCIPAL_MISMATCH")

    def world_readable(self) -> None:
        """The same data where everybody on this machine can read it."""
        self.teller.chapter(
            "Day 5. A dataset that everybody may read",
            "The data root was moved to a shared folder, with the usual permissions: 755 and 644.",
        )
        with tempfile.TemporaryDirectory(prefix="churn-", dir="/tmp") as shared:  # .demo/ lets nobody through
            root = Path(shared) / "churn"
            with _open_to_all(Path(shared)), _environ(CHURN_ROOT=str(root)):
                root.mkdir()
                self._stops(self._run(5, root=root), "check_isolation", "DATASET_WORLD_READABLE")

    def new_class(self) -> None:
        """A class that may be there, in a column where it never was; then a reviewed line accepts it."""
        self.teller.chapter(
            "Day 6. Telephone numbers in support notes",
            "Raw data may hold telephone numbers, and does, in phone; in note they were never seen before.",
        )
        stopped = self._run(6, phones=True)
        self._stops(stopped, "classify_raw", "ENTITY_NEW")
        record = stopped.records["classify_raw"].id
        patch = _command("accept", record[:16])
        self.teller.say("The security engineer asks what accepting it would mean, and commits that line:")
        self.teller.quote(f"$ airflow-mlsecops accept {record[:16]}\n{patch}")
        _apply(patch)
        self._trains(self._run(6, phones=True))

    def marked_success(self) -> None:
        """Gates that were not asked: the seal asks for itself."""
        self.teller.chapter(
            "Day 7. Somebody marks the gates as success",
            "The join of day 2 again; classify_features and may_train are set to success by hand instead of being run.",
        )
        forced = self._run(7, conf={"enrich": ["campaign", "contact_hint"]}, marked="classify_features|may_train")
        if forced.states["classify_features"] != "success" or forced.states["may_train"] != "success":
            raise Unexpected(f"both gates should be marked as success, got {forced.states}")
        self._stops(forced, "retrain", "SEAL_NO_RECORD")

    def backfill(self) -> None:
        """Day 0 once more: what is known of the data stays what it was."""
        self.teller.chapter(
            "Day 0 again. A backfill", "What is known of a dataset is a set: order and repeats change nothing."
        )
        before = self._known()
        self._trains(self._run(0), new=False)
        if self._known() != before:
            raise Unexpected("the backfill changed the baseline")
        self.teller.say(f"[green]PASS[/], and the baseline is what it was: {len(before)} classes in their columns.")

    def ledger(self) -> None:
        """Everything above, signed and chained."""
        self.teller.chapter("The ledger", "Every verdict above is signed and chained to the one before.")
        verified = _command("ledger", "verify")
        self.teller.quote(f"$ airflow-mlsecops ledger verify\n{verified}")
        if "ok" not in verified:
            raise Unexpected("the ledger does not verify")

    def _run(
        self,
        number: int,
        *,
        root: Path = CHURN,
        ssns: bool = False,
        phones: bool = False,
        file: Path = DAG_FILE,
        dag_id: str = DAG_ID,
        conf: dict[str, Any] | None = None,
        marked: str | None = None,
    ) -> Run:
        day = MONDAY + timedelta(days=number)
        make_feeds(root / "feeds", day, ssns=ssns, phones=phones)
        done = run(file, day, models=root / "models", dag_id=dag_id, conf=conf, marked=marked)
        self.teller.run(done)
        return done

    def _trains(self, done: Run, *, new: bool = True) -> None:
        """Every gate passed, and the model is there."""
        blocking = [task_id for task_id, codes in done.blocking().items() if codes]
        for task_id in blocking:
            self.teller.verdict(done, task_id, self.titles)
        if blocking or set(done.entries) != set(GATES):
            raise Unexpected(f"every gate should pass, got {done.blocking()}")
        if set(done.states.values()) != {"success"} or not done.trained:
            raise Unexpected(f"it should have trained, got {done.states}")
        model = CHURN / "models" / done.day.isoformat() / "churn.joblib"
        if new:
            metrics = json.loads(model.with_name("metrics.json").read_text())
            told = ", ".join(f"{name} {value:.3f}" for name, value in metrics.items())
            self.teller.say(f"[green]Trained[/]: {told}   {model.relative_to(PROJECT)}")

    def _stops(self, done: Run, at: str, code: str) -> None:
        """One gate stopped the run, with one code; every other gate that spoke passed; nothing was trained."""
        for task_id in {at, *(task_id for task_id, codes in done.blocking().items() if codes)} & done.entries.keys():
            self.teller.verdict(done, task_id, self.titles)
        expected = {task_id: {code} if task_id == at else set() for task_id in done.entries}
        if at not in done.entries or done.blocking() != expected:
            raise Unexpected(f"{at} alone should stop it with {code}, got {done.blocking()}")
        if done.trained or done.states["retrain"] == "success":
            raise Unexpected(f"nothing should have been trained, got {done.states}")
        self.teller.say(f"[red]Stopped[/] at {at} by {code}; no model was written or changed.")

    def _known(self) -> frozenset[tuple[str, str]]:
        from airflow_mlsecops.core.verdict import Gate, Outcome

        with opened_ledger() as ledger:
            passed = ledger.history(environment="local", gate=Gate.CLASSIFY, outcome=Outcome.PASS)
        return frozenset((s.column, s.entity) for entry in passed for s in entry.record.verdict.sightings)


def main() -> int:
    """Tell the story from its beginning."""
    shutil.rmtree(DEMO, ignore_errors=True)
    settle()
    teller = Teller(LOG)
    teller.console.print("[bold]Churn, retrained daily behind three gates and a seal[/]")
    teller.say(
        f"[dim]Airflow runs in this process; it starts in about 20 seconds and talks into {LOG.relative_to(PROJECT)}[/]"
    )
    adopt_policy()
    make_crm(CRM)
    start_airflow()
    story = Story(teller)
    chapters: tuple[Callable[[], None], ...] = (
        story.clean_day, story.numbers_in_notes, story.enrichment_join, story.wrong_environment, story.wrong_principal,
        story.world_readable, story.new_class, story.marked_success, story.backfill, story.ledger,
    )  # fmt: skip
    try:
        for chapter in chapters:
            chapter()
    except Unexpected as surprise:
        teller.console.print(f"\n[bold red]The story went wrong[/]: {surprise}\nSee {LOG}", markup=True)
        return 1
    teller.console.print("\n[bold]See it in Airflow[/]: make serve")
    return 0


def _command(*words: str) -> str:
    """What ``airflow-mlsecops`` prints."""
    from airflow_mlsecops.cli import main as command

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        code = command(list(words))
    if code:
        raise Unexpected(f"airflow-mlsecops {' '.join(words)} ended with {code}: {printed.getvalue()}")
    return printed.getvalue().rstrip()


def _apply(patch: str) -> None:
    """Do what ``git apply`` does, which need not be there."""
    policy = POLICY / "policy.yaml"
    old, new, at = policy.read_text().splitlines(), [], 0
    for line in patch[patch.index("@@ ") :].splitlines():
        if hunk := re.match(r"@@ -(\d+)", line):
            new += old[at : int(hunk[1]) - 1]
            at = int(hunk[1]) - 1
        elif line.startswith("+"):
            new.append(line[1:])
        else:
            new += old[at : at + 1] if line.startswith(" ") else []
            at += 1
    policy.write_text("\n".join([*new, *old[at:], ""]))


@contextlib.contextmanager
def _environ(**variables: str) -> Iterator[None]:
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]


@contextlib.contextmanager
def _open_to_all(folder: Path) -> Iterator[None]:
    """Let everybody into a folder, and write with the permissions that most systems start with."""
    folder.chmod(0o755)
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)


if __name__ == "__main__":
    sys.exit(main())
