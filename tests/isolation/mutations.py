"""One thing wrong in an estate where everything else is right, and the one check that must notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_mlsecops.core.aws import Credentials
from airflow_mlsecops.core.facts import ConnectionFacts
from dags_examples.estate import audit, storage
from dags_examples.estate.names import (
    ACCOUNT,
    DATA,
    LOGS,
    MODELS,
    NETWORK,
    REGION,
    REPOSITORY,
    TRAIL,
    TRAINER,
    bucket_arn,
    document,
    role_arn,
)  # fmt: skip
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
    """

    name: str
    check: str
    estate: Callable[[World], object] = lambda world: None
    job: Callable[[World, Job], object] = lambda world, job: None
    door: Callable[[World, Door], Any] = lambda world, door: door
    facts: Mapping[str, Any] = field(default_factory=dict)


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


def other_key(world: World) -> str:
    made: str = storage.key(world.clients)
    return made


def encrypted_otherwise(world: World) -> None:
    sse = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": other_key(world)}
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


def task_is(name: str, check: str, role: str, session: str = "task") -> Mutation:
    def other(world: World, door: Door) -> Door:
        return Door(world.assumed(role, session), door._auditor)

    return Mutation(name=name, check=check, door=other)


NO_BLOCK = {**storage.BLOCKED, "BlockPublicPolicy": False}
DEFAULT_SSE = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
COPIES = {
    "Role": role_arn(TRAINER),
    "Rules": [
        {
            "ID": "out", "Status": "Enabled", "Priority": 1, "Filter": {}, "DeleteMarkerReplication": {"Status": "Disabled"},
            "Destination": {"Bucket": "arn:aws:s3:::somewhere-else", "Account": STRANGER},
        }
    ],
}  # fmt: skip
OWNED = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}


def acl(world: World) -> None:
    world.clients("s3").put_bucket_ownership_controls(Bucket=DATA, OwnershipControls=OWNED)
    world.clients("s3").put_bucket_acl(Bucket=DATA, GrantRead='id="' + "f" * 64 + '"')


MUTATIONS: tuple[Mutation, ...] = (
    Mutation(name="the account lets buckets be public", check="S3_ACCOUNT_PUBLIC_ACCESS_BLOCK",
        estate=lambda world: world.clients("s3control").put_public_access_block(
            AccountId=ACCOUNT, PublicAccessBlockConfiguration=NO_BLOCK)),
    Mutation(name="the account blocks nothing", check="S3_ACCOUNT_PUBLIC_ACCESS_BLOCK",
        estate=lambda world: world.clients("s3control").delete_public_access_block(AccountId=ACCOUNT)),
    s3("the bucket lets policies be public", "S3_PUBLIC_ACCESS_BLOCK", "put_public_access_block",
        PublicAccessBlockConfiguration=NO_BLOCK),
    s3("the bucket blocks nothing", "S3_PUBLIC_ACCESS_BLOCK", "delete_public_access_block"),
    says("anybody may read", "S3_NOT_PUBLIC", lambda said: said.append(lets_in("*"))),
    says("anybody may read, who says that he is a browser", "S3_NOT_PUBLIC",
        lambda said: said.append(lets_in({"AWS": "*"}, condition={"StringLike": {"aws:UserAgent": "Mozilla*"}}))),
    says("plain text is answered", "S3_TLS", lambda said: said.pop(0)),
    says("plain text is answered by the bucket itself", "S3_TLS",
        lambda said: said[0].update(Resource=[f"{bucket_arn(DATA)}/*"])),
    says("plain text is answered to all but one role", "S3_TLS",
        lambda said: said[0].update(Principal={"AWS": role_arn("other")})),
    s3("S3's own key", "S3_ENCRYPTION_KEY", "put_bucket_encryption", ServerSideEncryptionConfiguration=DEFAULT_SSE),
    Mutation(name="another key", check="S3_ENCRYPTION_KEY", estate=encrypted_otherwise),
    s3("no versions", "S3_VERSIONING", "put_bucket_versioning", VersioningConfiguration={"Status": "Suspended"}),
    says("reached from everywhere", "S3_VPC_ONLY", lambda said: said.pop(1)),
    says("reached from another network", "S3_VPC_ONLY", elsewhere("vpce-00000000000000000")),
    says("another account may read", "S3_FOREIGN_ACCOUNTS",
        lambda said: said.append(lets_in({"AWS": f"arn:aws:iam::{STRANGER}:root"}))),
    Mutation(name="somebody may read by ACL", check="S3_ACLS", estate=acl),
    s3("copied to another account", "S3_COPY_OUT", "put_bucket_replication", ReplicationConfiguration=COPIES),
    Mutation(name="an access point to the internet", check="S3_ACCESS_POINTS",
        estate=lambda world: world.clients("s3control").create_access_point(AccountId=ACCOUNT, Name="out", Bucket=DATA)),
    s3("nobody logs", "S3_LOGGING", "put_bucket_logging", BucketLoggingStatus={}),
    kms("anybody may use the key", "KMS_POLICY", "put_key_policy", PolicyName="default", Policy=key_for("*")),
    kms("another account may use the key", "KMS_POLICY", "put_key_policy", PolicyName="default",
        Policy=key_for({"AWS": f"arn:aws:iam::{STRANGER}:root"})),
    kms("the key is granted to another account", "KMS_POLICY", "create_grant", Operations=["Decrypt"],
        GranteePrincipal=f"arn:aws:iam::{STRANGER}:root"),
    kms("the key is as old as the account", "KMS_ROTATION", "disable_key_rotation"),
    trusts("anybody may be the role", {"AWS": "*"}),
    trusts("another account may be the role", {"AWS": f"arn:aws:iam::{STRANGER}:root"}),
    trusts("SageMaker of any account may be the role", {"Service": "sagemaker.amazonaws.com"}),
    trusts("people may be the role", {"AWS": role_arn("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Data_0123456789abcdef")}),
    may("the role may do anything to IAM", "IAM_WILDCARDS", "iam:*"),
    may("the role may hand on any role", "IAM_WILDCARDS", "iam:PassRole"),
    attached("the newest version of an attached policy lets do anything to KMS", "IAM_WILDCARDS",
        {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}),
    may("the role may read another bucket", "IAM_DATA_SCOPE", "s3:GetObject", "arn:aws:s3:::ml-dev-data/*"),
    may("the role may read what begins alike", "IAM_DATA_SCOPE", "s3:GetObject", "arn:aws:s3:::ml-*/*"),
    iam("the role has no boundary", "IAM_BOUNDARY", "delete_role_permissions_boundary"),
    ec2("anybody may call", "NETWORK_SECURITY_GROUPS", lambda world, client: client.authorize_security_group_ingress(
        GroupId=world.estate.security_group, IpPermissions=ANYWHERE)),
    ec2("calls go anywhere", "NETWORK_SECURITY_GROUPS", lambda world, client: client.authorize_security_group_egress(
        GroupId=world.estate.security_group, IpPermissions=ANYWHERE)),
    route("a route to the internet", internet),
    route("half a route to the internet", internet, "128.0.0.0/1"),
    route("a route through NAT", nat),
    ec2("the endpoint leads to everybody's buckets", "NETWORK_ENDPOINTS", lambda world, client: client.modify_vpc_endpoint(
        VpcEndpointId=world.estate.endpoint,
        PolicyDocument=document({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}))),
    ec2("no flow logs", "NETWORK_FLOW_LOGS", no_flow_logs),
    without("the job is in no network of ours", "JOB_VPC", "VpcConfig"),
    Mutation(name="the job is in another network besides", check="JOB_VPC", job=strange_subnet),
    job("the job reaches a network", "JOB_NETWORK_ISOLATION", EnableNetworkIsolation=False),
    without("the job says nothing of its isolation", "JOB_NETWORK_ISOLATION", "EnableNetworkIsolation"),
    job("machines talk in plain text", "JOB_TRAFFIC_ENCRYPTION", EnableInterContainerTrafficEncryption=False),
    without("the job's disks are in plain text", "JOB_ENCRYPTION_KEYS", "ResourceConfig.VolumeKmsKeyId"),
    without("the model is in plain text", "JOB_ENCRYPTION_KEYS", "OutputDataConfig.KmsKeyId"),
    Mutation(name="the model goes to another environment", check="JOB_DATA_PLACE", job=strange_output),
    Mutation(name="the image may change", check="JOB_IMAGE", job=by_tag),
    Mutation(name="the image is of another repository", check="JOB_IMAGE", job=another_repository),
    Mutation(name="the job runs as another role", check="JOB_ROLE", job=strange_role),
    job("the job carries a password", "JOB_SECRETS", Environment={"DB_PASSWORD": "correct-horse-battery"}),
    ecr("tags may be moved", "put_image_tag_mutability", imageTagMutability="MUTABLE"),
    ecr("images are not scanned", "put_image_scanning_configuration", imageScanningConfiguration={"scanOnPush": False}),
    ecr("another account may pull", "set_repository_policy", policyText=document(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{STRANGER}:root"}, "Action": "ecr:BatchGetImage"})),
    Mutation(name="the image is not there", check="ECR_REPOSITORY", job=gone_image),
    trail("the trail is stopped", "stop_logging"),
    trail("the trail's files may be changed", "update_trail", EnableLogFileValidation=False),
    trail("only writes are kept", "put_event_selectors", **events({"Field": "readOnly", "Equals": ["false"]})),
    trail("only logs are kept", "put_event_selectors", **events(arn=bucket_arn(LOGS))),
    task_is("the task is of another account", "AWS_ACCOUNT", f"arn:aws:iam::{STRANGER}:role/{TRAINER}"),
    task_is("the task is another role", "AWS_ROLE", role_arn("ml-train-dev")),
    task_is("somebody is the role", "AWS_PERSON", role_arn(TRAINER), "ada@example.org"),
    door("the task works elsewhere", "AWS_REGION", region="us-east-1"),
    door("keys that do not end", "AWS_CREDENTIALS", credentials=Credentials(method="env", long_lived=True)),
    Mutation(name="a connection of another environment", check="CONNECTION_ENVIRONMENT",
        facts={"connections": (ConnectionFacts(id="aws_default", type="aws", environment="dev"),)}),
    Mutation(name="a deployment of another environment", check="ENV_MISMATCH", facts={"claimed": "dev"}),
)  # fmt: skip
