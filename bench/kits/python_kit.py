"""Create IM with Symphony's Python kit. usage: python_kit.py PORT KEY REQUESTS IN_FLIGHT [cold|AUTHORITY]

AUTHORITY: a PEM file, for TLS. Prints CPU per request in us (cold: from before the login, all for
one IM), rate and peak memory.
"""
import asyncio
import json
import logging
import resource
import sys
import time

from symphony.bdk.core.config.model.bdk_config import BdkConfig
from symphony.bdk.core.symphony_bdk import SymphonyBdk

PORT, KEY, REQUESTS, IN_FLIGHT = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
COLD = sys.argv[5:] == ["cold"]
AUTHORITY = None if COLD else next(iter(sys.argv[5:]), None)
USERS = 2000


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_kb():
    """Not ru_maxrss: what the process was started from counts there too."""
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


async def ask(streams, users):
    for user in users:
        opened = await streams.create_im(user)
        assert opened.id


async def lap(streams, requests):
    numbers = iter(range(requests))
    await asyncio.gather(*(ask(streams, (1 if COLD else n % USERS + 1 for n in numbers))
                           for _ in range(IN_FLIGHT)))


async def main():
    logging.disable(logging.WARNING)
    tls = {"scheme": "https", "ssl": {"trustStore": {"path": AUTHORITY}}} if AUTHORITY else {"scheme": "http"}
    config = BdkConfig(host="127.0.0.1", port=PORT, maxRetry=1,
                       bot={"username": "bench", "privateKey": {"path": KEY}}, **tls)
    cpu, began = cpu_seconds(), time.monotonic()
    async with SymphonyBdk(config) as bdk:
        streams = bdk.streams()
        if not COLD:
            await lap(streams, min(REQUESTS, 500))
            cpu, began = cpu_seconds(), time.monotonic()
        await lap(streams, REQUESTS)
        cpu, took = cpu_seconds() - cpu, time.monotonic() - began
    print(json.dumps({"cpu_us": cpu * 1e6 / REQUESTS, "per_second": REQUESTS / took,
                      "peak_kb": peak_kb()}))


asyncio.run(main())
