"""What the comparison with Prowler adds to the example's estate, and how each part of it is made wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from dags_examples.estate import storage
from dags_examples.estate.names import (
    ACCOUNT,
    DATA,
    LOGS,
    MODELS,
    REGION,
    TRAIL,
    TRAINER,
    WORKGROUP,
    bucket_arn,
    document,
)
from dags_examples.estate.names import role_arn as role
from tests.isolation.world import World

Change = Callable[[World], object]
ARN = bucket_arn(DATA)
STRANGER = "999999999999"
NOTEBOOK, MODEL, WAREHOUSE, SNAPSHOT, POINT = "ml-prod-notebook", "churn", "ml-prod-warehouse", "ml-prod-copy", "inside"
ADDED = ("redshift",)


def complete(world: World) -> None:
    """Add what the example has none of, compliant."""
    notebook(world)
    model(world)
    redshift = world.clients("redshift")
    redshift.create_cluster_parameter_group(
        ParameterGroupName="tls", ParameterGroupFamily="redshift-1.0", Description="tls"
    )
    warehouse_ssl("true")(world)
    warehouse(world)
    world.clients("rds").create_db_snapshot(DBInstanceIdentifier="ml-prod-crm", DBSnapshotIdentifier=SNAPSHOT)
    access_point(POINT, VpcConfiguration={"VpcId": world.estate.vpc})(world)
    attached(
        "ml-prod-prints",
        {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": f"arn:aws:logs:{REGION}:{ACCOUNT}:*"},
    )(world)
    # Prowler judges security groups that something is attached to.
    groups = [world.estate.security_group]
    world.clients("ec2").create_network_interface(SubnetId=world.estate.subnet, Groups=groups)


def spare(make: Callable[..., object], **fields: Any) -> Change:
    """A part made otherwise; ``None``: without that field."""
    return lambda world: make(world, **fields)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _sagemaker() -> Any:
    from moto.sagemaker.models import sagemaker_backends

    return sagemaker_backends[ACCOUNT][REGION]


def notebook(world: World, **otherwise: Any) -> None:
    client = world.clients("sagemaker")
    if client.list_notebook_instances()["NotebookInstances"]:
        client.stop_notebook_instance(NotebookInstanceName=NOTEBOOK)
        client.delete_notebook_instance(NotebookInstanceName=NOTEBOOK)
    fields: dict[str, Any] = {
        "NotebookInstanceName": NOTEBOOK, "InstanceType": "ml.t3.medium", "RoleArn": role(TRAINER),
        "DirectInternetAccess": "Disabled", "RootAccess": "Disabled", "SubnetId": world.estate.subnet,
        "SecurityGroupIds": [world.estate.security_group], "KmsKeyId": world.estate.key,
        "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
    }  # fmt: skip
    client.create_notebook_instance(**_given({**fields, **otherwise}))
    # The emulator forgets it.
    metadata = {"InstanceMetadataServiceConfiguration": fields["InstanceMetadataServiceConfiguration"]}
    kept = _sagemaker().notebook_instances[NOTEBOOK]
    told = kept.to_dict
    kept.to_dict = lambda: {**told(), **metadata}


def model(world: World, **otherwise: Any) -> None:
    """A model, and an endpoint that serves it."""
    client, estate = world.clients("sagemaker"), world.estate
    served = bool(client.list_models()["Models"])
    if served:
        client.delete_model(ModelName=MODEL)
    vpc = {"Subnets": [estate.subnet], "SecurityGroupIds": [estate.security_group]}
    fields = {"EnableNetworkIsolation": True, "VpcConfig": vpc, **otherwise}
    image = {"Image": estate.image}
    client.create_model(ModelName=MODEL, ExecutionRoleArn=role(TRAINER), PrimaryContainer=image, **_given(fields))
    _sagemaker()._models[MODEL].enable_network_isolation = fields["EnableNetworkIsolation"]  # the emulator forgets it
    if not served:
        variant = {"VariantName": "v", "ModelName": MODEL, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
        client.create_endpoint_config(EndpointConfigName=MODEL, ProductionVariants=[variant], KmsKeyId=estate.key)
        client.create_endpoint(EndpointName=MODEL, EndpointConfigName=MODEL)


def warehouse(world: World, **otherwise: Any) -> None:
    client = world.clients("redshift")
    if client.describe_clusters()["Clusters"]:
        client.delete_cluster(ClusterIdentifier=WAREHOUSE, SkipFinalClusterSnapshot=True)
    fields = {
        "ClusterIdentifier": WAREHOUSE, "NodeType": "ra3.xlplus", "MasterUsername": "owner",
        "MasterUserPassword": "Passw0rd1", "PubliclyAccessible": False, "Encrypted": True, "EnhancedVpcRouting": True,
        "KmsKeyId": world.estate.key, "ClusterParameterGroupName": "tls",
    }  # fmt: skip
    client.create_cluster(**_given({**fields, **otherwise}))
    client.enable_logging(ClusterIdentifier=WAREHOUSE, BucketName=LOGS)


def warehouse_ssl(value: str) -> Change:
    """The emulator's memory is set: it has no call by which parameters are changed."""
    from moto.redshift.models import redshift_backends as known

    return lambda world: known[ACCOUNT][REGION].default_params.update(require_ssl=value)


def access_point(name: str = "out", **fields: Any) -> Change:
    block = {"PublicAccessBlockConfiguration": storage.BLOCKED}
    return call("s3control", "create_access_point", AccountId=ACCOUNT, Name=name, Bucket=DATA, **block, **fields)


def call(service: str, name: str, **params: Any) -> Change:
    """One call to AWS."""
    return lambda world: getattr(world.clients(service), name)(**params)


def both(*changes: Change) -> Change:
    return lambda world: [change(world) for change in changes]


def account_block(flags: dict[str, bool]) -> Change:
    return call("s3control", "put_public_access_block", AccountId=ACCOUNT, PublicAccessBlockConfiguration=flags)


def bucket_block(flags: dict[str, bool]) -> Change:
    return call("s3", "put_public_access_block", Bucket=DATA, PublicAccessBlockConfiguration=flags)


def says(change: Callable[[list[dict[str, Any]]], object]) -> Change:
    """A change in what the policy of the data bucket says."""

    def made(world: World) -> None:
        said = list(storage.statements(DATA, world.estate.endpoint))
        change(said)
        world.clients("s3").put_bucket_policy(Bucket=DATA, Policy=document(*said))

    return made


def encrypted(algorithm: str, **key: str) -> Change:
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm, **key}}]}
    return call("s3", "put_bucket_encryption", Bucket=DATA, ServerSideEncryptionConfiguration=rules)


def other_key(world: World) -> object:
    return encrypted("aws:kms", KMSMasterKeyID=storage.key(world.clients))(world)


def acl(*strangers: str) -> Change:
    """Access control lists that count, and whom they let in."""
    rules = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    counts = call("s3", "put_bucket_ownership_controls", Bucket=DATA, OwnershipControls=rules)
    lists = (call("s3", "put_bucket_acl", Bucket=DATA, GrantRead=f'id="{one}"') for one in strangers)
    return both(counts, *lists)


def bare(world: World) -> None:
    """The data bucket in the place of itself, with nothing set; the account blocks nothing either."""
    client = world.clients("s3")
    world.clients("s3control").delete_access_point(AccountId=ACCOUNT, Name=POINT)
    client.delete_bucket(Bucket=DATA)
    client.create_bucket(Bucket=DATA, CreateBucketConfiguration={"LocationConstraint": REGION})
    world.clients("s3control").delete_public_access_block(AccountId=ACCOUNT)


def key_policy(principal: Any) -> Change:
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    said = ({"Effect": "Allow", "Principal": who, "Action": "kms:*", "Resource": "*"} for who in (root, principal))
    text = document(*said)
    return lambda world: world.clients("kms").put_key_policy(KeyId=world.estate.key, PolicyName="default", Policy=text)


def grant(world: World) -> None:
    who = {"GranteePrincipal": f"arn:aws:iam::{STRANGER}:root", "Operations": ["Decrypt"]}
    world.clients("kms").create_grant(KeyId=world.estate.key, **who)


def policy(action: Any = None, **otherwise: Any) -> Change:
    """One more inline policy of the role that trains."""
    return policies({"Action": action, "Resource": "*", **otherwise})


def policies(*allowed: dict[str, Any]) -> Change:
    said = document(*(_given({"Effect": "Allow", **one}) for one in allowed))
    return call("iam", "put_role_policy", RoleName=TRAINER, PolicyName="more", PolicyDocument=said)


def attached(name: str, statement: dict[str, Any]) -> Change:
    """One more attached policy of the role that trains."""

    def made(world: World) -> None:
        client = world.clients("iam")
        arn = client.create_policy(PolicyName=name, PolicyDocument=document(statement))["Policy"]["Arn"]
        client.attach_role_policy(RoleName=TRAINER, PolicyArn=arn)

    return made


def trust(principal: Any, **condition: Any) -> Change:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    said = document({**statement, **({"Condition": condition} if condition else {})})
    return call("iam", "update_assume_role_policy", RoleName=TRAINER, PolicyDocument=said)


def opened(way: str, permissions: list[dict[str, Any]]) -> Change:
    name = f"authorize_security_group_{way}"
    return lambda world: getattr(world.clients("ec2"), name)(
        GroupId=world.estate.security_group, IpPermissions=permissions
    )


def flow_logs(*kinds: str) -> Change:
    """Flow logs of these kinds of traffic in the place of those there are."""

    def made(world: World) -> None:
        client = world.clients("ec2")
        client.delete_flow_logs(FlowLogIds=[one["FlowLogId"] for one in client.describe_flow_logs()["FlowLogs"]])
        for kind in kinds:
            place = {"LogDestinationType": "s3", "LogDestination": bucket_arn(LOGS)}
            client.create_flow_logs(ResourceIds=[world.estate.vpc], ResourceType="VPC", TrafficType=kind, **place)

    return made


def force_ssl(value: str) -> Change:
    said = [{"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}]
    return call("rds", "modify_db_parameter_group", DBParameterGroupName="tls", Parameters=said)


def database(**otherwise: Any) -> Change:
    """The database in the place of itself, made otherwise."""

    def made(world: World) -> None:
        client = world.clients("rds")
        client.delete_db_instance(DBInstanceIdentifier="ml-prod-crm", SkipFinalSnapshot=True)
        fields = {
            "DBInstanceIdentifier": "ml-prod-crm", "DBInstanceClass": "db.t4g.micro", "Engine": "postgres",
            "AllocatedStorage": 20, "DBSubnetGroupName": "ml", "DBParameterGroupName": "tls",
            "PubliclyAccessible": False, "StorageEncrypted": True, "KmsKeyId": world.estate.key,
            "MasterUsername": "postgres", "ManageMasterUserPassword": True,
        }  # fmt: skip
        client.create_db_instance(**_given({**fields, **otherwise}))

    return made


def shared_with(who: str) -> Change:
    restore = {"AttributeName": "restore", "ValuesToAdd": [who]}
    return call("rds", "modify_db_snapshot_attribute", DBSnapshotIdentifier=SNAPSHOT, **restore)


def workgroup(*, enforced: bool = True, **otherwise: Any) -> Change:
    def made(world: World) -> None:
        client = world.clients("athena")
        client.delete_work_group(WorkGroup=WORKGROUP)
        key = {"EncryptionOption": "SSE_KMS", "KmsKey": world.estate.key}
        results = {"OutputLocation": f"s3://{MODELS}/athena/", "EncryptionConfiguration": key, **otherwise}
        settings = {"EnforceWorkGroupConfiguration": enforced, "ResultConfiguration": _given(results)}
        client.create_work_group(Name=WORKGROUP, Configuration=settings)

    return made


def plain_catalogue(world: World) -> None:
    settings = {"EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"}}
    world.clients("glue").put_data_catalog_encryption_settings(DataCatalogEncryptionSettings=settings)


def selectors(arn: str = "", *more: dict[str, Any]) -> Change:
    """What the trail keeps: data events of what begins so, or none."""
    objects = [
        {"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "StartsWith": [f"{arn}/"]}, *more,
    ]  # fmt: skip
    said = [
        {"Name": "kept", "FieldSelectors": objects if arn else [{"Field": "eventCategory", "Equals": ["Management"]}]}
    ]
    return call("cloudtrail", "put_event_selectors", TrailName=TRAIL, AdvancedEventSelectors=said)
