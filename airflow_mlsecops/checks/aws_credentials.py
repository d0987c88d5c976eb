"""The task came by its credentials in a way that ends by itself and leaves nothing to copy.

Ways are named as botocore names them (``METHOD`` of its providers, ``session.get_credentials().method``):
https://docs.aws.amazon.com/boto3/latest/guide/credentials.html. Airflow's own are ``sts-assume-role``, where the
connection has a ``role_arn``, and ``explicit``, where it has login and password. Which credentials took a role in the
first place, AWS does not say: a key in the same connection is not seen here.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, in_aws, profile
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.unseen import Unseen

_SUBJECT = "credentials"
# Ways in which a machine gets credentials anew. The others read what somebody put somewhere: explicit, env,
# shared-credentials-file, config-file, boto-config, custom-process, or what somebody signed in for: sso, login.
_GOOD = ("assume-role", "assume-role-with-web-identity", "container-role", "iam-role", "sts-assume-role")


def _ask(facts: Facts, demand: Demand) -> Answer:
    ways = profile(demand).credentials or _GOOD
    expected = "temporary, by " + " or ".join(sorted(ways))
    found = aws(facts).credentials
    if isinstance(found, NotObserved):
        raise Unseen("how the task came by its credentials", found)
    if found.method not in ways:
        reason = "the task came by its credentials in a way that is not this environment's"
        return failed(_SUBJECT, reason, expected=expected, got=found.method)
    if isinstance(found.long_lived, NotObserved):
        raise Unseen("whether the task's credentials end by themselves", found.long_lived)
    if found.long_lived:
        reason = "the task works with an access key that does not end by itself: whoever copies it keeps it"
        return failed(_SUBJECT, reason, expected=expected, got=f"a long-lived key, by {found.method}")
    return passed(_SUBJECT, "the task works with credentials that end", expected=expected, got=found.method)


CHECK = Check(
    id="AWS_CREDENTIALS",
    question="Did the task come by temporary credentials, in a way that machines do?",
    why="a key in a file, a variable or a connection is copied once and works from anywhere, for as long as it lives",
    remedy=(
        "empty login and password of the connection, set role_arn in its extra, and give the worker a role instead "
        "of keys (instance profile, task role, or service account); then delete the key with "
        "`aws iam delete-access-key --access-key-id KEY --user-name USER`"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 IA-5", "ISO 27001 A.5.17", "SOC 2 CC6.1", "AWS FSBP IAM.3"),
    ask=in_aws(_ask, _SUBJECT),
    of_the_task=True,
)
