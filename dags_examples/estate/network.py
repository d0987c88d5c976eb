"""A VPC without a way to the internet: S3 is reached through an endpoint that reaches this account's buckets alone."""

from __future__ import annotations

from dags_examples.estate.names import ACCOUNT, LOGS, NETWORK, REGION, Clients, bucket_arn, document


def vpc(clients: Clients) -> str:
    """An address range of its own; its traffic is logged."""
    ec2 = clients("ec2")
    vpc_id: str = ec2.create_vpc(CidrBlock=NETWORK)["Vpc"]["VpcId"]
    ec2.create_flow_logs(
        ResourceIds=[vpc_id],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=bucket_arn(LOGS),
    )
    return vpc_id


def subnet(clients: Clients, vpc_id: str) -> tuple[str, str]:
    """A subnet with a route table of its own, which leads nowhere yet."""
    ec2 = clients("ec2")
    subnet_id: str = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    route_table: str = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=route_table, SubnetId=subnet_id)
    return subnet_id, route_table


def endpoint(clients: Clients, vpc_id: str, route_table: str) -> str:
    """The one way out, to S3; through it nobody can carry data to a bucket of another account."""
    ours = {"StringEquals": {"aws:ResourceAccount": ACCOUNT, "aws:PrincipalAccount": ACCOUNT}}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": ours}
    made = clients("ec2").create_vpc_endpoint(
        VpcId=vpc_id,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[route_table],
        PolicyDocument=document(statement),
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def security_group(clients: Clients, vpc_id: str) -> str:
    """Lets nobody in, and out only to the VPC's own addresses: a new group lets out to everywhere."""
    ec2 = clients("ec2")
    made = ec2.create_security_group(GroupName="ml-train-prod", Description="training", VpcId=vpc_id)
    everywhere = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ec2.revoke_security_group_egress(GroupId=made["GroupId"], IpPermissions=everywhere)
    ours = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": NETWORK}]}]
    ec2.authorize_security_group_egress(GroupId=made["GroupId"], IpPermissions=ours)
    return str(made["GroupId"])
