"""The worker and its Airflow, as a gate finds them: where logs and XCom go, what is reached, what is left on disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from airflow.configuration import AIRFLOW_HOME, conf

from airflow_mlsecops.checks import all_checks
from airflow_mlsecops.clients import connection_facts
from airflow_mlsecops.core.environment import Egress, Environment, Spill
from airflow_mlsecops.core.facts import AirflowFacts, EgressFacts, NotObserved, SpillFacts
from airflow_mlsecops.core.judge_isolation import chosen
from airflow_mlsecops.observe import backends, egress, spill


def observe_airflow() -> AirflowFacts:
    """Where this Airflow keeps logs and XCom."""
    configured = backends.Configured(
        remote_logging=conf.getboolean("logging", "remote_logging", fallback=False),
        logging_class=_said("logging", "logging_config_class"),
        log_folder=_said("logging", "remote_base_log_folder"),
        log_connection=_said("logging", "remote_log_conn_id"),
        xcom_backend=_said("core", "xcom_backend"),
        xcom_path=_said("common.io", "xcom_objectstorage_path"),
    )
    return backends.observe(configured, connection_facts)


def probed(
    profile: Environment, also: tuple[str, ...], context: Mapping[str, Any]
) -> tuple[EgressFacts | NotObserved | None, SpillFacts | NotObserved | None]:
    """What can be reached and what is left on disk; ``None`` for what no check asks: looking takes time.

    :param also: ids of checks that are required beside the profile's
    """
    required, _ = chosen((*profile.requires, *also), all_checks())
    return (
        egress.observe(profile.egress or Egress()) if "EGRESS" in required else None,
        _spill(profile.spill or Spill(), context) if "SPILL" in required else None,
    )


def _spill(profile: Spill, context: Mapping[str, Any]) -> SpillFacts | NotObserved:
    began = getattr(context.get("dag_run"), "start_date", None)
    if not isinstance(began, datetime):
        return NotObserved(why="Airflow does not say when the run began")
    if not hasattr(os, "geteuid"):
        return NotObserved(why="this operating system has no user ids")
    return spill.observe(profile, since=began, uid=os.geteuid(), own=_own())


def _own() -> tuple[Path, ...]:
    """Where Airflow itself writes while a task runs."""
    bundles = _said("dag_processor", "dag_bundle_storage_path")
    return (
        Path(AIRFLOW_HOME),
        Path(_said("logging", "base_log_folder") or AIRFLOW_HOME),
        Path(bundles) if bundles else Path(tempfile.gettempdir(), "airflow", "dag_bundles"),
    )


def _said(section: str, name: str) -> str:
    return conf.get(section, name, fallback="") or ""
