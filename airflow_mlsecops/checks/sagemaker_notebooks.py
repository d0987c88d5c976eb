"""Every notebook instance is cut off from the Internet, in a subnet of this environment, encrypted, and without root.

Its people must get credentials by IMDSv2 only, which a page that they open cannot forge:
https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-imds.html. What is absent is as open as AWS makes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._ec2 import DESCRIBE_SUBNETS
from airflow_mlsecops.checks._kms import DESCRIBE_KEY, key_trouble
from airflow_mlsecops.checks._places import foreign_subnets
from airflow_mlsecops.checks._sagemaker import DESCRIBE_NOTEBOOK_INSTANCE, LIST_NOTEBOOK_INSTANCES, Notebook
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "no direct Internet access, no root access, IMDSv2, a subnet and a key of this environment"


def _notebooks(facts: Facts, demand: Demand) -> Iterator[str]:
    audited_account(facts, demand)  # another account's list shows none of ours
    found = aws(facts).need(LIST_NOTEBOOK_INSTANCES).notebook_instances
    names = sorted(one.notebook_instance_name for one in found)
    return (name for name in names if fits(name, listed(profile(demand).studios, "studios")))


def _ask(name: str, facts: Facts, demand: Demand) -> Answer:
    notebook = aws(facts).need(DESCRIBE_NOTEBOOK_INSTANCE, NotebookInstanceName=name)
    troubles = tuple(_troubles(notebook, facts, demand))
    if troubles:
        return failed(name, "the notebook is open", expected=_EXPECTED, got="; ".join(troubles))
    return passed(name, "the notebook is closed", expected=_EXPECTED)


def _troubles(notebook: Notebook, facts: Facts, demand: Demand) -> Iterator[str]:
    if notebook.direct_internet_access != "Disabled":
        yield "direct Internet access"
    if notebook.root_access != "Disabled":
        yield "root access"
    if notebook.instance_metadata_service_configuration.minimum_instance_metadata_service_version != "2":
        yield "IMDSv1"
    if not notebook.subnet_id:
        yield "no subnet"
    elif foreign_subnets((notebook.subnet_id,), facts, demand):
        yield f"{notebook.subnet_id} lies in no VPC of this environment"
    trouble = key_trouble(notebook.kms_key_id, facts, demand) if notebook.kms_key_id else "none is named"
    if trouble:
        yield f"key: {trouble}"


CHECK = Check(
    id="SAGEMAKER_NOTEBOOKS",
    question="Is every notebook instance closed: no Internet, no root, in this environment's network, with its key?",
    why="a notebook is a person at the data, with a shell: what it can reach, training data can be sent to",
    remedy=(
        "`aws sagemaker update-notebook-instance --notebook-instance-name {subject} --root-access Disabled "
        "--instance-metadata-service-configuration MinimumInstanceMetadataServiceVersion=2` while it is stopped; "
        "subnet, key and direct Internet access are set when it is created: --subnet-id, --kms-key-id and "
        "--direct-internet-access Disabled"
    ),
    severity=Severity.HIGH,
    standards=(
        *("NIST 800-53 SC-7", "NIST 800-53 AC-6", "ISO 27001 A.8.22", "SOC 2 CC6.6"),
        *("AWS FSBP SageMaker.1", "AWS FSBP SageMaker.2", "AWS FSBP SageMaker.3"),
    ),
    ask=each(_notebooks, _ask, none=lambda: not_applicable("sagemaker", "there are no such notebook instances")),
    reads=(AUDITOR, LIST_NOTEBOOK_INSTANCES, DESCRIBE_NOTEBOOK_INSTANCE, DESCRIBE_SUBNETS, DESCRIBE_KEY),
)
