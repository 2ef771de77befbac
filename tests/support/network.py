"""Tests talk to this machine only: whatever tries to leave it gets an error that says so."""

import ipaddress
import socket
from typing import Any

LOCAL_NAMES = ("localhost", "", None)


class NetworkRefused(RuntimeError):
    """A test tried to reach another machine."""


def close() -> None:
    """Refuse, from here on and in this process, every connection and look-up that leaves the machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse_unless_local(host)
        return getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_getaddrinfo


def check(family: int, address: Any) -> None:
    """Raise NetworkRefused for an address of another machine."""
    if family in (socket.AF_INET, socket.AF_INET6):
        refuse_unless_local(address[0])


def refuse_unless_local(host: Any) -> None:
    """Raise NetworkRefused unless a host name or number means this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in LOCAL_NAMES or name == socket.gethostname():
        return
    try:
        number = ipaddress.ip_address(name)
    except ValueError:
        raise NetworkRefused(f"tests must not look up {name}") from None
    if not (number.is_loopback or number.is_unspecified):
        raise NetworkRefused(f"tests must not connect to {name}")
