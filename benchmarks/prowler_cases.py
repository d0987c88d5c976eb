"""What is asked of Prowler and of our checks: one estate in which all is right, and what is made wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import prowler_estate as made
from prowler_estate import ARN, STRANGER, Change, World, bare, call, policies, policy, role, says, selectors, spare

from dags_examples.estate import storage
from dags_examples.estate.names import ACCOUNT, DATA, REPOSITORY, TRAIL, TRAINER, document

# Why answers differ; docs/reference/prowler.md shows it.
TWO_FLAGS = "Prowler reads two of the four flags"
BY_ACCOUNT = "the account's block is enough for Prowler; ours asks each by itself, for others change the account"
OWN_KEY = "any key of KMS is enough for Prowler; ours must be one that the policy lists"
FULL_COVER = "Prowler looks for action and condition, not for whom and what the statement covers"
NAMED = "ours leaves it to another check: anybody is S3_NOT_PUBLIC's matter"
PUBLIC_ONLY = "Prowler asks whether everybody is let in; ours whether anybody is whom the policy does not list"
BARE_POWER = "Prowler knows combinations of actions; ours takes each for a way to more power"
EGRESS = "Prowler reads what comes in; ours also what goes out"
ANY_TRAIL = "for Prowler some selector of S3 objects is enough; ours asks whether these objects' reads are kept now"
STRANGE_VPC = "any network is enough for Prowler; ours must be in a VPC that the policy lists"
OUTPUT = "Prowler reads the volume's key only, whatever the check is called"
EXPOSED = "Prowler fails only what also has an open security group in a public subnet; ours counts the address"
BLOCK_OF_POINT = "Prowler asks for the block of the access point; ours for the network that it is reached from"
ANY_LOG = "some flow log is enough for Prowler; ours must keep what is accepted and what is rejected"


Job = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """One question that both answer.

    :param why: the reason, where the answers differ
    """

    ours: str
    theirs: str
    why: str = ""


@dataclass(frozen=True)
class Case:
    """One estate.

    :param kind: good, bad, absent, or near miss: what almost looks right
    :param job: what is another in the training job
    """

    kind: str
    what: str
    pairs: tuple[Pair, ...]
    change: Change = lambda world: None
    job: Callable[[World, dict[str, Any]], object] = lambda world, job: None


def bad(what: str, ours: str, theirs: str, change: Change, why: str = "", kind: str = "bad") -> Case:
    return Case(kind, what, (Pair(ours, theirs, why),), change)


def near(what: str, ours: str, theirs: str, change: Change, why: str = "") -> Case:
    return bad(what, ours, theirs, change, why, "near miss")


def job(what: str, ours: str, theirs: str, path: str, value: Any = None, why: str = "", kind: str = "bad") -> Case:
    """:param value: of the field; none: it is not there."""
    return Case(kind, what, (Pair(ours, theirs, why),), job=lambda world, job: put(job, path, value))


def put(job: Job, path: str, value: Any) -> None:
    """Change a field of the training job; ``None``: leave it out."""
    *above, last = path.split(".")
    for step in above:
        job = job[step]
    if value is None:
        del job[last]
    else:
        job[last] = value


def strange_subnet(world: World, job: Job) -> None:
    client = world.clients("ec2")
    vpc = client.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    job["VpcConfig"]["Subnets"] = [client.create_subnet(VpcId=vpc, CidrBlock="10.8.1.0/24")["Subnet"]["SubnetId"]]


def alone(world: World, job: Job) -> None:
    job["EnableInterContainerTrafficEncryption"] = False
    job["ResourceConfig"]["InstanceCount"] = 1


S3 = "s3_bucket_"
OFF = dict.fromkeys(storage.BLOCKED, False)
OPEN_TO_ALL = {**storage.BLOCKED, "BlockPublicPolicy": False, "BlockPublicAcls": False}
LETS_ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{ARN}/*"}
LETS_STRANGER = {**LETS_ANYBODY, "Principal": {"AWS": f"arn:aws:iam::{STRANGER}:root"}}
BROWSER = {"StringLike": {"aws:UserAgent": "Mozilla*"}}
FULL_ACCESS = document({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})
PULL = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
WORLD = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
SERVICE = {"Service": "sagemaker.amazonaws.com"}
GIVES = {"Action": "iam:PassRole", "Resource": role(TRAINER)}
DEPUTY = "iam_role_cross_service_confused_deputy_prevention"
SOURCE = "iam_role_service_trust_restricts_source_to_account"
ADMIN = "iam_inline_policy_no_administrative_privileges"
ESCALATES = "iam_inline_policy_allows_privilege_escalation"
NOTEBOOK, TRAINING, RDS, WAREHOUSE = (
    "sagemaker_notebook_instance_",
    "sagemaker_training_jobs_",
    "rds_",
    "redshift_cluster_",
)
READS = "cloudtrail_s3_dataevents_read_enabled"
# Where all is right.
GOOD = {DEPUTY: "Prowler asks of roles that services alone may be; this one workers may be too"}

CASES: tuple[Case, ...] = (
    bad("the account blocks nothing", "S3_ACCOUNT_PUBLIC_ACCESS_BLOCK", "s3_account_level_public_access_blocks",
        made.account_block(OFF)),
    near("the account lets public policies and ACLs be made", "S3_ACCOUNT_PUBLIC_ACCESS_BLOCK",
        "s3_account_level_public_access_blocks", made.account_block(OPEN_TO_ALL), TWO_FLAGS),
    bad("the account has no block", "S3_ACCOUNT_PUBLIC_ACCESS_BLOCK", "s3_account_level_public_access_blocks",
        call("s3control", "delete_public_access_block", AccountId=ACCOUNT), kind="absent"),
    bad("neither bucket nor account blocks anything", "S3_PUBLIC_ACCESS_BLOCK", S3 + "level_public_access_block",
        made.both(made.account_block(OFF), made.bucket_block(OFF))),
    near("the account blocks, the bucket does not", "S3_PUBLIC_ACCESS_BLOCK", S3 + "level_public_access_block",
        made.bucket_block(OFF), BY_ACCOUNT),
    bad("anybody may read, nothing blocks", "S3_NOT_PUBLIC", S3 + "public_access",
        made.both(made.account_block(OFF), made.bucket_block(OFF), says(lambda said: said.append(LETS_ANYBODY)))),
    near("anybody may read who says that he is a browser, nothing blocks", "S3_NOT_PUBLIC", S3 + "public_access",
        made.both(made.account_block(OFF), made.bucket_block(OFF),
            says(lambda said: said.append({**LETS_ANYBODY, "Condition": BROWSER})))),
    near("anybody may read, the account blocks", "S3_NOT_PUBLIC", S3 + "public_access",
        says(lambda said: said.append(LETS_ANYBODY)), BY_ACCOUNT),
    bad("no statement about TLS", "S3_TLS", S3 + "secure_transport_policy", says(lambda said: said.pop(0))),
    near("TLS for objects only", "S3_TLS", S3 + "secure_transport_policy",
        says(lambda said: said[0].update(Resource=[f"{ARN}/*"])), FULL_COVER),
    near("TLS for one role only", "S3_TLS", S3 + "secure_transport_policy",
        says(lambda said: said[0].update(Principal={"AWS": role("other")})), FULL_COVER),
    near("TLS for writing only", "S3_TLS", S3 + "secure_transport_policy",
        says(lambda said: said[0].update(Action="s3:PutObject")), FULL_COVER),
    near("TLS, said with a list of one value", "S3_TLS", S3 + "secure_transport_policy",
        says(lambda said: said[0].update(Condition={"Bool": {"aws:SecureTransport": ["false"]}})),
        "Prowler compares the value with a string; AWS takes a list of one for the same"),
    near("TLS, said with the condition's key in small letters", "S3_TLS", S3 + "secure_transport_policy",
        says(lambda said: said[0].update(Condition={"Bool": {"aws:securetransport": "false"}})),
        "Prowler compares the key with case; AWS without"),
    bad("S3's own key", "S3_ENCRYPTION_KEY", S3 + "kms_encryption", made.encrypted("AES256")),
    near("another key of KMS", "S3_ENCRYPTION_KEY", S3 + "kms_encryption", made.other_key, OWN_KEY),
    near("AWS' key of KMS, which is named by nobody", "S3_ENCRYPTION_KEY", S3 + "kms_encryption",
        made.encrypted("aws:kms"), OWN_KEY),
    bad("versions are suspended", "S3_VERSIONING", S3 + "object_versioning",
        call("s3", "put_bucket_versioning", Bucket=DATA, VersioningConfiguration={"Status": "Suspended"})),
    bad("another account may read", "S3_FOREIGN_ACCOUNTS", S3 + "cross_account_access",
        says(lambda said: said.append(LETS_STRANGER))),
    near("anybody may read", "S3_FOREIGN_ACCOUNTS", S3 + "cross_account_access",
        says(lambda said: said.append(LETS_ANYBODY)), NAMED),
    bad("a stranger may read by ACL", "S3_ACLS", S3 + "acl_prohibited", made.acl("f" * 64)),
    near("ACLs count, and let in nobody but the owner", "S3_ACLS", S3 + "acl_prohibited", made.acl()),
    bad("nobody logs", "S3_LOGGING", S3 + "server_access_logging_enabled",
        call("s3", "put_bucket_logging", Bucket=DATA, BucketLoggingStatus={})),
    near("an access point to the internet that blocks what is public", "S3_ACCESS_POINTS",
        "s3_access_point_public_access_block", made.access_point(), BLOCK_OF_POINT),
    Case("absent", "a bucket in which nothing was set", (
        Pair("S3_TLS", S3 + "secure_transport_policy"), Pair("S3_ENCRYPTION_KEY", S3 + "kms_encryption"),
        Pair("S3_VERSIONING", S3 + "object_versioning"), Pair("S3_LOGGING", S3 + "server_access_logging_enabled"),
        Pair("S3_ACLS", S3 + "acl_prohibited"),
        Pair("S3_PUBLIC_ACCESS_BLOCK", S3 + "level_public_access_block"),
        Pair("S3_FOREIGN_ACCOUNTS", S3 + "cross_account_access")), bare),
    bad("anybody may use the key", "KMS_POLICY", "kms_key_not_publicly_accessible", made.key_policy("*")),
    near("another account may use the key", "KMS_POLICY", "kms_key_not_publicly_accessible",
        made.key_policy({"AWS": f"arn:aws:iam::{STRANGER}:root"}), PUBLIC_ONLY),
    near("a grant lets another account use the key", "KMS_POLICY", "kms_key_not_publicly_accessible", made.grant,
        PUBLIC_ONLY),
    bad("the key is not rotated", "KMS_ROTATION", "kms_cmk_rotation_enabled",
        lambda world: world.clients("kms").disable_key_rotation(KeyId=world.estate.key)),
    bad("the role may do everything", "IAM_WILDCARDS", ADMIN, policy("*")),
    near("the role may do everything of S3", "IAM_WILDCARDS", ADMIN, policy("s3:*"),
        "Prowler looks for administrators; ours counts all of a service on everything (FSBP IAM.21)"),
    near("the role may do everything but IAM", "IAM_WILDCARDS", ADMIN, policy(NotAction="iam:*")),
    bad("the role may do everything of KMS", "IAM_WILDCARDS", "iam_inline_policy_no_full_access_to_kms",
        policy("kms:*")),
    bad("the role may write its own policies", "IAM_WILDCARDS", ESCALATES, policy("iam:PutRolePolicy")),
    bad("the role may take code and roles to Lambda", "IAM_WILDCARDS", ESCALATES,
        policy(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])),
    bad("the role may start machines with a role that is named", "IAM_WILDCARDS", ESCALATES,
        policies(GIVES, {"Action": "ec2:RunInstances", "Resource": "*"})),
    near("the role may start training jobs with a role that is named", "IAM_WILDCARDS", ESCALATES,
        policies(GIVES, {"Action": "sagemaker:CreateTrainingJob", "Resource": "*"}),
        "Prowler counts jobs of SageMaker among ways to more power; ours lets a role give them a role that is named"),
    near("the role may change the code of a function that is there", "IAM_WILDCARDS", ESCALATES,
        policy("lambda:UpdateFunctionCode", Resource=f"arn:aws:lambda:*:{ACCOUNT}:function:score"),
        "Prowler counts it a way to the function's role; ours does not ask which role a function has"),
    near("the role may hand on every role", "IAM_WILDCARDS", ESCALATES, policy("iam:PassRole"), BARE_POWER),
    bad("an attached policy lets do everything", "IAM_WILDCARDS",
        "iam_customer_attached_policy_no_administrative_privileges",
        made.attached("ml-prod-all", {"Effect": "Allow", "Action": "*", "Resource": "*"})),
    bad("SageMaker may be the role for whomever", "IAM_TRUST", DEPUTY, made.trust(SERVICE)),
    near("SageMaker may be the role for another account", "IAM_TRUST", SOURCE,
        made.trust(SERVICE, StringEquals={"aws:SourceAccount": STRANGER}),
        "some account is enough for Prowler; ours must be one that the policy lists"),
    near("SageMaker may be the role for any account that begins alike", "IAM_TRUST", SOURCE,
        made.trust(SERVICE, StringLike={"aws:SourceAccount": "2*"})),
    bad("anybody may call in", "NETWORK_SECURITY_GROUPS", "ec2_securitygroup_allow_ingress_from_internet_to_any_port",
        made.opened("ingress", WORLD)),
    near("calls go anywhere", "NETWORK_SECURITY_GROUPS", "ec2_securitygroup_allow_ingress_from_internet_to_any_port",
        made.opened("egress", WORLD), EGRESS),
    bad("no flow logs", "NETWORK_FLOW_LOGS", "vpc_flow_logs_enabled", made.flow_logs(), kind="absent"),
    near("flow logs of what is rejected only", "NETWORK_FLOW_LOGS", "vpc_flow_logs_enabled", made.flow_logs("REJECT"),
        ANY_LOG),
    bad("an endpoint that lets everything through", "NETWORK_ENDPOINTS", "vpc_endpoint_connections_trust_boundaries",
        lambda world: world.clients("ec2").modify_vpc_endpoint(
            VpcEndpointId=world.estate.endpoint, PolicyDocument=FULL_ACCESS)),
    job("the job is in no VPC", "JOB_VPC", TRAINING + "vpc_settings_configured", "VpcConfig"),
    Case("near miss", "the job is in another VPC", (
        Pair("JOB_VPC", TRAINING + "vpc_settings_configured", STRANGE_VPC),), job=strange_subnet),
    job("the job is not isolated", "JOB_NETWORK_ISOLATION", TRAINING + "network_isolation_enabled",
        "EnableNetworkIsolation", False),
    job("the job does not say whether it is isolated", "JOB_NETWORK_ISOLATION", TRAINING + "network_isolation_enabled",
        "EnableNetworkIsolation", kind="absent"),
    job("machines talk in plain text", "JOB_TRAFFIC_ENCRYPTION", TRAINING + "intercontainer_encryption_enabled",
        "EnableInterContainerTrafficEncryption", False),
    Case("near miss", "one machine, and no encryption on the way", (
        Pair("JOB_TRAFFIC_ENCRYPTION", TRAINING + "intercontainer_encryption_enabled",
            "one machine has nobody to talk to: ours says that the question does not arise"),), job=alone),
    job("the job's disks have no key", "JOB_ENCRYPTION_KEYS", TRAINING + "volume_and_output_encryption_enabled",
        "ResourceConfig.VolumeKmsKeyId"),
    job("the job's output has no key", "JOB_ENCRYPTION_KEYS", TRAINING + "volume_and_output_encryption_enabled",
        "OutputDataConfig.KmsKeyId", why=OUTPUT, kind="near miss"),
    bad("the notebook reaches the internet", "SAGEMAKER_NOTEBOOKS",
        NOTEBOOK + "without_direct_internet_access_configured", spare(made.notebook, DirectInternetAccess="Enabled")),
    bad("people are root in the notebook", "SAGEMAKER_NOTEBOOKS", NOTEBOOK + "root_access_disabled",
        spare(made.notebook, RootAccess="Enabled")),
    bad("the notebook has no key", "SAGEMAKER_NOTEBOOKS", NOTEBOOK + "encryption_enabled",
        spare(made.notebook, KmsKeyId=None)),
    bad("the notebook is in no VPC", "SAGEMAKER_NOTEBOOKS", NOTEBOOK + "vpc_settings_configured",
        spare(made.notebook, SubnetId=None, SecurityGroupIds=None)),
    bad("a model that is served is not isolated", "SAGEMAKER_ENDPOINTS", "sagemaker_models_network_isolation_enabled",
        spare(made.model, EnableNetworkIsolation=False)),
    bad("a model that is served is in no VPC", "SAGEMAKER_ENDPOINTS", "sagemaker_models_vpc_settings_configured",
        spare(made.model, VpcConfig=None)),
    bad("tags may be moved", "ECR_REPOSITORY", "ecr_repositories_tag_immutability",
        call("ecr", "put_image_tag_mutability", repositoryName=REPOSITORY, imageTagMutability="MUTABLE")),
    bad("images are not scanned", "ECR_REPOSITORY", "ecr_repositories_scan_images_on_push_enabled",
        call("ecr", "put_image_scanning_configuration", repositoryName=REPOSITORY,
            imageScanningConfiguration={"scanOnPush": False})),
    bad("anybody may pull", "ECR_REPOSITORY", "ecr_repositories_not_publicly_accessible",
        call("ecr", "set_repository_policy", repositoryName=REPOSITORY, policyText=document(PULL))),
    near("another account may pull", "ECR_REPOSITORY", "ecr_repositories_not_publicly_accessible",
        call("ecr", "set_repository_policy", repositoryName=REPOSITORY,
            policyText=document({**PULL, "Principal": LETS_STRANGER["Principal"]})), PUBLIC_ONLY),
    bad("the database has a public address", "RDS", "rds_instance_no_public_access",
        call("rds", "modify_db_instance", DBInstanceIdentifier="ml-prod-crm", PubliclyAccessible=True), EXPOSED),
    bad("the database takes plain text", "RDS", "rds_instance_transport_encrypted", made.force_ssl("0")),
    bad("the database is not encrypted", "RDS", "rds_instance_storage_encrypted",
        made.database(StorageEncrypted=False, KmsKeyId=None)),
    bad("a snapshot is for everybody", "RDS", "rds_snapshots_public_access", made.shared_with("all")),
    near("a snapshot is for another account", "RDS", "rds_snapshots_public_access", made.shared_with(STRANGER),
        PUBLIC_ONLY),
    bad("the warehouse has a public address", "REDSHIFT", WAREHOUSE + "public_access",
        spare(made.warehouse, PubliclyAccessible=True), EXPOSED),
    bad("the warehouse is not encrypted", "REDSHIFT", WAREHOUSE + "encrypted_at_rest",
        spare(made.warehouse, Encrypted=False, KmsKeyId=None)),
    bad("the warehouse copies past the VPC", "REDSHIFT", WAREHOUSE + "enhanced_vpc_routing",
        spare(made.warehouse, EnhancedVpcRouting=False)),
    bad("the warehouse takes plain text", "REDSHIFT", WAREHOUSE + "in_transit_encryption_enabled",
        made.warehouse_ssl("false")),
    bad("nobody logs what the warehouse is asked", "REDSHIFT", WAREHOUSE + "audit_logging",
        call("redshift", "disable_logging", ClusterIdentifier=made.WAREHOUSE)),
    bad("results of the work group are not encrypted", "ATHENA", "athena_workgroup_encryption",
        made.workgroup(EncryptionConfiguration=None)),
    bad("clients may overrule the work group", "ATHENA", "athena_workgroup_enforce_configuration",
        made.workgroup(enforced=False)),
    bad("the catalogue is not encrypted", "GLUE", "glue_data_catalogs_metadata_encryption_enabled",
        made.plain_catalogue),
    bad("no data events", "CLOUDTRAIL_DATA_EVENTS", READS, selectors(), kind="absent"),
    near("only writes are kept", "CLOUDTRAIL_DATA_EVENTS", READS,
        selectors(ARN, {"Field": "readOnly", "Equals": ["false"]}), ANY_TRAIL),
    near("only reads of another bucket are kept", "CLOUDTRAIL_DATA_EVENTS", READS, selectors("arn:aws:s3:::other"),
        ANY_TRAIL),
    near("the trail is stopped", "CLOUDTRAIL_DATA_EVENTS", READS,
        call("cloudtrail", "stop_logging", Name=TRAIL), ANY_TRAIL),
    bad("the trail's files may be changed", "CLOUDTRAIL_DATA_EVENTS", "cloudtrail_log_file_validation_enabled",
        call("cloudtrail", "update_trail", Name=TRAIL, EnableLogFileValidation=False)),
)  # fmt: skip
