"""Tell people of a verdict that needs them, through any of Airflow's notifiers."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from airflow.sdk import BaseNotifier, dag, task

from airflow_mlsecops.notifications import MlsecopsNotifier
from airflow_mlsecops.operators import ClassifyDatasetOperator

VISITS = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser() / "examples" / "visits"


class LogNotifier(BaseNotifier):
    """Stands here for a notifier that sends: SmtpNotifier, SlackNotifier…"""

    template_fields = ("text",)

    def __init__(self, *, text: str) -> None:
        super().__init__()
        self.text = text

    def notify(self, context: Any) -> None:
        """Write to the log of the task."""
        logging.getLogger("airflow.task").warning("%s", self.text)


# By mail: MlsecopsNotifier("airflow.providers.smtp.notifications.smtp.SmtpNotifier", to="security@example.org")
tell = MlsecopsNotifier(LogNotifier)


@dag(schedule=None)
def notify() -> None:
    """Write visits, ask what they hold, and tell people only if that needs them."""
    classify = ClassifyDatasetOperator(
        task_id="classify_visits", dataset=f"file://{VISITS}", on_failure_callback=tell, on_success_callback=tell
    )
    write_visits() >> classify


@task
def write_visits() -> None:
    """Pages of a shop, and how long somebody looked at them."""
    import polars as pl

    VISITS.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = pl.int_range(500, eager=True)
    pl.DataFrame({"page": number % 40, "seconds": number * 7 % 300}).write_parquet(VISITS / "visits.parquet")


notify()
