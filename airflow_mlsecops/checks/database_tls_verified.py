"""The client refuses a database server whose certificate does not prove that it carries the name that was dialled.

Only ``sslmode=verify-full`` does: https://www.postgresql.org/docs/current/libpq-ssl.html. Asked of the parameters that
the driver really connected with. Whether the session is encrypted at all is DATABASE_TLS's question.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed, unknown
from airflow_mlsecops.checks._facts import DATABASE, by_socket, server
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "sslmode=verify-full"


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = server(facts, "the database is a file: no session crosses a network")
    if isinstance(found, Answer):
        return found
    if by_socket(found):
        return not_applicable(DATABASE, "the session uses a socket of this machine: it crosses no network")
    if isinstance(found.tls_verified, NotObserved):
        return unknown(DATABASE, "whether the server had to prove who it is", found.tls_verified, expected=_EXPECTED)
    if found.tls_verified:
        return passed(DATABASE, "the server had to prove that it is the one that was dialled", expected=_EXPECTED)
    reason = "the client would talk to any server that answers at the database's address"
    return failed(DATABASE, reason, expected=_EXPECTED, got="another sslmode")


CHECK = Check(
    id="DATABASE_TLS_VERIFIED",
    question="Does the session's client make the database's server prove who it is?",
    why="encryption alone keeps a secret with whoever answers, also with somebody in between",
    remedy='set {"sslmode": "verify-full", "sslrootcert": "/path/to/ca.pem"} in the connection\'s extra',
    severity=Severity.MEDIUM,
    standards=("NIST 800-53 SC-8", "NIST 800-53 SC-23", "ISO 27001 A.8.24", "SOC 2 CC6.7", "GDPR Art. 32"),
    ask=_ask,
)
