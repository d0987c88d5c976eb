"""One thing wrong in an estate where everything else is right, and the one check that must notice."""

from __future__ import annotations

from airflow_mlsecops.core.aws import Credentials
from airflow_mlsecops.core.facts import ConnectionFacts
from dags_examples.estate import storage
from dags_examples.estate.names import ACCOUNT, DATA, LOGS, TRAINER, bucket_arn, document, role_arn
from tests.isolation.mutation import (
    ANYWHERE,
    STRANGER,
    Mutation,
    another_repository,
    athena,
    attached,
    by_tag,
    domain,
    door,
    ec2,
    ecr,
    elsewhere,
    encrypted_otherwise,
    events,
    glue,
    gone_image,
    iam,
    internet,
    job,
    key_for,
    kms,
    lets_in,
    may,
    nat,
    no_flow_logs,
    rds,
    reads_tables,
    route,
    s3,
    says,
    shared_snapshot,
    strange_output,
    strange_role,
    strange_subnet,
    task_is,
    trail,
    trusts,
    without,
)
from tests.isolation.world import World

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
    rds("the database has a public address", "modify_db_instance", DBInstanceIdentifier="ml-prod-crm",
        PubliclyAccessible=True),
    rds("the database takes plain text", "modify_db_parameter_group", DBParameterGroupName="tls", Parameters=[
        {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}]),
    Mutation(name="a snapshot is shared", check="RDS", estate=shared_snapshot),
    glue("the catalogue is in plain text", "put_data_catalog_encryption_settings", DataCatalogEncryptionSettings={
        "EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"}}),
    glue("another account reads the catalogue", "put_resource_policy", PolicyInJson=document(
        {"Effect": "Allow", "Principal": {"AWS": STRANGER}, "Action": "glue:*", "Resource": "*"})),
    reads_tables("IAM decides who reads the tables", "IAM_ALLOWED_PRINCIPALS"),
    reads_tables("somebody else reads the tables", role_arn("data-scientist")),
    athena("clients say where results go", EnforceWorkGroupConfiguration=False),
    athena("results go elsewhere, in plain text", ResultConfiguration={"OutputLocation": "s3://elsewhere/"}),
    domain("Studio has a way to the internet", AppNetworkAccessType="PublicInternetOnly"),
    domain("Studio is encrypted with AWS' key", KmsKeyId=None),
    Mutation(name="the account says that it is another environment's", check="AWS_ACCOUNT_TAG",
        estate=lambda world: world.clients("organizations").tag_resource(
            ResourceId=ACCOUNT, Tags=[{"Key": "environment", "Value": "dev"}])),
    task_is("the task is of another account", "AWS_ACCOUNT", f"arn:aws:iam::{STRANGER}:role/{TRAINER}",
        hides="AWS_ACCOUNT_TAG"),
    task_is("the task is another role", "AWS_ROLE", role_arn("ml-train-dev")),
    task_is("somebody is the role", "AWS_PERSON", role_arn(TRAINER), "ada@example.org"),
    door("the task works elsewhere", "AWS_REGION", region="us-east-1"),
    door("keys that do not end", "AWS_CREDENTIALS", credentials=Credentials(method="env", long_lived=True)),
    Mutation(name="a connection of another environment", check="CONNECTION_ENVIRONMENT",
        facts={"connections": (ConnectionFacts(id="aws_default", type="aws", environment="dev"),)}),
    Mutation(name="a deployment of another environment", check="ENV_MISMATCH", facts={"claimed": "dev"}),
)  # fmt: skip
