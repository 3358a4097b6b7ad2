"""Ports for servers on this machine."""

import random
import socket

# Below the ports that systems give to outgoing connections (32768 and above in Linux, 49152 in others), so
# that no connection of a browser takes a port before the server listens to it.
RANGE = range(20000, 32000)


def free_port():
    """A port of 127.0.0.1 that no program uses."""
    while True:
        port = random.choice(RANGE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def listens(port):
    """Whether a program takes connections at a port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
