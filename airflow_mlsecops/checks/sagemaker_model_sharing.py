"""No group of SageMaker's model registry is shared with an account that is not named.

A group is shared by its resource policy, that AWS RAM writes too:
https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-ram.html. Whom conditions may or may not hold off counts
as let in.
"""

from __future__ import annotations

from airflow_mlsecops.checks._accounts import foreign, insiders
from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each, fits, profile
from airflow_mlsecops.checks._sagemaker import GET_MODEL_PACKAGE_GROUP_POLICY, LIST_MODEL_PACKAGE_GROUPS
from airflow_mlsecops.checks._statements import statements
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "accounts of this environment and its partners"


def _groups(facts: Facts, demand: Demand) -> tuple[str, ...]:
    audited_account(facts, demand)  # another account's list shows none of ours
    found = aws(facts).need(LIST_MODEL_PACKAGE_GROUPS).model_package_group_summary_list
    names = sorted(one.model_package_group_name for one in found)
    return tuple(name for name in names if fits(name, profile(demand).studios))


def _ask(name: str, facts: Facts, demand: Demand) -> Answer:
    own = insiders(demand)
    policy = aws(facts).ask(GET_MODEL_PACKAGE_GROUP_POLICY, ModelPackageGroupName=name)
    if policy is None:
        return passed(name, "it is shared with nobody", expected=_EXPECTED, got="none")
    said = statements(policy.resource_policy, f"the policy of {name}")
    anybody = ("anybody",) if any(one.lets_anybody_in for one in said) else ()
    strangers = (*anybody, *foreign(said, own))
    if strangers:
        return failed(name, "it is shared with strangers", expected=_EXPECTED, got=", ".join(strangers))
    return passed(name, "it is shared with nobody else", expected=_EXPECTED)


CHECK = Check(
    id="SAGEMAKER_MODEL_SHARING",
    question="Is every group of the model registry shared with nobody foreign?",
    why="a model holds what it learned of its training data: whoever gets it can ask it for that",
    remedy=(
        "`aws sagemaker delete-model-package-group-policy --model-package-group-name {subject}`, or put a policy "
        "that names accounts of this environment only"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-3", "ISO 27001 A.5.15", "SOC 2 CC6.1", "MITRE ATLAS AML.T0024"),
    ask=each(_groups, _ask, none=lambda: not_applicable("sagemaker", "the model registry has no such group")),
    reads=(AUDITOR, LIST_MODEL_PACKAGE_GROUPS, GET_MODEL_PACKAGE_GROUP_POLICY),
)
