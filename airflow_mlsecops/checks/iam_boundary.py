"""Every role of this environment has a permissions boundary that the policy names.

A boundary holds whatever policies are attached to the role later:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html. What the boundary itself allows is
not read here.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import each, fits, listed, profile
from airflow_mlsecops.checks._iam import GET_ROLE, the_role
from airflow_mlsecops.checks._scope import no_role, role_names
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


def _ask(name: str, facts: Facts, demand: Demand) -> Answer:
    ours = listed(profile(demand).boundaries, "boundaries")
    expected = "one of " + ", ".join(sorted(ours))
    boundary = the_role(name, facts, demand).permissions_boundary
    if boundary is None:
        return failed(name, "the role has no permissions boundary", expected=expected, got="none")
    arn = boundary.permissions_boundary_arn
    if not fits(arn, ours):
        return failed(name, "the role has a boundary that is not this environment's", expected=expected, got=arn)
    return passed(name, "the role has a boundary of this environment", expected=expected, got=arn)


CHECK = Check(
    id="IAM_BOUNDARY",
    question="Does every role of this environment have its permissions boundary?",
    why="without a boundary, one more policy is enough for the role to leave the environment",
    remedy="`aws iam put-role-permissions-boundary --role-name {subject} --permissions-boundary ARN-OF-THE-BOUNDARY`",
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 AC-6", "ISO 27001 A.8.2", "SOC 2 CC6.3"),
    ask=each(role_names, _ask, none=no_role),
    reads=(GET_ROLE,),
)
