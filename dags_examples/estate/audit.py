"""A trail that keeps who read which object, and whose files nobody can change unnoticed."""

from __future__ import annotations

from dags_examples.estate.names import DATA, LOGS, MODELS, TRAIL, Clients, bucket_arn


def trail(clients: Clients, key_arn: str) -> None:
    """Every read and write of an object of the data buckets."""
    cloudtrail = clients("cloudtrail")
    cloudtrail.create_trail(
        Name=TRAIL,
        S3BucketName=LOGS,
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=key_arn,
    )
    data_events(clients, DATA, MODELS)
    cloudtrail.start_logging(Name=TRAIL)


def data_events(clients: Clients, *buckets: str) -> None:
    """Keep who reads and writes the objects of these buckets."""
    arns = [f"{bucket_arn(name)}/" for name in buckets]
    fields = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "StartsWith": arns},
    ]
    selectors = [{"Name": "objects", "FieldSelectors": fields}]
    clients("cloudtrail").put_event_selectors(TrailName=TRAIL, AdvancedEventSelectors=selectors)
