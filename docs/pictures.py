"""Takes the pictures of these pages from the demo: ``make demo``, then ``python docs/pictures.py`` (needs Chromium)."""

from __future__ import annotations

import json
import shutil
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path.insert(0, str(ROOT / "dags_examples" / "demo"))

import serve  # noqa: E402 - the demo is a folder of scripts
from home import AIRFLOW_HOME, settle  # noqa: E402

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
WIDTH, TALLEST = 1280, 1500
RUN = "picture"


class Airflow:
    """The served demo, spoken to as its users do."""

    def __init__(self, address: str, passwords: dict[str, str]) -> None:
        self.address, self.passwords = address, passwords

    def call(self, user: str, method: str, path: str, body: object = None) -> Any:
        """The answer to a request of that user's."""
        login = {"username": user, "password": self.passwords[user]}
        token = self._ask("POST", "/auth/token", login, {})["access_token"]
        return self._ask(method, f"/api/v2{path}", body, {"Authorization": f"Bearer {token}"})

    def _ask(self, method: str, path: str, body: object, headers: dict[str, str]) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {**headers, "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as said:
            return json.load(said)

    def asked(self) -> bool:
        """True if the picture's run is there already."""
        runs = self.call("admin", "GET", "/dags/approve/dagRuns?limit=100")["dag_runs"]
        return RUN in {run["dag_run_id"] for run in runs}

    def state(self, task_id: str) -> str:
        """How a task of the picture's run stands."""
        said = self.call("admin", "GET", f"/dags/approve/dagRuns/{RUN}/taskInstances/{task_id}")
        return str(said["state"])

    def wait(self, task_id: str, *states: str) -> None:
        """Until a task of the picture's run stands so."""
        while (state := self.state(task_id)) not in states:
            print(f"  {task_id} is {state}", flush=True)
            time.sleep(5)


@contextmanager
def served() -> Iterator[Airflow]:
    """The demo's Airflow while pictures are taken."""
    settle()
    serve._prepare()
    passwords = serve._passwords()
    address = f"http://127.0.0.1:{serve._free_port()}"
    server = serve._start(address)
    try:
        serve._wait(address, server)
        yield Airflow(address, passwords)
    finally:
        serve._stop(server)


def ask(airflow: Airflow) -> None:
    """Have a gate ask for an approval."""
    airflow.call("admin", "PATCH", "/dags/approve", {"is_paused": False})
    airflow.call("admin", "POST", "/dags/approve/dagRuns", {"logical_date": None, "dag_run_id": RUN})
    airflow.wait("classify_incomes", "awaiting_input", "deferred", "failed")


def approve(airflow: Airflow) -> None:
    """Approve it as somebody else."""
    told = {"justification": "Needed until the rent model is replaced (ML-4790)", "until": "10"}
    place = f"/dags/approve/dagRuns/{RUN}/taskInstances/classify_incomes/-1/hitlDetails"
    asked = airflow.call("privacy-officer", "GET", place)
    known = {name: told.get(name, said.get("value")) for name, said in asked["params"].items()}
    airflow.call("privacy-officer", "PATCH", place, {"chosen_options": ["Approve"], "params_input": known})
    airflow.wait("average", "success", "failed")


def stopped_run(airflow: Airflow) -> str:
    """The story's run that a joined column stopped."""
    failed = airflow.call("admin", "GET", "/dags/churn_retraining/dagRuns/~/taskInstances?state=failed&limit=100")
    return next(task["dag_run_id"] for task in failed["task_instances"] if task["task_id"] == "classify_features")


def places(airflow: Airflow) -> dict[str, str]:
    """Where each page is."""
    run = quote(stopped_run(airflow), safe="")
    features = quote(f"file://{AIRFLOW_HOME}/churn/features", safe="")
    customers = quote(f"sqlite://{AIRFLOW_HOME}/churn/crm.db/main.customers", safe="")
    return {
        "overview": "/mlsecops/overview",
        "run": f"/mlsecops/run/churn_retraining/{run}",
        "task": f"/mlsecops/task/churn_retraining/{run}?task_id=classify_features&map_index=-1",
        "dag": "/mlsecops/dag/churn_retraining",
        "dataset": f"/mlsecops/dataset?name={features}&env=local",
        "waivers": "/mlsecops/waivers",
        "blast": f"/mlsecops/blast?dataset={customers}&column=email&env=local",
        "empty": "/mlsecops/run/approve/nothing",
        "in_airflow": f"/dags/churn_retraining/runs/{run}/plugin/mlsecops-run",
    }


def take(airflow: Airflow, names: dict[str, str]) -> None:
    """Take each page, light and dark."""
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for theme in ("light", "dark"):
            page = _logged_in(chromium, airflow, theme)
            for name, address in names.items():
                _picture(page, f"{airflow.address}{address}", PICTURES / f"{name}_{theme}.png")
        chromium.close()


def _logged_in(chromium: Any, airflow: Airflow, theme: str) -> Any:
    context = chromium.new_context(viewport={"width": WIDTH, "height": 900}, color_scheme=theme)
    context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(airflow.address)
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", airflow.passwords["admin"])
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/auth/" not in url)
    return page


def _picture(page: Any, address: str, kept: Path) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if "/plugin/" in address:  # Airflow draws its frame first, and ours into it
        page.frame_locator("iframe").locator("main").wait_for()
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    page.screenshot(path=kept, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
    print(f"  {kept.name}", flush=True)


def main() -> None:
    """Ask, take the question, approve, take everything else."""
    with served() as airflow:
        if not airflow.asked():
            ask(airflow)
            question = f"/dags/approve/runs/{RUN}/tasks/classify_incomes/required_actions"
            take(airflow, {"question": question, "asked": f"/mlsecops/run/approve/{RUN}"})
            approve(airflow)
        take(airflow, places(airflow))


if __name__ == "__main__":
    main()
