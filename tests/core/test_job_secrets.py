"""What looks like a secret in a job, and what almost does."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_mlsecops.core.jobs.secret import in_arguments, looks_secret


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2"),
        ("dbPassword", "hunter2"),
        ("password", 1234),
        ("password", '"hunter2"'),
        ("API_KEY", "x1"),
        ("privateKey", "x1"),
        ("HF_TOKEN", "x1"),
        ("AWS_SECRET_ACCESS_KEY", "x1"),
        ("DB_PASS", "hunter2"),
        ("token_1", "x1"),
        ("TOKEN_VALUE", "x1"),
        ("DB_SECRETS", "x1"),
        ("CRM", "Server=db;User=app;Password=hunter2;"),
        ("CRM", "jdbc:postgresql://db/crm?password=hunter2&user=app"),
        ("X", "AKIA" + "ABCDEFGH23456723"),
        ("X", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"),
        ("X", "postgresql://app:hunter2@db:5432/crm"),
        ("X", "wJalrXUtnFEMI7K7MDENGbPxRfiCYzR8q2LmVtPa"),
        ("X", "ghp_" + "a1B2c3D4e5" * 3 + "abcdef"),
        ("X", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln"),
    ],
)
def test_what_looks_like_a_secret(name: str, value: Any) -> None:
    assert looks_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", None),
        ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:222222222222:secret:db-AbCdEf"),
        ("DB_PASSWORD", "{{resolve:secretsmanager:db:SecretString:password}}"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD_FILE", "/run/secrets/db"),
        ("SECRET_NAME", "db"),
        ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:222222222222:secret:db"),
        ("TOKENIZER", "bert-base"),
        ("MAX_TOKENS", "512"),
        ("max_token", "512"),
        ("pad_token", "<pad>"),
        ("mask_token", "[MASK]"),
        ("token_dropout", "0.1"),
        ("token_pooling", "mean"),
        ("two_pass", "fast"),
        ("CRM", "Server=db;User=app;Password=$PASSWORD;"),
        ("USE_AUTH_TOKEN", "true"),
        ("MONKEY", "banana"),
        ("X", "postgresql://app@db:5432/crm"),
        ("X", "postgresql://app:${PASSWORD}@db:5432/crm"),
        ("X", "sha256:" + "0123456789abcdef" * 4),
        ("X", "0123456789abcdef" * 4),
        ("X", "8F14E45F-CEEA-467A-9575-0C2B5A1D3E4F"),
        ("X", "/opt/ml/input/Data2026/Features/Part0001/Train"),
        ("X", "s3://ml-prod/Features2026/Part0001/AbCdEfGhIjKl"),
        ("X", "arn:aws:iam::222222222222:role/ml-train-prod"),
        ("X", "a_long_name_of_some_column_in_lower_case_1"),
    ],
)
def test_near_misses_of_secrets(name: str, value: Any) -> None:
    assert not looks_secret(name, value)


@pytest.mark.parametrize(
    ("arguments", "places"),
    [
        (["--password", "hunter2"], (2,)),
        (["--password=hunter2"], (1,)),
        (["-c", "export DB_PASSWORD=hunter2; python train.py"], (2,)),
        (["--epochs", "10", "postgresql://app:hunter2@db/crm"], (3,)),
        (["--password-file", "/run/secrets/db"], ()),
        (["--password", "--verbose"], ()),
        (["--password", "$PASSWORD"], ()),
        (["--max-tokens=512", "--tokenizer=bert"], ()),
        ([7, None, {"a": 1}], ()),
    ],
)
def test_arguments_that_look_like_secrets_are_told_by_their_places(
    arguments: list[Any], places: tuple[int, ...]
) -> None:
    assert in_arguments(arguments) == places


def test_a_long_argument_is_read_in_one_go() -> None:
    assert in_arguments(["a." * 200_000, "-" * 200_000, "a=" * 200_000, "://:" * 100_000, "eyJ" * 100_000]) == ()
