"""Airflow gates that stop sensitive data, the wrong environment or the wrong application from reaching a model."""

__version__ = "0.1.0"
