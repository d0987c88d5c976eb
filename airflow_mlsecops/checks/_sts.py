"""Who the task is, and who looks, by AWS' own word."""

from __future__ import annotations

from pydantic import Field

from airflow_mlsecops.checks._aws import aws, listed, profile
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.unseen import NotObserved, Unseen


class Identity(Shape):
    """``arn:aws:sts::222222222222:assumed-role/ROLE/SESSION`` and the like."""

    account: str = Field(pattern=r"^\d{12}$")
    arn: str = Field(pattern=r"^arn:")
    user_id: str


# Needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
TASK = Operation(service="sts", name="get_caller_identity", shape=Identity, action="", as_task=True)
AUDITOR = Operation(service="sts", name="get_caller_identity", shape=Identity, action="")


def audited_account(facts: Facts, demand: Demand) -> str:
    """The account whose resources are looked at: that of whoever looks.

    :raises Unseen: if AWS did not say, or if it is no account of this environment: its lists show nothing of ours
    """
    account = aws(facts).need(AUDITOR).account
    if account not in listed(profile(demand).accounts, "accounts"):
        why = f"whoever looks works in account {account}, which is not listed under aws.accounts"
        raise Unseen("the account of this environment", NotObserved(why=why))
    return account
