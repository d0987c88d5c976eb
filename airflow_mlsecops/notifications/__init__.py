"""What leaves Airflow about a verdict: names and counts, through whichever notifier is installed."""

# First: while Airflow is imported it loads our cluster policy, which needs these modules whole.
import airflow  # noqa: F401

from airflow_mlsecops.notifications.notifier import MlsecopsNotifier

__all__ = ["MlsecopsNotifier"]
