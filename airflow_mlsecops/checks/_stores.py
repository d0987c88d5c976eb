"""Stores in which Airflow keeps what may hold data, and whether they belong to the environment."""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed, unknown
from airflow_mlsecops.checks._aws import fits, profile
from airflow_mlsecops.checks._scope import bucket_of
from airflow_mlsecops.core.check import Answer, Demand
from airflow_mlsecops.core.facts import AirflowFacts, Facts, NotObserved


def airflow(facts: Facts) -> AirflowFacts:
    """Where Airflow keeps logs and XCom; if nobody looked, every one of its facts is missing for that reason."""
    if isinstance(facts.airflow, AirflowFacts):
        return facts.airflow
    return AirflowFacts(**dict.fromkeys(AirflowFacts.model_fields, facts.airflow))


def store(
    subject: str, what: str, place: str | NotObserved, environment: str | NotObserved, *, inside: str, demand: Demand
) -> Answer:
    """Ask that something is kept inside Airflow, or in a store of the environment.

    A store is one of the environment's if the policy lists it or its bucket, or if the connection that leads there says
    so.

    :param what: what is kept there, in a sentence
    :param environment: tag of the store's connection
    :param inside: the place that is Airflow's own
    """
    tags = demand.profile.connections or (demand.environment,)
    expected = f"{inside}, or a store of {demand.environment}"
    if isinstance(place, NotObserved):
        return unknown(subject, f"where {what} are kept", place, expected=expected)
    if place == inside:
        return passed(subject, f"{what} stay with Airflow", expected=expected, got=place)
    if _listed(place, demand) or environment in tags:
        return passed(subject, f"{what} are kept in a store of this environment", expected=expected, got=place)
    if isinstance(environment, NotObserved) and not (demand.profile.stores or profile(demand).buckets):
        return unknown(subject, f"whose store {what} are kept in", environment, expected=expected)
    return failed(
        subject, f"{what} are kept in a store that is not known as this environment's", expected=expected, got=place
    )


def _listed(place: str, demand: Demand) -> bool:
    bucket = bucket_of(place)
    return fits(place, demand.profile.stores) or (bool(bucket) and fits(bucket, profile(demand).buckets))
