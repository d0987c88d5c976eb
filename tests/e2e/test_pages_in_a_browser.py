"""What people do in a browser: see the red, read why, have it approved in Airflow's Required Actions, see it go on.

After the other tests of a live Airflow, by its name: one of them counts what was asked.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Live

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
if CHROMIUM is None:
    warnings.warn("NO BROWSER: no page was tried in one; install chromium", stacklevel=1)
pytestmark = [
    pytest.mark.airflow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: install chromium, and these pages are tried in it"),
]
RUN = "/dags/asking/runs/b1"
TAB = f"{RUN}/plugin/mlsecops-run"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
WINDOW = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
FOCUSED = "(at => [at.getAttribute('href') || at.tagName, getComputedStyle(at).outlineStyle])(document.activeElement)"
PATIENCE_MS = 90_000  # a busy machine takes its time; nothing here measures it
Person = Callable[..., Any]


@pytest.fixture(scope="module")
def waits(asking: Live) -> Live:
    """A run that stands still until somebody answers: another column holds what features may not hold."""
    data = asking.home / "asking" / "incomes.csv"
    head, *rows = data.read_text().splitlines()
    data.write_text(
        "\n".join([f"{head},net_salary", *(f"{row},{41_017 + 29 * n}" for n, row in enumerate(rows))]) + "\n"
    )
    body = {"logical_date": None, "dag_run_id": "b1"}
    assert asking.call("POST", "/api/v2/dags/asking/dagRuns", "alice", json=body).status_code == 200
    asking.wait(lambda: asking.parked("asking", "b1", "classify"))
    return asking


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """What the browser held against our pages: broken scripts, what their content policy forbids."""
    return []


@pytest.fixture(scope="module")
def person(waits: Live, complaints: list[str]) -> Iterator[Person]:
    """Somebody's browser, logged in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def of(name: str, theme: str = "light") -> Any:
            context = chromium.new_context(base_url=waits.url, viewport=WINDOW, color_scheme=theme)
            context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
            page = context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.on("console", lambda said: complaints.append(said.text) if _is_ours(said) else None)
            page.on(
                "pageerror", lambda error: complaints.append(str(error)) if "/mlsecops/" in str(error.stack) else None
            )
            page.goto("/")
            page.fill("[name=username]", name)
            page.fill("[name=password]", name)
            page.click("button[type=submit]")
            page.wait_for_url(lambda url: "/auth/" not in url)
            return page

        yield of
        chromium.close()


def _is_ours(said: Any) -> bool:
    where = said.location.get("url", "")
    return said.type == "error" and ("/mlsecops/" in where or "Content Security Policy" in said.text)


def shown(page: Any, address: str) -> Any:
    """Our page in Airflow's frame."""
    page.goto(address)
    frame = page.frame_locator("iframe")
    frame.locator("main").wait_for()
    return frame


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_overview_and_the_tab_are_in_airflows_colours(person: Person, complaints: list[str], theme: str) -> None:
    alice = person("alice", theme)
    for address in ("/plugin/mlsecops", TAB):
        assert shown(alice, address).locator("html").get_attribute("data-theme") == theme
        assert complaints == []


def test_from_the_menu_to_the_reason(person: Person, complaints: list[str]) -> None:
    alice = person("alice")
    alice.get_by_role("link", name="MLSecOps").first.click()
    alice.frame_locator("iframe").locator("a[href*='mlsecops-run']").first.click()
    alice.wait_for_url("**/plugin/mlsecops-run*")
    for address in (TAB, f"{RUN}/tasks/classify/plugin/mlsecops-task"):
        told = shown(alice, address).locator("main")
        assert "of a person" in told.text_content()
        for words in ("net_salary", "Drop or pseudonymise"):
            place = told.get_by_text(words).locator("visible=true").first
            assert place.bounding_box()["y"] < 2 * WINDOW["height"], words
    assert complaints == []


def test_on_a_phone_no_page_is_wider_than_its_screen(person: Person) -> None:
    alice = person("alice")
    alice.set_viewport_size(PHONE)
    alice.goto("/mlsecops/overview")
    dataset = alice.locator("a[href*='/dataset?']").first.get_attribute("href")
    tabs = ("dag/asking", "run/asking/b1", "task/asking/b1?task_id=classify", "waivers", "blast", "overview")
    for address in (dataset, *(f"/mlsecops/{tab}" for tab in tabs)):
        alice.goto(address)
        assert alice.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address


def test_a_keyboard_is_enough_and_shows_where_it_is(person: Person) -> None:
    alice = person("alice")
    alice.goto("/mlsecops/overview")
    reached = ""
    for _ in range(40):
        alice.keyboard.press("Tab")
        reached, outline = alice.evaluate(FOCUSED)
        assert outline != "none", reached
        if "/dataset?" in reached:
            break
    alice.keyboard.press("Enter")
    alice.wait_for_url("**/mlsecops/dataset?*")


def test_what_another_approves_goes_on_and_is_listed(person: Person, waits: Live, complaints: list[str]) -> None:
    bob = person("bob")
    bob.goto("/required_actions")
    bob.locator("a[href*='/runs/b1/tasks/classify']").first.click()  # the list keeps questions of other runs
    bob.fill("#element_justification", "for the pilot, ticket SEC-4712")
    bob.fill("#element_until", "5")
    bob.get_by_test_id("hitl-option-Approve").click()
    assert waits.finished("asking", "b1", 240) == "success"
    assert "SEC-4712" in shown(bob, TAB).locator("main").text_content()
    bob.goto("/mlsecops/waivers")
    assert "SEC-4712" in bob.locator("main").inner_text()
    assert complaints == []
