"""Ports for programs that a test or a benchmark starts."""
import errno
import itertools
import os
import random
import socket

# Below the ports that a system gives to outgoing connections (Linux: from 32768; IANA: from
# 49152): a port found free among those may become the end of a connection a moment later.
FIRST, LAST = 10000, 32000

_places = itertools.count(random.Random(os.getpid()).randrange(LAST - FIRST))


def free_port():
    """A port of 127.0.0.1 without a listener; never the same one twice in a process, until
    all have been used."""
    for _ in range(LAST - FIRST):
        port = FIRST + next(_places) % (LAST - FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            return port
    raise AssertionError(f"no port of 127.0.0.1 from {FIRST} to {LAST} is free")
