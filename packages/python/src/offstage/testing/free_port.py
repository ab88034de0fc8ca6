"""Ports for servers of tests."""

import socket


def free_port() -> int:
    """One of loopback that nobody listens at now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
