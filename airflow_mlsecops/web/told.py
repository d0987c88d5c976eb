"""What a verdict says in the middle of its card: a sentence, the reasons, what to do."""

from __future__ import annotations

from collections.abc import Mapping

from airflow_mlsecops.core.finding import Finding, Novelty, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.record import Record, Run
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict
from airflow_mlsecops.operators.links import instance_address
from airflow_mlsecops.web import sentences
from airflow_mlsecops.web.line import Line, Span, code, line, name, prose, sentence
from airflow_mlsecops.web.sentences import Pair, Titles


class Told(Frozen):
    """A sentence, the reasons behind it, and what to do."""

    say: Line
    pairs: tuple[Pair, ...] = ()
    todo: tuple[Line, ...] = ()


_OF_THE_TASK = ("SEAL_OTHER_INPUT", "SEAL_INPUT_UNKNOWN", "SEAL_NO_CONNECTION", "CHANGED_DURING_TRAINING")


_LIST_THEM = line(
    "Or have whoever may read it listed under ", code("readers:"), " of the dataset in policy.yaml: then ask again, "
    "for the commands above end their ways too."
)  # fmt: skip


def ran(verdict: Verdict) -> bool:
    """True of the verdict on a sealed task that has run: whether its data was left alone."""
    return any(finding.code in ("SEAL_HELD", "CHANGED_DURING_TRAINING") for finding in verdict.findings)


def told(record: Record, *, anchors: Mapping[str, str], titles: Titles) -> Told:
    """Tell a verdict: of a gate by its worst finding, of a seal by what it waits for.

    :param anchors: anchors of the page's cards, by task
    """
    blocking = [finding for finding in record.verdict.findings if finding.blocks]
    if not blocking:
        return Told(say=_quiet(record.verdict))
    worst = sentences.worst(record.verdict) or blocking[0]
    if record.verdict.gate is Gate.SEAL:
        todo = sentences.steps(blocking, record_id=record.id, most=3)
        return Told(say=_held(record.verdict, worst, anchors), pairs=tuple(map(_broken, blocking)), todo=todo)
    return Told(say=sentences.say(worst, titles), pairs=sentences.pairs(worst, titles), todo=_todo(record, worst))


def _todo(record: Record, worst: Finding) -> tuple[Line, ...]:
    blocking = [finding for finding in record.verdict.findings if finding.blocks]
    everybody = sentences.strangers(record.verdict)
    if worst is not everybody:
        return sentences.steps(blocking, record_id=record.id, again=_again(record, worst))
    # What ends all ways keeps the listed as they are: it stands for what ends the ways of each.
    end = ";" if record.verdict.dataset.startswith("postgres") else ""
    return (*sentences.steps([worst], record_id=record.id, end=end), _LIST_THEM, _again(record, worst))


def task_of(run: Run) -> str:
    """A task as Airflow writes it: ``classify``, or ``classify [3]`` where it is mapped."""
    return run.task_id if run.map_index < 0 else f"{run.task_id} [{run.map_index}]"


def _again(record: Record, worst: Finding) -> Line:
    if worst.entity and record.verdict.gate is not Gate.SANITIZE:
        # The gate alone would look at the same data once more.
        return line("Then clear the task that writes this dataset and the tasks after it, so that they run again.")
    return line("Then clear ", _in_airflow(record.run), " and the tasks after it, so that they run again.")


def _in_airflow(run: Run) -> Span:
    href = instance_address(run.dag_id, run.run_id, run.task_id, run.map_index)
    return Span(text=task_of(run), kind="airflow", href=href)


def _held(verdict: Verdict, worst: Finding, anchors: Mapping[str, str]) -> Line:
    """What holds a seal: gates that it waits for, or the task itself: where it runs, what its job reads."""
    gates = any(finding.blocks and finding.code not in _OF_THE_TASK for finding in verdict.findings)
    if gates and worst.code.startswith("SEAL_"):
        return _waits(verdict, anchors)
    return sentences.say(worst, {})


def _waits(verdict: Verdict, anchors: Mapping[str, str]) -> Line:
    pieces: list[Span | str] = ["Waits for " if verdict.enforced else "Would have waited for "]
    for index, task in enumerate(dict.fromkeys(finding.subject for finding in verdict.findings if finding.blocks)):
        pieces += [", "] if index else []
        pieces.append(Span(text=task, kind="link", href=f"#{anchors[task]}") if task in anchors else name(task))
    asks = ". Marking a task as success in Airflow does not open the seal: it asks the ledger."
    return line(*pieces, asks)


def _broken(finding: Finding) -> Pair:
    compared = f" Expected {finding.expected}, found {finding.got}." if finding.expected or finding.got else ""
    return Pair(label=finding.subject, line=line(*sentence(finding.reason), *prose(compared)))


def _quiet(verdict: Verdict) -> Line:
    if verdict.outcome is not Outcome.PASS:
        return line("Could not tell: this gate asked nothing.")
    if verdict.gate is Gate.SEAL and ran(verdict):
        return line("It ran, and its data is still what had passed when it began.")
    if verdict.gate is Gate.SEAL:
        return line("The ledger says that every gate it asked for has passed on this very data.")
    if verdict.gate is Gate.CLASSIFY:
        return _holds(verdict)
    if verdict.gate is Gate.SANITIZE:
        return _harmless(verdict)
    if verdict.gate is Gate.ACCESS:
        allowed = next((finding for finding in verdict.findings if finding.code == "ACCESS_ALLOWED"), None)
        return sentence(allowed.reason) if allowed else line("Nothing speaks against it.")
    asked = [f for f in verdict.findings if f.required and f.status is not Status.NOT_APPLICABLE]
    passed = sum(finding.status is Status.PASS for finding in asked)
    waived = f", {len(verdict.waived)} waived" if verdict.waived else ""
    return line(f"{passed} of {len(asked)} required checks passed{waived}.")


def _harmless(verdict: Verdict) -> Line:
    treated = len({one.column for one in verdict.treated})
    columns = f"{treated:,} column{'' if treated == 1 else 's'}"
    if not treated:
        return line("There was nothing to remove. All that was written was scanned once more.")
    return line(f"{columns[0].upper()}{columns[1:]} made harmless. All that was written was scanned once more.")


def _holds(verdict: Verdict) -> Line:
    columns = f"{verdict.columns:,} column{'' if verdict.columns == 1 else 's'}"
    classes = len({sighting.entity for sighting in verdict.sightings})
    if not classes:
        return line(f"Nothing sensitive in {columns}.")
    fresh = sum(finding.novelty in (Novelty.NEW, Novelty.FIRST_SEEN) for finding in verdict.findings)
    news = f"{fresh} seen for the first time" if fresh else "none new"
    lead = (
        "A waiver lets through what the policy does not expect."
        if verdict.waived
        else "Every column holds what the policy expects."
    )
    return line(f"{lead} {classes} class{'' if classes == 1 else 'es'} in {columns}, {news}.")
