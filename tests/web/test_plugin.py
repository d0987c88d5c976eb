"""What Airflow finds of the pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from airflow_mlsecops.operators.links import SecurityLink
from airflow_mlsecops.plugin import MlsecopsPlugin
from airflow_mlsecops.web import examples

ROOT = Path(__file__).parent.parent.parent


def test_the_page_stands_in_the_menu_and_the_tabs_on_what_they_are_about() -> None:
    entry, tab, task, dag = MlsecopsPlugin.external_views
    assert entry == {
        "name": "MLSecOps",
        "href": "mlsecops/overview",
        "destination": "nav",
        "url_route": "mlsecops",
        "nav_top_level": True,
    }
    assert tab == {
        "name": "Security",
        "href": "mlsecops/run/{DAG_ID}/{RUN_ID}",
        "destination": "dag_run",
        "url_route": "mlsecops-run",
    }
    assert task == {
        "name": "Security",
        "href": "mlsecops/task/{DAG_ID}/{RUN_ID}?task_id={TASK_ID}&map_index={MAP_INDEX}",
        "destination": "task_instance",
        "url_route": "mlsecops-task",
    }
    assert dag == {
        "name": "Security",
        "href": "mlsecops/dag/{DAG_ID}",
        "destination": "dag",
        "url_route": "mlsecops-dag",
    }


def test_airflow_takes_the_plugin_as_it_is(airflow_db: Path) -> None:
    from airflow.api_fastapi.core_api.datamodels.plugins import ExternalViewResponse

    views = [ExternalViewResponse.model_validate(view) for view in MlsecopsPlugin.external_views]
    assert [view.url_route for view in views] == ["mlsecops", "mlsecops-run", "mlsecops-task", "mlsecops-dag"]
    (mount,) = MlsecopsPlugin().fastapi_apps
    assert mount["url_prefix"] == "/mlsecops"
    assert mount["app"].title == "MLSecOps"


def test_loading_the_plugin_loads_no_web_framework() -> None:
    probe = (
        "import sys; from airflow.plugins_manager import AirflowPlugin; before = set(sys.modules);"
        "import airflow_mlsecops.plugin as p; p.MlsecopsPlugin();"
        "print(sorted(m for m in set(sys.modules) - before if m.split('.')[0] in ('fastapi', 'jinja2', 'sqlalchemy')"
        " or m.startswith('airflow_mlsecops.web')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT, check=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "run_id", ["manual__1", "scheduled__2026-11-23T06:00:00+00:00", "a/b", "a b", "?x#y", "100%", "../..", "über"]
)
@pytest.mark.parametrize(("index", "mapped"), [(-1, []), (0, ["mapped", "0"]), (311, ["mapped", "311"])])
def test_the_link_of_a_gate_leads_to_its_tab(run_id: str, index: int, mapped: list[str]) -> None:
    from airflow.models.taskinstancekey import TaskInstanceKey

    key = TaskInstanceKey("churn", "group.classify", run_id, 1, index)
    link = SecurityLink().get_link(None, ti_key=key)  # type: ignore[arg-type]
    dags, dag_id, runs, run, tasks, task, *rest = link.split("/")
    assert (dags, dag_id, runs, tasks, task) == ("dags", "churn", "runs", "tasks", "group.classify")
    assert rest == [*mapped, "plugin", "mlsecops-task"]
    assert unquote(run) == run_id
    assert "?" not in link
    assert "#" not in link


def test_what_the_empty_page_offers_to_paste_works() -> None:
    from airflow.sdk import DAG, BaseOperator

    with DAG("pasted"):
        names = {task_id: BaseOperator(task_id=task_id) for task_id in ("build_features", "retrain")}
        exec(f"{examples.GATE}\n{examples.SEAL}", names)
        assert names["retrain"].upstream_task_ids == {"classify_features"}
