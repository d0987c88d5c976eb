"""Every domain of SageMaker Studio sends its traffic through a VPC of this environment, and encrypts with its key.

With ``PublicInternetOnly``, the default, notebooks of Studio reach the Internet through a network of AWS' own:
https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-and-internet-access.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._kms import DESCRIBE_KEY, key_trouble
from airflow_mlsecops.checks._sagemaker import DESCRIBE_DOMAIN, LIST_DOMAINS, Domain, DomainName
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "VpcOnly, a VPC and a key of this environment"


def _domains(facts: Facts, demand: Demand) -> tuple[DomainName, ...]:
    audited_account(facts, demand)  # another account's list shows none of ours
    found = sorted(aws(facts).need(LIST_DOMAINS).domains, key=lambda one: one.domain_id)
    studios = listed(profile(demand).studios, "studios")
    return tuple(one for one in found if fits(one.domain_name, studios) or fits(one.domain_id, studios))


def _ask(one: DomainName, facts: Facts, demand: Demand) -> Answer:
    domain = aws(facts).need(DESCRIBE_DOMAIN, DomainId=one.domain_id)
    troubles = tuple(_troubles(domain, facts, demand))
    if troubles:
        return failed(one.domain_id, f"{one.domain_name} is open", expected=_EXPECTED, got="; ".join(troubles))
    return passed(one.domain_id, f"{one.domain_name} is closed", expected=_EXPECTED)


def _troubles(domain: Domain, facts: Facts, demand: Demand) -> Iterator[str]:
    if domain.app_network_access_type != "VpcOnly":
        yield domain.app_network_access_type
    if not fits(domain.vpc_id, listed(profile(demand).vpcs, "vpcs")):
        yield f"{domain.vpc_id or 'no VPC'} is no VPC of this environment"
    trouble = key_trouble(domain.kms_key_id, facts, demand) if domain.kms_key_id else "none is named"
    if trouble:
        yield f"key: {trouble}"


CHECK = Check(
    id="SAGEMAKER_DOMAINS",
    question="Does every domain of SageMaker Studio stay in a VPC of this environment, encrypted with its key?",
    why="people work on training data in Studio: a domain with a way to the Internet is a way out for the data",
    remedy=(
        "`aws sagemaker update-domain --domain-id {subject} --app-network-access-type VpcOnly`; VPC and key are set "
        "when the domain is created"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "NIST 800-53 SC-28", "ISO 27001 A.8.22", "SOC 2 CC6.6"),
    ask=each(
        _domains,
        _ask,
        none=lambda: not_applicable("sagemaker", "there are no such domains"),
        name=lambda one: one.domain_id,
    ),
    reads=(AUDITOR, LIST_DOMAINS, DESCRIBE_DOMAIN, DESCRIBE_KEY),
)
