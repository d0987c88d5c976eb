"""Whether what an environment's profile names can be what it stands for: a misspelt id would leave a check UNKNOWN."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network

from airflow_mlsecops.core.environment import Aws, Egress, Environment
from airflow_mlsecops.policy.mistakes import quoted
from airflow_mlsecops.policy.shape import Step

Doubt = tuple[tuple[Step, ...], str]

_ACCOUNT = r"\d{12}"
_FORMS = {
    "accounts": (_ACCOUNT, "an account's 12 digits"),
    "partners": (rf"{_ACCOUNT}|o-[a-z0-9]{{10,32}}", "an account's 12 digits, or an organisation's id (o-…)"),
    "vpcs": (r"vpc-[0-9a-z]+", "the id of a VPC, in full"),
    "endpoints": (r"vpce-[0-9a-z]+", "the id of a VPC endpoint, in full"),
    "keys": (r"arn:[^ ]+", "the ARN of a key, not its alias or id"),
    "boundaries": (r"arn:[^ ]+", "the ARN of a policy"),
}
_PLACE = re.compile(r"[^ ]+:\d{1,5}")


def doubts(path: tuple[Step, ...], environment: Environment) -> Iterator[Doubt]:
    """Every name that cannot be one, as the path it stands at, and a sentence.

    :param path: of the environment
    """
    if environment.aws:
        yield from _of_aws((*path, "aws"), environment.aws)
    if environment.egress:
        yield from _of_egress((*path, "egress"), environment.egress)


def _of_aws(path: tuple[Step, ...], aws: Aws) -> Iterator[Doubt]:
    for field, (form, what) in _FORMS.items():
        for index, name in enumerate(getattr(aws, field)):
            if not re.fullmatch(form, name):
                yield (*path, field, index), f"{quoted(name)}: expected {what}"
    for index, cidr in enumerate(aws.networks):
        if not _is_network(cidr):
            yield (*path, "networks", index), f"{quoted(cidr)}: expected a range of addresses, as 10.9.0.0/16"


def _of_egress(path: tuple[Step, ...], egress: Egress) -> Iterator[Doubt]:
    for field in ("control", "outside"):
        for index, place in enumerate(getattr(egress, field)):
            if not _PLACE.fullmatch(place):
                yield (*path, field, index), f"{quoted(place)}: expected host:port"


def _is_network(cidr: str) -> bool:
    try:
        ip_network(cidr)
    except ValueError:
        return False
    return True
