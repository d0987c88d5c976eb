"""What can be reached: real sockets of this machine, and errors that networks answer with."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from airflow_mlsecops.core.environment import Egress
from airflow_mlsecops.core.facts import EgressFacts, NotObserved, Reach
from airflow_mlsecops.observe import egress


@pytest.fixture
def listening() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed() -> Iterator[int]:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def seen(*outside: str, control: tuple[str, ...] = ()) -> EgressFacts:
    facts = egress.observe(Egress(control=control, outside=outside), timeout=0.5)
    assert isinstance(facts, EgressFacts), facts
    assert EgressFacts.model_validate_json(facts.model_dump_json()) == facts
    return facts


def test_real_sockets(listening: int, closed: int) -> None:
    facts = seen(f"127.0.0.1:{closed}", control=(f"127.0.0.1:{listening}",))
    assert facts.control == {f"127.0.0.1:{listening}": Reach.OPEN}
    assert facts.outside == {f"127.0.0.1:{closed}": Reach.REFUSED}


def test_a_place_that_is_both(listening: int) -> None:
    place = f"127.0.0.1:{listening}"
    facts = seen(place, control=(place,))
    assert facts.control == facts.outside == {place: Reach.OPEN}


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "canary")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert seen("probe.invalid:443").outside == {"probe.invalid:443": Reach.NO_NAME}


ERRORS = [
    (TimeoutError(), Reach.DROPPED),
    (OSError(errno.ETIMEDOUT, ""), Reach.DROPPED),
    (OSError(errno.ECONNREFUSED, ""), Reach.REFUSED),
    (OSError(errno.ECONNRESET, ""), Reach.REFUSED),
    (OSError(errno.ENETUNREACH, ""), Reach.NO_ROUTE),
    (OSError(errno.EHOSTUNREACH, ""), Reach.NO_ROUTE),
    (OSError(errno.EPERM, ""), Reach.NO_ROUTE),
]


@pytest.mark.parametrize(("error", "reach"), ERRORS)
def test_how_an_attempt_ends(monkeypatch: pytest.MonkeyPatch, error: OSError, reach: Reach) -> None:
    _answering(monkeypatch, {"10.9.9.9": error})
    assert seen("10.9.9.9:443").outside == {"10.9.9.9:443": reach}


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOBUFS, errno.EINVAL])
def test_an_error_of_our_own_proves_nothing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    _answering(monkeypatch, {"10.9.9.9": OSError(number, "canary")})
    facts = egress.observe(Egress(outside=("10.9.9.9:443",)))
    assert isinstance(facts, NotObserved)
    assert "canary" not in facts.why


def test_one_address_of_a_name_that_answers_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    unreachable = OSError(errno.ENETUNREACH, "")
    _answering(monkeypatch, {"10.0.0.1": OSError(errno.ECONNREFUSED, ""), "10.0.0.2": unreachable})
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 443)) for host in ("10.0.0.1", "10.0.0.2")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert seen("two.example:443").outside == {"two.example:443": Reach.REFUSED}


def _answering(monkeypatch: pytest.MonkeyPatch, errors: dict[str, OSError]) -> None:
    def connect(_: socket.socket, address: Any) -> None:
        raise errors[address[0]]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.mark.parametrize(
    "place", ["db.prod", "db.prod:", ":443", "db.prod:0", "db.prod:65536", "https://db.prod:443", "::1:443", "a b:1"]
)
def test_what_is_no_place(place: str) -> None:
    assert isinstance(egress.observe(Egress(control=(place,))), NotObserved)


@pytest.mark.parametrize("place", ["127.0.0.1:9", "[::1]:9", "db.prod.internal:65535"])
def test_what_is_a_place(place: str) -> None:
    assert egress._read(place)


def test_nothing_to_try() -> None:
    assert seen() == EgressFacts()
