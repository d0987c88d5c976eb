"""How one thing is made wrong in an estate where everything else is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dags_examples.estate import audit, storage
from dags_examples.estate.names import (
    ACCOUNT,
    CATALOG,
    DATA,
    MODELS,
    NETWORK,
    REGION,
    REPOSITORY,
    TRAIL,
    TRAINER,
    WORKGROUP,
    bucket_arn,
    document,
    role_arn,
)
from tests.isolation.world import Door, Job, World

STRANGER = "999999999999"
OURS = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
ANYWHERE = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
PRINTS = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": f"arn:aws:logs:{REGION}:{ACCOUNT}:*"}


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One change.

    :param check: id of the check that must fail, alone
    :param estate: what is another in AWS
    :param job: what is another in the job
    :param door: what is another in how the task reaches AWS
    :param facts: what is another of what the worker saw of itself
    :param hides: ids of checks that have nothing to look at then
    """

    name: str
    check: str
    estate: Callable[[World], object] = lambda world: None
    job: Callable[[World, Job], object] = lambda world, job: None
    door: Callable[[World, Door], Any] = lambda world, door: door
    facts: Mapping[str, Any] = field(default_factory=dict)
    hides: frozenset[str] = frozenset()


def s3(name: str, check: str, call: str, **params: Any) -> Mutation:
    return Mutation(
        name=name, check=check, estate=lambda world: getattr(world.clients("s3"), call)(Bucket=DATA, **params)
    )


def says(name: str, check: str, change: Callable[[list[dict[str, Any]]], object]) -> Mutation:
    """A change in what the policy of the data bucket says."""

    def estate(world: World) -> None:
        said = list(storage.statements(DATA, world.estate.endpoint))
        change(said)
        world.clients("s3").put_bucket_policy(Bucket=DATA, Policy=document(*said))

    return Mutation(name=name, check=check, estate=estate)


def lets_in(principal: Any, *, condition: Mapping[str, Any] | None = None) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return {
        "Sid": "Mutant", "Effect": "Allow", "Principal": principal, "Action": "s3:GetObject",
        "Resource": f"{bucket_arn(DATA)}/*", **more,
    }  # fmt: skip


def elsewhere(endpoint: str) -> Callable[[list[dict[str, Any]]], object]:
    return lambda said: said[1].update(Condition={"StringNotEquals": {"aws:SourceVpce": endpoint}})


def ec2(name: str, check: str, change: Callable[[World, Any], object]) -> Mutation:
    return Mutation(name=name, check=check, estate=lambda world: change(world, world.clients("ec2")))


def route(name: str, hop: Callable[[World, Any], Mapping[str, str]], to: str = "0.0.0.0/0") -> Mutation:
    def change(world: World, client: Any) -> None:
        client.create_route(RouteTableId=world.estate.route_table, DestinationCidrBlock=to, **hop(world, client))

    return ec2(name, "NETWORK_ROUTES", change)


def internet(world: World, client: Any) -> Mapping[str, str]:
    gateway: str = client.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    client.attach_internet_gateway(InternetGatewayId=gateway, VpcId=world.estate.vpc)
    return {"GatewayId": gateway}


def nat(world: World, client: Any) -> Mapping[str, str]:
    made = client.create_nat_gateway(SubnetId=world.estate.subnet, ConnectivityType="private")
    return {"NatGatewayId": made["NatGateway"]["NatGatewayId"]}


def no_flow_logs(world: World, client: Any) -> None:
    client.delete_flow_logs(FlowLogIds=[one["FlowLogId"] for one in client.describe_flow_logs()["FlowLogs"]])


def iam(name: str, check: str, call: str, **params: Any) -> Mutation:
    return Mutation(
        name=name, check=check, estate=lambda world: getattr(world.clients("iam"), call)(RoleName=TRAINER, **params)
    )


def trusts(name: str, principal: Any, action: str = "sts:AssumeRole", **more: Any) -> Mutation:
    statement = {"Sid": "Mutant", "Effect": "Allow", "Principal": principal, "Action": action, **more}
    return iam(name, "IAM_TRUST", "update_assume_role_policy", PolicyDocument=document(statement))


def may(name: str, check: str, action: Any, resource: Any = "*", **more: Any) -> Mutation:
    statement = {"Sid": "Mutant", "Effect": "Allow", "Action": action, "Resource": resource, **more}
    return iam(name, check, "put_role_policy", PolicyName="mutant", PolicyDocument=document(statement))


def attached(name: str, check: str, statement: Mapping[str, Any]) -> Mutation:
    def estate(world: World) -> None:
        client = world.clients("iam")
        made = client.create_policy(PolicyName="mutant", PolicyDocument=document(PRINTS))["Policy"]["Arn"]
        client.create_policy_version(PolicyArn=made, PolicyDocument=document(dict(statement)), SetAsDefault=True)
        client.attach_role_policy(RoleName=TRAINER, PolicyArn=made)

    return Mutation(name=name, check=check, estate=estate)


def kms(name: str, check: str, call: str, **params: Any) -> Mutation:
    return Mutation(
        name=name,
        check=check,
        estate=lambda world: getattr(world.clients("kms"), call)(KeyId=world.estate.key, **params),
    )


def key_for(principal: Any) -> str:
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    said = ({"Effect": "Allow", "Principal": who, "Action": "kms:*", "Resource": "*"} for who in (root, principal))
    return document(*said)


def encrypted_otherwise(world: World) -> None:
    sse = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": storage.key(world.clients)}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": sse}]}
    world.clients("s3").put_bucket_encryption(Bucket=DATA, ServerSideEncryptionConfiguration=rules)


def job(name: str, check: str, **fields: Any) -> Mutation:
    return Mutation(name=name, check=check, job=lambda world, job: job.update(fields))


def without(name: str, check: str, path: str) -> Mutation:
    *above, last = path.split(".")

    def change(world: World, job: Job) -> None:
        for step in above:
            job = job[step]
        del job[last]

    return Mutation(name=name, check=check, job=change)


def strange_subnet(world: World, job: Job) -> None:
    client = world.clients("ec2")
    vpc = client.create_vpc(CidrBlock=NETWORK)["Vpc"]["VpcId"]
    subnet = client.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    job["VpcConfig"]["Subnets"].append(subnet)


def strange_output(world: World, job: Job) -> None:
    storage.data_bucket(world.clients, "ml-dev-models", world.estate.key, world.estate.endpoint)
    audit.data_events(world.clients, DATA, MODELS, "ml-dev-models")
    job["OutputDataConfig"]["S3OutputPath"] = "s3://ml-dev-models/churn"


def strange_role(world: World, job: Job) -> None:
    service = {"Service": "sagemaker.amazonaws.com"}
    trust = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole", "Condition": OURS}
    world.clients("iam").create_role(
        RoleName="ml-train-dev", AssumeRolePolicyDocument=document(trust), PermissionsBoundary=world.estate.boundary
    )
    job["RoleArn"] = role_arn("ml-train-dev")


def by_tag(world: World, job: Job) -> None:
    algorithm = job["AlgorithmSpecification"]
    algorithm["TrainingImage"] = algorithm["TrainingImage"].partition("@")[0] + ":1.0.0"


def another_repository(world: World, job: Job) -> None:
    from dags_examples.estate import compute

    digest = job["AlgorithmSpecification"]["TrainingImage"].partition("@")[2]
    repository = compute.image(world.clients, world.estate.key, "scratch").partition("@")[0]
    job["AlgorithmSpecification"]["TrainingImage"] = f"{repository}@{digest}"


def ecr(name: str, call: str, **params: Any) -> Mutation:
    return Mutation(
        name=name,
        check="ECR_REPOSITORY",
        estate=lambda world: getattr(world.clients("ecr"), call)(repositoryName=REPOSITORY, **params),
    )


def gone_image(world: World, job: Job) -> None:
    algorithm = job["AlgorithmSpecification"]
    algorithm["TrainingImage"] = algorithm["TrainingImage"].partition("@")[0] + "@sha256:" + "0" * 64


def trail(name: str, call: str, **params: Any) -> Mutation:
    named = {"stop_logging": "Name", "update_trail": "Name", "put_event_selectors": "TrailName"}[call]
    return Mutation(
        name=name,
        check="CLOUDTRAIL_DATA_EVENTS",
        estate=lambda world: getattr(world.clients("cloudtrail"), call)(**{named: TRAIL}, **params),
    )


def events(*fields: Mapping[str, Any], arn: str = bucket_arn(DATA)) -> Mapping[str, Any]:
    objects = (
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "StartsWith": [f"{arn}/"]},
    )
    return {"AdvancedEventSelectors": [{"Name": "objects", "FieldSelectors": [*objects, *fields]}]}


def door(name: str, check: str, **fields: Any) -> Mutation:
    def other(world: World, door: Door) -> Door:
        changed = Door(door._task, door._auditor)
        changed.__dict__.update(fields)
        return changed

    return Mutation(name=name, check=check, door=other)


def task_is(name: str, check: str, role: str, session: str = "task", hides: str = "") -> Mutation:
    def other(world: World, door: Door) -> Door:
        return Door(world.assumed(role, session), door._auditor)

    return Mutation(name=name, check=check, door=other, hides=frozenset(hides.split()))


def rds(name: str, call: str, **params: Any) -> Mutation:
    return Mutation(name=name, check="RDS", estate=lambda world: getattr(world.clients("rds"), call)(**params))


def shared_snapshot(world: World) -> None:
    client = world.clients("rds")
    client.create_db_snapshot(DBInstanceIdentifier="ml-prod-crm", DBSnapshotIdentifier="copy")
    client.modify_db_snapshot_attribute(DBSnapshotIdentifier="copy", AttributeName="restore", ValuesToAdd=[STRANGER])


def glue(name: str, call: str, **params: Any) -> Mutation:
    return Mutation(name=name, check="GLUE", estate=lambda world: getattr(world.clients("glue"), call)(**params))


def reads_tables(name: str, who: str) -> Mutation:
    def estate(world: World) -> None:
        world.clients("lakeformation").grant_permissions(
            Principal={"DataLakePrincipalIdentifier": who},
            Resource={"Database": {"Name": CATALOG}},
            Permissions=["ALL"],
        )

    return Mutation(name=name, check="LAKE_FORMATION", estate=estate)


def athena(name: str, **settings: Any) -> Mutation:
    def estate(world: World) -> None:
        client = world.clients("athena")
        said = client.get_work_group(WorkGroup=WORKGROUP)["WorkGroup"]["Configuration"]
        client.delete_work_group(WorkGroup=WORKGROUP)
        client.create_work_group(Name=WORKGROUP, Configuration={**said, **settings})

    return Mutation(name=name, check="ATHENA", estate=estate)


def domain(name: str, **settings: Any) -> Mutation:
    def estate(world: World) -> None:
        client = world.clients("sagemaker")
        for one in client.list_domains()["Domains"]:
            said = client.describe_domain(DomainId=one["DomainId"])
            client.delete_domain(DomainId=one["DomainId"])
            made = {key: said[key] for key in ("DomainName", "AuthMode", "SubnetIds", "VpcId", "DefaultUserSettings")}
            kept = {"AppNetworkAccessType": "VpcOnly", "KmsKeyId": world.estate.key, **made, **settings}
            client.create_domain(**{key: value for key, value in kept.items() if value})

    return Mutation(name=name, check="SAGEMAKER_DOMAINS", estate=estate)
