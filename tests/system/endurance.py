#!/usr/bin/env python3
"""A bot under errors of all kinds: its memory, descriptors and threads stay as they are.

usage: endurance.py TUTTI TUTTI_POD SOURCE_DIR [--seconds N]

Callers ask for IMs, hang up, send nonsense and wrong tokens, while the pod fails by chance. The
second half of the time must need no more than the first. Prints a line of figures; exits 1 when
something grows.
"""
import argparse
import contextlib
import json
import os
import pathlib
import random
import socket
import sys
import threading
import time
import unittest
import urllib.request

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
from bot_case import bot_case  # noqa: E402
from service import TOKEN  # noqa: E402

CREATE = "/pod/v1/im/create"
FAULTS = [{"path": CREATE, "reset": "before", "probability": 0.05, "seed": 1},
          {"path": CREATE, "status": 503, "probability": 0.1, "seed": 2},
          {"path": CREATE, "delay": 300, "probability": 0.1, "seed": 3},
          {"path": CREATE, "expireSessions": True, "status": 401, "probability": 0.02, "seed": 4},
          {"path": "/pod/v2/sessioninfo", "status": 500, "probability": 0.2, "seed": 5}]
# What a process may gain that only happens to be used late: a page here, a buffer there.
SPARE_KIB, SPARE_DESCRIPTORS, SPARE_THREADS = 4096, 24, 4


class endurance(bot_case):
    seconds = 15

    def attack(self, luck):
        """One client with ill intent, or bad manners."""
        head = (b"POST /v1/im HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
                TOKEN.encode() + b"\r\n")
        body = json.dumps({"users": [luck.choice(list(self.ids))]}).encode()
        whole = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
        text = luck.choice([
            whole, whole, whole, whole * 3, whole[:luck.randrange(len(whole))],
            head + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"x" * 100_000,
            head + b"Transfer-Encoding: chunked, identity\r\n\r\n",
            whole.replace(TOKEN.encode(), b"no token at all"), b"\x16\x03\x01\x02\x00" * 50,
            b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n"])
        with contextlib.suppress(OSError), socket.socket() as raw:
            raw.settimeout(2)
            raw.connect(("127.0.0.1", luck.choice([self.relay, self.metrics])))
            raw.sendall(text)
            if luck.random() < 0.7:
                raw.recv(1 << 16)

    def clients(self, until, seed):
        luck = random.Random(seed)
        while time.monotonic() < until:
            self.attack(luck)

    def figures(self):
        process = pathlib.Path("/proc", str(self.running.process.pid))
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        return (int(status["VmRSS"].split()[0]), len(list((process / "fd").iterdir())),
                int(status["Threads"]))

    def test_nothing_grows(self):
        log = {"level": "error"}
        running = self.start(log=log, im={"directory": {"capacity": 100}})
        self.assertEqual(running.until_ready(), "READY=1")
        self.until_logged_in()
        request = urllib.request.Request(f"{self.pod.address}/emulator/faults", method="POST",
                                         data=json.dumps(FAULTS).encode())
        urllib.request.urlopen(request, timeout=10).close()
        until = time.monotonic() + self.seconds
        crowd = [threading.Thread(target=self.clients, args=(until, seed)) for seed in range(8)]
        for each in crowd:
            each.start()
        seen = []
        while time.monotonic() < until:
            seen.append(self.figures())
            time.sleep(0.1)
        for each in crowd:
            each.join()
        half = len(seen) // 2
        before, after = ([max(column) for column in zip(*part)]
                         for part in (seen[len(seen) // 10:half], seen[half:]))
        print(f"{self.seconds} s: at most {before[0]} KiB, {before[1]} descriptors, {before[2]} "
              f"threads in the first half; {after[0]}, {after[1]}, {after[2]} in the second")
        for one, other, spare in zip(before, after,
                                     (SPARE_KIB, SPARE_DESCRIPTORS, SPARE_THREADS)):
            self.assertLessEqual(other, one + spare)
        self.assertEqual(self.health()[0], 200)
        self.assert_stops(running, self.grace + 2)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=int, default=endurance.seconds)
    given, _ = options.parse_known_args(sys.argv[4:])
    endurance.seconds = given.seconds
    bot_case.use(TUTTI, POD, SOURCE)
    unittest.main(argv=sys.argv[:1])
