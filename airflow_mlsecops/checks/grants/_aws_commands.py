"""Commands of AWS' command line, each of which takes a way to read from somebody."""

from __future__ import annotations

import shlex

from airflow_mlsecops.checks.grants._estate import AccessPoint, Bucket, Policy
from airflow_mlsecops.checks.grants._who import Held, Sort, Who


def command(service: str, verb: str, **options: str) -> str:
    """A command of AWS' command line, whatever its names hold.

    :param options: by name; an empty one is left out
    """
    told = (_option(name.replace("_", "-"), value) for name, value in options.items() if value)
    return " ".join(("aws", service, verb, *told))


def put_bucket(bucket: str, policy: Policy | None) -> str:
    """The command that gives a bucket a policy, or takes away the one that it has."""
    if policy is None:
        return command("s3api", "delete-bucket-policy", bucket=bucket)
    return command("s3api", "put-bucket-policy", bucket=bucket, policy=policy.text)


def put_point(point: AccessPoint, policy: Policy | None) -> str:
    """The same of an access point."""
    # Another region may have another access point of that name.
    *_, region, account, resource = point.arn.split(":", 5)
    which = {"region": region, "account_id": account, "name": resource.rpartition("/")[2]}
    if policy is None:
        return command("s3control", "delete-access-point-policy", **which)
    return command("s3control", "put-access-point-policy", **which, policy=policy.text)


def put_trust(role: str, policy: Policy) -> str:
    """The command that says who can take a role."""
    name = role.rpartition("/")[2]
    return command("iam", "update-assume-role-policy", role_name=name, policy_document=policy.text)


def shut_lists(bucket: Bucket) -> str:
    """The command after which access control lists count for nothing."""
    rules = "Rules=[{ObjectOwnership=BucketOwnerEnforced}]"
    return command("s3api", "put-bucket-ownership-controls", bucket=bucket.name, ownership_controls=rules)


def take_away(who: Who, held: Held) -> str:
    """The command that takes a policy of their own from somebody."""
    if held.group:
        return command("iam", "remove-user-from-group", user_name=who.name, group_name=held.group)
    kind = "user" if who.sort is Sort.USER else "role"
    whose = {f"{kind}_name": who.name}
    if held.policy.arn:
        return command("iam", f"detach-{kind}-policy", **whose, policy_arn=held.policy.arn)
    return command("iam", f"delete-{kind}-policy", **whose, policy_name=held.policy.name)


def _option(name: str, value: str) -> str:
    between = "=" if value.startswith("-") else " "  # or a name would be an option of its own
    return f"--{name}{between}{shlex.quote(value)}"
