"""Networks of EC2: the questions, and what is read of their answers."""

from __future__ import annotations

from airflow_mlsecops.core.aws import Operation, Shape


class Subnet(Shape):
    """One subnet."""

    subnet_id: str
    vpc_id: str
    map_public_ip_on_launch: bool = False


class Subnets(Shape):
    """Answer of DescribeSubnets."""

    subnets: tuple[Subnet, ...]


# Asked of one subnet at a time, so that one that is gone leaves the others their answers.
DESCRIBE_SUBNETS = Operation(
    service="ec2", name="describe_subnets", shape=Subnets, action="ec2:DescribeSubnets",
    absent=("InvalidSubnetID.NotFound",),
)  # fmt: skip
