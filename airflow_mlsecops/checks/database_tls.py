"""The session with the dataset's database is encrypted.

Asked of this very session, at its two ends, not of the configuration. Whose certificate it was is
DATABASE_TLS_VERIFIED's question. A session over a socket of this machine crosses no network.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed, unknown
from airflow_mlsecops.checks._facts import DATABASE, by_socket, server
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "an encrypted session"


def _ask(facts: Facts, demand: Demand) -> Answer:
    found = server(facts, "the database is a file: no session crosses a network")
    if isinstance(found, Answer):
        return found
    if by_socket(found):
        return not_applicable(DATABASE, "the session uses a socket of this machine: it crosses no network")
    if isinstance(found.tls, NotObserved):
        return unknown(DATABASE, "whether the session is encrypted", found.tls, expected=_EXPECTED)
    if found.tls:
        return passed(DATABASE, "the session with the database is encrypted", expected=_EXPECTED)
    reason = "the session with the database is not encrypted: whoever sees the network sees the data"
    return failed(DATABASE, reason, expected=_EXPECTED, got="plain text")


CHECK = Check(
    id="DATABASE_TLS",
    question="Is the session with the dataset's database encrypted?",
    why="rows that cross a network in plain text can be read and changed on the way",
    remedy='set {"sslmode": "verify-full"} in the connection\'s extra, and hostssl instead of host in pg_hba.conf',
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-8", "ISO 27001 A.8.24", "SOC 2 CC6.7", "GDPR Art. 32"),
    ask=_ask,
)
