"""An estate for machine learning that only its own environment can touch, built step by step.

Read it as a checklist: each step is what some check of the isolation gate asks for. It builds against whatever its
clients lead to; ``serve.py`` builds it in an emulator on this machine.
"""

from __future__ import annotations

from dags_examples.estate import audit, compute, databases, identity, lake, network, storage, studio
from dags_examples.estate.names import DATA, MODELS, Clients, Estate


def build(clients: Clients) -> Estate:
    """Build all of it in an account that has none of it."""
    identity.account(clients)
    key = storage.key(clients)
    storage.account_block(clients)
    storage.log_bucket(clients, key)
    vpc = network.vpc(clients)
    subnet, route_table = network.subnet(clients, vpc)
    endpoint = network.endpoint(clients, vpc, route_table)
    group = network.security_group(clients, vpc)
    boundary = identity.boundary(clients)
    identity.trainer(clients, boundary, key)
    identity.auditor(clients)
    for name in (DATA, MODELS):
        storage.data_bucket(clients, name, key, endpoint)
    audit.trail(clients, key)
    studio.domain(clients, vpc, subnet, key)
    tables(clients, subnet, key)
    return Estate(
        key=key,
        vpc=vpc,
        subnet=subnet,
        route_table=route_table,
        security_group=group,
        endpoint=endpoint,
        boundary=boundary,
        image=compute.image(clients, key),
    )


def tables(clients: Clients, subnet: str, key: str) -> None:
    """Data that is asked for by SQL."""
    databases.database(clients, subnet, key)
    lake.catalogue(clients, key)
    lake.readers(clients)
    lake.workgroup(clients, key)
