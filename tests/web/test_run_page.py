"""The Security tab as a browser gets it, from a real ledger through Airflow's own app."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.classification import Skipped
from airflow_mlsecops.core.errors import LedgerError, LedgerTampered, MlsecopsError, PolicyError, SettingsError
from airflow_mlsecops.core.verdict import Gate
from airflow_mlsecops.ledger import Ledger
from tests.web import scene

PREFIX = "/mlsecops"
TAB = f"{PREFIX}/run/{scene.DAG}/{quote(scene.RUN, safe='')}"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</bdi></td><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' style='position:fixed",
    "{{ 7 * 7 }}{% raw %}",
    "safe\u202etxt.exe",
    "\u2066isolated\u2069\u200b",
    "line\nfeed\r\nPASS\x00\x1b[31m",
    "عنوان_البريد_الإلكتروني",
    "javascript:alert(1)",
    "&lt;b&gt;",
    "x" * 10_000,
    "\u202e" * 10_000,
)
# What templates may write: anything else in a page came from a name.
TAGS = set(re.findall(r"\w+", """
    html head meta title link script body svg symbol path circle rect use main h1 h2 h3 div p strong code a section span
    ol ul li article header dl dt dd footer details summary bdi wbr table caption thead tbody tr th td figure figcaption
    button pre ellipse pattern g text
"""))  # fmt: skip
ATTRIBUTES = set(re.findall(r"[\w-]+", """
    lang data-theme charset name content rel href src class aria-hidden id viewbox d cx cy r x y width height rx ry title
    data-airflow data-copy target data-label scope type tabindex patternunits patterntransform transform fill aria-label role
"""))  # fmt: skip


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.scripts: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.text = ""
        self._hidden = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        found = dict(attrs)
        self.ids |= {found["id"]} if found.get("id") else set()
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if tag == "script":
            self.scripts.append(found)
        self.text += " " if tag in ("p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "div", "span", "a") else ""

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script":
            assert not data.strip(), "a script has text of its own"
        self.text += data

    @property
    def words(self) -> str:
        return re.sub(r"\s+([.,:])", r"\1", " ".join(self.text.split()))


def page(browser: Any, address: str = TAB, status: int = 200) -> Page:
    answer = browser.get(address)
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


SAID = (
    "Stopped. 1 gate failed and 1 could not tell, so retrain did not run.",
    "First fix classify_features: column contact_hint holds e-mail addresses.",
    "Gates of this run, in order 4 gates and 1 sealed task, 6.0 s together",
    "Every column holds what the policy expects. 2 classes in 9 columns, none new.",
    "Nothing left out. All 2,310,447 rows and all columns were read.",
    "14 of 14 required checks passed.",
    "VPC endpoint: egress was not observed",
    "Column contact_hint holds e-mail addresses. This dataset may not hold them.",
    "Found in 1,031 rows of 1,048,576 (0.098 %); every one checked, none guessed",
    "Class E-mail address EMAIL_ADDRESS, Restricted",
    "New Yes. No recent passing run had it in this column.",
    "Comes from Most likely postgres://crm:5432/crm.public.customers column email: 97 % of these values are also there",
    "Rule Not allowed in stage features: policy.yaml:14.",
    "Waived referrer_note Phone number 0.40 %, 4,194 rows Until 2027-01-31, approved by crm-security: migration.",
    "their first 1 MiB was read",
    "Could not tell: who else can read this bucket was not observed: the role airflow-gates lacks s3:GetBucketPolicy.",
    "Why it stops The policy requires this answer: policy.yaml:61.",
    "Sealed: runs only when its gates have passed on s3://ml-prod/features/churn",
    "Did not run",
    "Waits for classify_features, check_grants. Marking a task as success in Airflow does not open the seal",
    "signed by a local key 2026-11-23 06:02:35 UTC policy 4f2c9a, policy.yaml:14",
)


@pytest.fixture(autouse=True)
def titles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Titles as the detectors give them, whichever of those this version has."""
    from airflow_mlsecops.web import depends

    monkeypatch.setattr(depends, "titles", lambda: scene.TITLES)


@pytest.mark.parametrize("words", SAID)
def test_words_of_a_stopped_run(viewer: Any, ledger: Ledger, words: str) -> None:
    scene.write(ledger, scene.STOPPED)
    assert words in page(viewer).words


def test_trouble_is_open_and_passes_are_quiet(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED)
    html = viewer.get(TAB).text
    assert html.count("<details>") == 2
    assert re.findall(r'<span class="sq (\w+)">', html) == [
        "pass",
        "pass",
        "fail",
        "unknown",
        "none",
    ]


def test_a_run_without_records_says_what_to_paste(viewer: Any) -> None:
    words = page(viewer).words
    assert "No gate has spoken in this run" in words
    assert 'ClassifyDatasetOperator(task_id="classify_features", dataset=features)' in words
    assert "Pass" not in words


def test_records_of_other_runs_stay_out(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED, run_id="another")
    assert "No gate has spoken" in page(viewer).words


@pytest.mark.parametrize(
    "run_id",
    [
        "scheduled__2026-11-23T06:00:00+00:00",
        "manual__a b",
        "a/b/c",
        "a/record/x",
        "100%",
        "über",
        "?x=1",
        "#top",
    ],
)
def test_every_run_id_finds_its_run_and_links_back(viewer: Any, ledger: Ledger, run_id: str) -> None:
    scene.write(ledger, scene.STOPPED[:1], run_id=run_id)
    shown = page(viewer, f"{PREFIX}/run/{scene.DAG}/{quote(run_id, safe='')}")
    assert "classify_raw" in shown.words
    (download,) = [link for link in shown.links if link.endswith(".json")]
    assert viewer.get(download).status_code == 200


@pytest.mark.parametrize(
    "where", ["column", "dataset", "partition", "run", "detail", "reason", "parent", "rule", "command"]
)
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_stay_names(viewer: Any, ledger: Ledger, hostile: str, where: str) -> None:
    # No route of Airflow's matches a line feed, and no database holds a NUL: a run of such a name has no page at all.
    run_id = re.sub(r"[\r\n\0]", "", hostile[:200]) if where == "run" else scene.RUN
    scene.write(ledger, (("classify", hostile_verdict(hostile, where)),), run_id=run_id)
    shown = page(viewer, f"{PREFIX}/run/{scene.DAG}/{quote(run_id, safe='')}")
    assert shown.tags <= TAGS
    assert shown.attributes <= ATTRIBUTES
    assert [script["src"] for script in shown.scripts] == [f"{PREFIX}/static/mlsecops.js"]
    assert all(link.startswith(("#", "/")) and not link.startswith("//") for link in shown.links)
    assert not any(mark in shown.text for mark in "\u202e\u2066\u2069\u200b\x00\x1b")
    assert len(shown.text) < 12_000


def hostile_verdict(name: str, where: str) -> Any:
    origin = scene.EMAIL.origin
    assert origin is not None
    changed = {
        "column": {"subject": name},
        "reason": {"reason": name, "remedy": name, "origin": None},
        "parent": {"origin": origin.model_copy(update={"parent": name, "column": name})},
        "rule": {"rule": name},
        "command": {"commands": ("ls", name, "rm")},
    }.get(where, {})
    more = {
        "dataset": {"dataset": name},
        "partition": {"partition": name},
        "detail": {"not_looked_at": (Skipped(code="UNREADABLE_CELLS", detail=name, column=name),)},
    }.get(where, {})
    bad = scene.EMAIL.model_copy(update=changed)
    return scene.verdict(Gate.CLASSIFY, bad, bad.model_copy(update={"rows": 7}), **scene.read(), **more)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=80))
def test_no_name_at_all_can_add_markup(name: str) -> None:
    from airflow_mlsecops.web import names

    for html in (names.name(name), names.words(name)):
        shown = Page(str(html))
        assert shown.tags <= {"bdi", "wbr", "span"}
        assert shown.attributes <= {"class", "title"}
        assert all(letter in shown.text or not letter.isprintable() for letter in name if not letter.isspace())


def test_pages_hold_no_inline_style_or_script(viewer: Any, ledger: Ledger) -> None:
    (first, *_) = scene.write(ledger, scene.STOPPED)
    for address in (TAB, f"{TAB}/record/{first.record.id}/verify", f"{PREFIX}/run/{scene.DAG}/empty"):
        shown = page(viewer, address)
        assert "style" not in shown.tags | shown.attributes
        assert not any(attribute.startswith("on") for attribute in shown.attributes)
        assert all("src" in script for script in shown.scripts)


def test_links_of_a_page_lead_somewhere(viewer: Any, ledger: Ledger, known_dags: Callable[..., None]) -> None:
    known_dags(scene.DAG)
    scene.write(ledger, scene.STOPPED)
    shown = page(viewer)
    for link in set(shown.links):
        if link.startswith("#"):
            assert link[1:] in shown.ids
        elif link.startswith(PREFIX):
            assert viewer.get(link).status_code == 200, link


def test_every_answer_carries_the_headers(client: Callable[..., Any], viewer: Any, ledger: Ledger) -> None:
    (first, *_) = scene.write(ledger, scene.STOPPED)
    record = f"{TAB}/record/{first.record.id}"
    answers = [
        viewer.get(path)
        for path in (TAB, f"{record}.json", f"{record}/verify", f"{PREFIX}/static/mlsecops.js", f"{PREFIX}/nothing")
    ]
    for answer in (*answers, client().get(TAB)):
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'self'"
        assert not any("unsafe" in sources or "*" in sources for sources in policy.values())
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_the_record_downloads_whole_and_verifies(viewer: Any, ledger: Ledger) -> None:
    from airflow_mlsecops.core.record import Entry, canonical, chain_hash

    written = scene.write(ledger, scene.STOPPED)[2]
    answer = viewer.get(f"{TAB}/record/{written.record.id}.json")
    assert answer.headers["content-disposition"] == f'attachment; filename="mlsecops-{written.record.id}.json"'
    read = Entry.model_validate_json(json.dumps(answer.json()))
    assert read == written
    assert chain_hash(read.sequence, read.previous, read.key_id, canonical(read.record)) == read.hash


@pytest.mark.parametrize("record_id", ["0" * 32, "x", "", "..", "0" * 31, "A" * 32, "%00"])
def test_records_that_are_not_there(viewer: Any, ledger: Ledger, record_id: str) -> None:
    scene.write(ledger, scene.STOPPED)
    for kind in (".json", "/verify"):
        answer = viewer.get(f"{TAB}/record/{record_id}{kind}")
        # An address that names no record may read as a longer run id: that run has none either.
        assert answer.status_code == 404 or "No gate has spoken" in answer.text


def test_verify_says_so_when_nothing_was_touched(viewer: Any, ledger: Ledger) -> None:
    written = scene.write(ledger, scene.STOPPED)[2]
    words = page(viewer, f"{TAB}/record/{written.record.id}/verify").words
    assert "Verified. This record is as it was written." in words
    assert "so do those of all other records of the ledger" in words


def forge(folder: Path, sequence: int) -> None:
    """Turn one FAIL into a PASS, as someone with the database in hand would."""
    with sqlite3.connect(folder / "ledger.db") as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        (table,) = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%payload%'"
        ).fetchone()
        changed = database.execute(
            f'UPDATE {table} SET payload = replace(payload, \'"outcome":"fail"\', \'"outcome":"pass"\') WHERE sequence = ?',
            (sequence,),
        )
        assert changed.rowcount == 1
    database.close()


def test_a_forged_pass_is_shown_as_tampered_and_never_as_a_pass(viewer: Any, ledger: Ledger, in_memory: Path) -> None:
    written = scene.write(ledger, scene.STOPPED)
    forge(in_memory, written[2].sequence)
    shown = page(viewer, status=503).words
    assert "LEDGER_TAMPERED" in shown
    assert "Nothing is let through." in shown
    assert "airflow-mlsecops ledger verify" in shown
    assert "Pass" not in shown
    verified = page(viewer, f"{TAB}/record/{written[2].record.id}/verify").words
    assert "Tampered. This record does not verify." in verified
    assert "contact_hint" not in verified


def test_a_record_beside_a_forged_one_says_that_others_do_not_verify(
    viewer: Any, ledger: Ledger, in_memory: Path
) -> None:
    written = scene.write(ledger, scene.STOPPED)
    forge(in_memory, written[2].sequence)
    words = page(viewer, f"{TAB}/record/{written[0].record.id}/verify").words
    # The forged row, and the triggers that had to go.
    assert re.search(r"This record verifies, but the ledger has \d+ problems? elsewhere\.", words)
    assert "Verified." not in words


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (LedgerError("the password of db1.corp is hunter2"), "The ledger does not answer"),
        (LedgerError("hunter2", code="LEDGER_TIMEOUT"), "The ledger does not answer"),
        (LedgerTampered("hunter2"), "The ledger does not verify"),
        (LedgerTampered("hunter2", code="KEY_NOT_TRUSTED"), "The ledger does not verify"),
        (SettingsError("hunter2"), "The MLSecOps settings cannot be used"),
        (SettingsError("hunter2", code="LEDGER_NOT_SHARED"), "The MLSecOps settings cannot be used"),
        (PolicyError("hunter2"), "The MLSecOps settings cannot be used"),
    ],
)
def test_what_cannot_be_read_says_code_and_class_and_no_more(viewer: Any, error: MlsecopsError, title: str) -> None:
    from airflow_mlsecops.web.app import app
    from airflow_mlsecops.web.depends import ledger_of_request

    def broken() -> Iterator[Ledger]:
        raise error
        yield

    app.dependency_overrides[ledger_of_request] = broken
    shown = page(viewer, status=503)
    assert title in shown.words
    assert error.code in shown.words
    assert type(error).__name__ in shown.words
    assert "Nothing is let through." in shown.words
    assert "hunter2" not in shown.text


def test_a_mistake_of_ours_shows_its_class_and_no_text(viewer: Any) -> None:
    from airflow_mlsecops.web.app import app
    from airflow_mlsecops.web.depends import ledger_of_request

    def broken() -> Iterator[Ledger]:
        raise KeyError("hunter2")
        yield

    app.dependency_overrides[ledger_of_request] = broken
    answer = viewer.get(TAB)
    assert answer.status_code == 500
    assert "UNEXPECTED" in answer.text
    assert "KeyError" in answer.text
    assert "hunter2" not in answer.text
    assert answer.headers["content-security-policy"]


def test_static_files_come_from_a_list(viewer: Any) -> None:
    for name in ("mlsecops.css", "mlsecops.js"):
        assert viewer.get(f"{PREFIX}/static/{name}").status_code == 200
    for name in ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "mlsecops.css%00", "", "x"):
        assert viewer.get(f"{PREFIX}/static/{name}").status_code == 404


def test_pages_work_below_a_path_of_the_base_url(server: Any, viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, scene.STOPPED)
    server.root_path = "/af"
    try:
        shown = page(viewer, f"/af{TAB}")
    finally:
        server.root_path = ""
    assert "/af/mlsecops/static/mlsecops.css" in shown.links
    assert f"/af/dags/{scene.DAG}/runs" in shown.links
    assert all(link.startswith(("#", "/af/")) for link in shown.links)


def test_the_newest_attempt_counts_and_says_how_many_came_before(viewer: Any, ledger: Ledger) -> None:
    scene.write(ledger, (("classify", scene.CLASSIFY_FEATURES),), try_number=1)
    scene.write(ledger, (("classify", scene.CLEAN),), start=5, try_number=2)
    words = page(viewer).words
    assert "The gate that has spoken passed." in words
    assert "1 earlier attempt" in words
    assert "contact_hint" not in words


def test_the_real_ledger_of_a_fresh_deployment_opens(
    client: Callable[..., Any], deployment: Path, airflow_db: Path
) -> None:
    assert "No gate has spoken" in page(client("viewer")).words
    assert (deployment / "mlsecops").is_dir()


def test_a_chain_too_long_for_a_page_is_not_claimed_to_be_verified(
    viewer: Any, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow_mlsecops.web.routes import run

    monkeypatch.setattr(run, "MOST_VERIFIED", 4)
    written = scene.write(ledger, scene.STOPPED)
    words = page(viewer, f"{TAB}/record/{written[0].record.id}/verify").words
    assert "The chain of all records is too long for a page" in words
    assert "all 5 records" not in words


def test_a_run_with_more_records_than_a_page_reads_says_so(
    viewer: Any, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow_mlsecops.web.routes import run

    scene.write(ledger, scene.STOPPED)
    assert "more records than one page shows" not in page(viewer).words
    monkeypatch.setattr(run, "MOST_RECORDS", 3)
    assert "more records than one page shows" in page(viewer).words


@pytest.mark.parametrize("error", [LedgerError("x"), LedgerTampered("x"), SettingsError("x")])
def test_the_commands_that_pages_name_exist(error: MlsecopsError) -> None:
    from airflow_mlsecops.cli import parser
    from airflow_mlsecops.web.trouble import of_error

    program, *arguments = of_error(error).command.split()
    assert program == "airflow-mlsecops"
    assert parser().parse_args(arguments).run
