"""No role of this environment may do everything, nor give itself more than it has.

Every statement that allows something counts, of inline and attached policies, whatever its conditions: all actions,
all actions of a service on everything (https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html,
IAM.1 and IAM.21), all but a few (``NotAction``), and the actions by which a principal becomes more than it is, of which
AWS keeps no list: these are the known ones. A role may take other roles, and give them to jobs, only where they are
named; and may bring its own code to a service that runs it (Lambda, Glue, EC2, CloudFormation, CodeBuild) only if it
has no role to give to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import each
from airflow_mlsecops.checks._iam import READS_POLICIES, Grant, arn_parts, grants, held_to
from airflow_mlsecops.checks._scope import no_role, role_names
from airflow_mlsecops.checks._statements import Statement, wildcard
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "named actions, and none that gives more power"
_PASS = "iam:PassRole"  # noqa: S105 - an action, not a password
_TAKE = "sts:AssumeRole"
_POWERS = (
    *("iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"),
    *("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"),
    *("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"),
    *("iam:PutUserPolicy", "iam:AttachUserPolicy", "iam:DeleteUserPermissionsBoundary"),
    *("iam:PutGroupPolicy", "iam:AttachGroupPolicy", "iam:AddUserToGroup"),
    *("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
)
_RUNS_CODE = {
    "lambda.amazonaws.com": ("lambda:CreateFunction",),
    "glue.amazonaws.com": ("glue:CreateJob", "glue:CreateDevEndpoint", "glue:CreateSession"),
    "ec2.amazonaws.com": ("ec2:RunInstances",),
    "cloudformation.amazonaws.com": ("cloudformation:CreateStack", "cloudformation:CreateStackSet"),
    "codebuild.amazonaws.com": ("codebuild:CreateProject",),
}
_WILD = "*?"
_SOME_ROLES = ("role/" + "\0" * 64, "role/" + "\0" * 32 + "/" + "\0" * 31)  # nobody's names: only wildcards match them


def _ask(name: str, facts: Facts, demand: Demand) -> Answer:
    found = grants(name, facts, demand)
    troubles = [f"{grant.name}: {what}" for grant in found if (what := _trouble(grant.statement))]
    troubles = troubles or list(_hands_over(found))
    if troubles:
        reason = f"{len(troubles):,} of {len(found):,} statements allow the role more than its work takes"
        return failed(name, reason, expected=_EXPECTED, got="; ".join(sorted(troubles)))
    reason = f"none of {len(found):,} statements allows everything, or a way to more"
    return passed(name, reason, expected=_EXPECTED)


def _trouble(statement: Statement) -> str:
    if statement.not_actions:
        return "all actions but a few"
    for action in statement.actions:
        service, _, verb = action.partition(":")
        if set(_WILD) & set(service):
            return "every action"
        if not verb.strip(_WILD) and _on_everything(statement):
            return f"{action} on everything"
    power = next(filter(statement.does, _POWERS), "")
    return power or _too_many_roles(statement)


def _on_everything(statement: Statement) -> bool:
    return bool(statement.not_resources) or any(not arn_parts(one)[5].strip(_WILD + "/") for one in statement.resources)


def _too_many_roles(statement: Statement) -> str:
    """What it allows with roles that it does not name, or in accounts that it does not."""
    places = [arn_parts(one)[4:] for one in statement.resources]
    everyone = bool(statement.not_resources) or any(wildcard(name, one) for _, name in places for one in _SOME_ROLES)
    if everyone and (action := next(filter(statement.does, (_PASS, _TAKE)), "")):
        return f"{action} on every role"
    # A role can be given to jobs of its own account only, but taken from any.
    anywhere = statement.does(_TAKE) and any(set(_WILD) & set(account) for account, _ in places)
    return f"{_TAKE} on roles of any account" if anywhere else ""


def _hands_over(found: tuple[Grant, ...]) -> Iterator[str]:
    """Ways to have a service run code of one's own with a role that one hands over."""
    for service, creates in _RUNS_CODE.items():
        makers = [grant for grant in found if any(map(grant.statement.does, creates))]
        givers = [grant for grant in found if grant.statement.does(_PASS) and _may_give(grant.statement, service)]
        if makers and givers:
            yield f"{makers[0].name}: code for {service}, with roles of {givers[0].name}"


def _may_give(statement: Statement, service: str) -> bool:
    return service in (held_to(statement, "iam:passedtoservice") or (service,))


CHECK = Check(
    id="IAM_WILDCARDS",
    question="Is every role of this environment kept from doing everything, and from giving itself more?",
    why="a role that may do everything, or make itself more, is held by no other check of what it may do",
    remedy=(
        "`aws iam list-role-policies --role-name {subject}` and `aws iam list-attached-role-policies --role-name "
        "{subject}` name the policies; replace the statement by the actions and resources that the task uses: "
        "`aws accessanalyzer start-policy-generation` proposes them from CloudTrail"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 AC-6", "ISO 27001 A.8.2", "SOC 2 CC6.3", "AWS FSBP IAM.1", "AWS FSBP IAM.21"),
    ask=each(role_names, _ask, none=no_role),
    reads=READS_POLICIES,
)
