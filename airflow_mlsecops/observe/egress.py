"""What of the network this worker can reach: tried, not read from a configuration.

A TCP connection is opened and closed at once; nothing is sent. What leaves through a proxy is not seen from here.
"""

from __future__ import annotations

import errno
import re
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from airflow_mlsecops.core.environment import Egress
from airflow_mlsecops.core.facts import EgressFacts, NotObserved, Reach

AT_ONCE = 16
_PLACE = re.compile(r"(?:\[([^\]]+)\]|([^:\[\]/@\s]+)):(\d{1,5})")
# A network, a firewall or this kernel said that there is no way; any other error says nothing of the network.
_NO_WAY = frozenset(
    {
        *(errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL),
        *(errno.EACCES, errno.EPERM, errno.EAFNOSUPPORT),
    }
)
_FURTHEST = (Reach.OPEN, Reach.REFUSED, Reach.DROPPED, Reach.NO_ROUTE, Reach.NO_NAME)


def observe(profile: Egress, *, timeout: float = 2.0) -> EgressFacts | NotObserved:
    """Try every place of the policy, several at a time.

    :param timeout: in seconds, of each address that a name stands for
    """
    places = (*profile.control, *profile.outside)
    if not all(map(_read, places)):
        return NotObserved(why="the policy names a place that is no host:port")
    try:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mlsecops-egress") as pool:
            reached = dict(zip(places, pool.map(lambda place: _reach(place, timeout), places), strict=True))
    except OSError as error:
        return NotObserved(why=f"no connection could be tried ({type(error).__name__})")
    return EgressFacts(control=_part(reached, profile.control), outside=_part(reached, profile.outside))


def _part(reached: dict[str, Reach], places: Iterable[str]) -> dict[str, Reach]:
    return {place: reached[place] for place in places}


def _read(place: str) -> tuple[str, int] | None:
    found = _PLACE.fullmatch(place)
    return (found[1] or found[2], int(found[3])) if found and 0 < int(found[3]) < 65_536 else None


def _reach(place: str, timeout: float) -> Reach:
    """The furthest that any of a name's addresses lets one come: one that answers is enough."""
    host, port = _read(place) or ("", 0)
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return Reach.NO_NAME
    return min((_dial(family, address, timeout) for family, _, _, _, address in addresses), key=_FURTHEST.index)


def _dial(family: int, address: Any, timeout: float) -> Reach:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as attempt:
            attempt.settimeout(timeout)
            attempt.connect(address)
    except (ConnectionRefusedError, ConnectionResetError):
        return Reach.REFUSED
    except TimeoutError:
        return Reach.DROPPED
    except OSError as error:
        if error.errno in _NO_WAY:
            return Reach.NO_ROUTE
        raise
    return Reach.OPEN
