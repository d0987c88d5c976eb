"""Each VPC of this environment keeps a log of who talked to whom, and the log arrives.

A log of a subnet or of one interface covers no VPC, one of what was turned away (``TrafficType`` REJECT) shows no data
that left, and one that cannot be delivered (``DeliverLogsStatus``) covers nothing: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._ec2 import no_vpc, vpcs
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "an active flow log of accepted traffic that is delivered"
_LET_THROUGH = ("ALL", "ACCEPT")


class FlowLog(Shape):
    """One flow log; of which nothing is said of deliveries, none is known to arrive."""

    resource_id: str
    flow_log_status: str
    deliver_logs_status: str = ""
    traffic_type: str = ""


class FlowLogs(Shape):
    """Answer of DescribeFlowLogs."""

    flow_logs: tuple[FlowLog, ...]


DESCRIBE_FLOW_LOGS = Operation(service="ec2", name="describe_flow_logs", shape=FlowLogs, action="ec2:DescribeFlowLogs")


def _ask(vpc: str, facts: Facts, demand: Demand) -> Answer:
    found = aws(facts).need(DESCRIBE_FLOW_LOGS, Filter=[{"Name": "resource-id", "Values": [vpc]}]).flow_logs
    working = [log for log in found if _works(log, vpc)]
    got = f"{len(working):,} of {len(found):,}"
    if working:
        return passed(vpc, "the traffic of the VPC is logged", expected=_EXPECTED, got=got)
    return failed(
        vpc,
        "no flow log of the VPC shows what was let through, is active and is delivered",
        expected=_EXPECTED,
        got=got,
    )


def _works(log: FlowLog, vpc: str) -> bool:
    arrives = log.flow_log_status == "ACTIVE" and log.deliver_logs_status == "SUCCESS"
    return log.resource_id == vpc and arrives and log.traffic_type in _LET_THROUGH


CHECK = Check(
    id="NETWORK_FLOW_LOGS",
    question="Is the traffic of each VPC of this environment logged?",
    why="without it, nobody can tell afterwards where data went",
    remedy=(
        "`aws ec2 create-flow-logs --resource-type VPC --resource-ids {subject} --traffic-type ALL "
        "--log-destination-type s3 --log-destination arn:aws:s3:::BUCKET`"
    ),
    severity=Severity.LOW,
    standards=("NIST 800-53 AU-12", "ISO 27001 A.8.15", "SOC 2 CC7.2", "AWS FSBP EC2.6"),
    ask=each(vpcs, _ask, none=no_vpc),
    reads=(DESCRIBE_FLOW_LOGS,),
)
