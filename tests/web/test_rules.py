"""The line of the policy that decided, one click away in whatever shows the repository."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from airflow_mlsecops.core.errors import SettingsError
from airflow_mlsecops.ledger import Ledger
from airflow_mlsecops.settings import settings_of
from airflow_mlsecops.web import ledger as deployed
from airflow_mlsecops.web import rules
from tests.web import scene
from tests.web.test_run_page import TAB

LINK = "https://git.example.org/ml-policy/blob/main/{file}#L{line}"
MAIN = "https://git.example.org/ml-policy/blob/main/"


@pytest.fixture
def linked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """The connection says where the policy is read."""

    def says(link: str) -> None:
        extra = json.dumps({"conn_type": "mlsecops", "extra": {"policy_link": link}})
        monkeypatch.setenv("AIRFLOW__MLSECOPS__CONN_ID", "linked")
        monkeypatch.setenv("AIRFLOW_CONN_LINKED", extra)
        deployed._hook.cache_clear()

    yield says
    monkeypatch.undo()
    deployed._hook.cache_clear()


@pytest.mark.parametrize(
    ("rule", "address"),
    [
        ("policy.yaml:14", f"{MAIN}policy.yaml#L14"), ("rules/eu.yaml:7", f"{MAIN}rules/eu.yaml#L7"),
        ("access.cedar @id(train-churn)", f"{MAIN}access.cedar"), ("policy.yaml", f"{MAIN}policy.yaml"),
        ("", ""), ("record 01a2b3c4-d5e6", ""), ("policy.yaml:14:2", ""), ("javascript:alert(1)", ""),
        ('x"><script>:1', ""), ("policy.yaml:١٤", ""), ("policy.yaml:14\n", ""),
    ],
)  # fmt: skip
def test_a_place_in_the_policy_has_an_address(linked: Callable[[str], None], rule: str, address: str) -> None:
    linked(LINK)
    assert rules.address(rule) == address


def test_without_a_link_a_rule_is_text(monkeypatch: pytest.MonkeyPatch, linked: Callable[[str], None]) -> None:
    linked("")
    assert rules.address("policy.yaml:14") == ""


@pytest.mark.parametrize(
    "link",
    ["javascript:alert('{file}')", "data:text/html,{file}", "//git.example.org/{file}", "https://git.example.org/policy",
     'https://git.example.org/{file}"onclick=x', "https://git.example.org/ {file}", "ftp://git.example.org/{file}"],
)  # fmt: skip
def test_a_link_that_is_none_of_the_web_is_refused(link: str) -> None:
    with pytest.raises(SettingsError, match="policy_link") as caught:
        settings_of({"policy_link": link}, None)
    assert link not in str(caught.value)


def test_a_run_leads_to_the_line_that_stopped_it(viewer: Any, ledger: Ledger, linked: Callable[[str], None]) -> None:
    scene.write(ledger, scene.STOPPED)
    linked(LINK)
    html = viewer.get(TAB).text
    assert html.count(f'<a href="{MAIN}policy.yaml#L14" target="_blank" rel="noopener noreferrer" data-airflow>') > 1
    linked("")
    assert MAIN not in viewer.get(TAB).text
