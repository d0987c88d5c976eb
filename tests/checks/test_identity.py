"""Whom the task works as, by the word of the system that holds the data."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_mlsecops.checks._identity import identity
from airflow_mlsecops.core.facts import Facts

KEY = "sts.get_caller_identity (as the task)"
ROLE = "arn:aws:iam::222222222222:role/ml-train"


def aws(arn: str) -> dict[str, Any]:
    answer = {"Account": "222222222222", "Arn": arn, "UserId": "AROAEXAMPLE:airflow"}
    return {"answers": {KEY: {"answer": answer}}}


SESSION = aws("arn:aws:sts::222222222222:assumed-role/ml-train/airflow")
POSTGRES = {"dialect": "postgresql", "user": "ml_train"}
TABLE: list[tuple[str, dict[str, Any], str]] = [
    ("a session is told as its role", {"aws": SESSION}, ROLE),
    ("whatever the session calls itself", {"aws": aws("arn:aws:sts::222222222222:assumed-role/ml-train/role/x:root")}, ROLE),
    ("of another part of AWS", {"aws": aws("arn:aws-cn:sts::222222222222:assumed-role/ml-train/x")}, ROLE.replace("aws:", "aws-cn:", 1)),
    ("a user", {"aws": aws("arn:aws:iam::222222222222:user/ml-train")}, "arn:aws:iam::222222222222:user/ml-train"),
    ("a database's user", {"database": POSTGRES}, "ml_train"),
    ("a database's user, not that of AWS", {"database": POSTGRES, "aws": SESSION}, "ml_train"),
    ("a database that does not say, whatever AWS says", {"database": {"dialect": "mysql"}, "aws": SESSION}, ""),
    ("a database that nobody could ask", {"database": {"why": "refused"}, "aws": SESSION}, ""),
    ("a file of SQLite has no users", {"database": {"dialect": "sqlite", "local": True, "user": "x"}}, ""),
    ("AWS was not asked who", {"aws": {"answers": {}}}, ""),
    ("AWS refuses to say", {"aws": {"answers": {KEY: {"why": "permission x is missing"}}}}, ""),
    ("AWS does not know", {"aws": {"answers": {KEY: {"absent": "NoSuchEntity"}}}}, ""),
    ("AWS answers oddly", {"aws": aws("ml-train")}, ""),
    ("nobody looked at AWS", {"aws": {"why": "no boto3"}}, ""),
    ("neither", {}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "told"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_identity(facts: dict[str, Any], told: str) -> None:
    assert identity(Facts.model_validate(facts)) == told
