"""Every endpoint serves models that are cut off in this environment's network, and keeps what it captures here.

Network isolation and VPC are a matter of the models: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html; of
the endpoint's configuration where containers come as inference components. What it captures, dumps or answers later
must go to buckets of this environment. Machines whose only storage is local take no key.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._ec2 import DESCRIBE_SUBNETS
from airflow_mlsecops.checks._kms import DESCRIBE_KEY, key_trouble
from airflow_mlsecops.checks._places import foreign_buckets, foreign_subnets, not_in_s3
from airflow_mlsecops.checks._sagemaker import (
    DESCRIBE_ENDPOINT,
    DESCRIBE_ENDPOINT_CONFIG,
    DESCRIBE_MODEL,
    LIST_ENDPOINTS,
    EndpointConfig,
    Variant,
)
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.jobs.sagemaker import local_storage, uris

_EXPECTED = "network isolation, subnets, a key and buckets of this environment"


def _endpoints(facts: Facts, demand: Demand) -> tuple[str, ...]:
    audited_account(facts, demand)  # another account's list shows none of ours
    names = sorted(one.endpoint_name for one in aws(facts).need(LIST_ENDPOINTS).endpoints)
    return tuple(name for name in names if fits(name, listed(profile(demand).studios, "studios")))


def _ask(name: str, facts: Facts, demand: Demand) -> Answer:
    config_name = aws(facts).need(DESCRIBE_ENDPOINT, EndpointName=name).endpoint_config_name
    config = aws(facts).need(DESCRIBE_ENDPOINT_CONFIG, EndpointConfigName=config_name)
    troubles = (*_network(config, facts, demand), *_key(config, facts, demand), *_places(config, demand))
    if troubles:
        return failed(name, "the endpoint is open", expected=_EXPECTED, got="; ".join(troubles))
    return passed(name, "the endpoint is closed", expected=_EXPECTED)


def _variants(config: EndpointConfig) -> tuple[Variant, ...]:
    return (*config.production_variants, *config.shadow_production_variants)


def _network(config: EndpointConfig, facts: Facts, demand: Demand) -> Iterator[str]:
    models = {name for one in _variants(config) for name in _models(one)}
    for name in sorted(filter(None, models)):
        model = aws(facts).need(DESCRIBE_MODEL, ModelName=name)
        isolated = model.enable_network_isolation is True
        yield from _open(f"model {name}", isolated, model.vpc_config.subnets, facts, demand)
    if "" in models or not models:
        yield from _open("components", config.enable_network_isolation, config.vpc_config.subnets, facts, demand)


def _models(variant: Variant) -> tuple[str, ...]:
    return (variant.model_name, *(pool.model_name_override or variant.model_name for pool in variant.instance_pools))


def _open(what: str, isolated: bool, subnets: tuple[str, ...], facts: Facts, demand: Demand) -> Iterator[str]:
    if not isolated:
        yield f"{what}: no network isolation"
    if not subnets:
        yield f"{what}: no subnet"
    elif strangers := foreign_subnets(subnets, facts, demand):
        yield f"{what}: {', '.join(strangers)} in no VPC of this environment"


def _key(config: EndpointConfig, facts: Facts, demand: Demand) -> Iterator[str]:
    kinds = [kind for one in _variants(config) for kind in _machines(one)]
    if not config.kms_key_id and kinds and all(map(local_storage, kinds)):
        return
    trouble = key_trouble(config.kms_key_id, facts, demand) if config.kms_key_id else "none is named"
    if trouble:
        yield f"key: {trouble}"


def _machines(variant: Variant) -> tuple[str, ...]:
    pools = tuple(pool.instance_type for pool in variant.instance_pools)
    return pools or (variant.instance_type,)


def _places(config: EndpointConfig, demand: Demand) -> Iterator[str]:
    later = config.async_inference_config.output_config if config.async_inference_config else None
    dumps = (one.core_dump_config for one in _variants(config))
    failures = (later.s3_failure_path,) if later and later.s3_failure_path else ()
    places = (*uris(config.data_capture_config, later, *dumps), *failures)
    if places:
        yield from (f"writes to {place}" for place in (*foreign_buckets(places, demand), *not_in_s3(places)))


CHECK = Check(
    id="SAGEMAKER_ENDPOINTS",
    question="Is every endpoint cut off in this environment's network, with its keys and buckets?",
    why="a model that reaches a network can give away what it learned and what it is asked",
    remedy=(
        "create models with --enable-network-isolation and --vpc-config, a configuration with --kms-key-id that "
        "captures into a bucket of this environment, then "
        "`aws sagemaker update-endpoint --endpoint-name {subject} --endpoint-config-name NEW-CONFIG`"
    ),
    severity=Severity.HIGH,
    standards=(
        *("NIST 800-53 SC-7", "NIST 800-53 SC-28", "ISO 27001 A.8.22", "SOC 2 CC6.6"),
        *("AWS FSBP SageMaker.5", "MITRE ATLAS AML.T0024"),
    ),
    ask=each(_endpoints, _ask, none=lambda: not_applicable("sagemaker", "there are no such endpoints")),
    reads=(
        AUDITOR,
        LIST_ENDPOINTS,
        DESCRIBE_ENDPOINT,
        DESCRIBE_ENDPOINT_CONFIG,
        DESCRIBE_MODEL,
        DESCRIBE_SUBNETS,
        DESCRIBE_KEY,
    ),
)
