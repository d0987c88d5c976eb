"""What looks at whole DAGs: the seal on the task that consumes proven data."""

from airflow_mlsecops.dag.sealed import sealed

__all__ = ["sealed"]
