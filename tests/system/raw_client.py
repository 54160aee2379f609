"""Starts the programs and sends them bytes that no HTTP library would send."""
import collections
import contextlib
import os
import pathlib
import select
import socket
import sys
import time

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
from bot_case import bot_case  # noqa: E402

LOOPBACK = "127.0.0.1"
MEGABYTE = 1 << 20

answer = collections.namedtuple("answer", "status headers body")
talk = collections.namedtuple("talk", "sent came closed reset")


def head(path, *lines, method="GET", version="1.1"):
    """The bytes of a request up to its body."""
    return "\r\n".join([f"{method} {path} HTTP/{version}", *lines, "", ""]).encode()


def answers_in(came):
    """The complete answers among the bytes that came."""
    made = []
    while b"\r\n\r\n" in came:
        first, came = came.split(b"\r\n\r\n", 1)
        lines = first.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in
                   (each.partition(":") for each in lines[1:])}
        size = int(headers.get("content-length", 0))
        if len(came) < size:
            break
        made.append(answer(int(lines[0].split()[1]), headers, came[:size].decode()))
        came = came[size:]
    return made


def send(port, pieces, seconds=5, stubborn=False):
    """Sends the pieces and reads until the server closes; at most for `seconds` without progress.

    A client that is not stubborn sends no more once an answer has begun. Every byte the server or
    its kernel took counts as sent.
    """
    came, sent, closed, reset = bytearray(), 0, False, False
    with socket.socket() as raw:
        # The bytes that wait on this side are few: what was sent is what the server was given.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 << 10)
        raw.settimeout(seconds)
        raw.connect((LOOPBACK, port))
        raw.setblocking(False)
        pieces = iter(pieces)
        left = memoryview(next(pieces))
        quiet_until = time.monotonic() + seconds
        while not closed and time.monotonic() < quiet_until:
            writing = [raw] if len(left) else []
            readable, writable, _ = select.select([raw], writing, [], 0.1)
            if readable:
                try:
                    some = raw.recv(MEGABYTE)
                    came += some
                    closed = not some
                except ConnectionError:
                    closed = reset = True
                if not stubborn:
                    left = memoryview(b"")
            elif writable:
                try:
                    count = raw.send(left)
                    sent += count
                    left = left[count:] or memoryview(next(pieces, b""))
                    quiet_until = time.monotonic() + seconds
                except ConnectionError:  # What has come by now can still be read.
                    left, reset = memoryview(b""), True
    return talk(sent, bytes(came), closed, reset)


def flood(port, request, seconds):
    """Sends the request again and again for so many seconds; returns what came back."""
    block = request * (1 + (16 << 10) // len(request))
    came = bytearray()
    end = time.monotonic() + seconds
    with socket.create_connection((LOOPBACK, port)) as raw, contextlib.suppress(ConnectionError):
        raw.setblocking(False)
        left = memoryview(block)
        while time.monotonic() < end:
            readable, writable, _ = select.select([raw], [raw], [], 0.05)
            if readable:
                some = raw.recv(MEGABYTE)
                if not some:
                    break
                came += some
            elif writable:
                left = left[raw.send(left):] or memoryview(block)
    return bytes(came)


def ask_raw(port, *request, version="1.1", path="/health"):
    """The one answer to a GET with these header lines, after which the server closes."""
    came = answers_in(send(port, [head(path, *request, "Connection: close", version=version)]).came)
    assert len(came) == 1, came
    return came[0]


def peak_memory(process):
    """The most memory the process has had in RAM so far, in bytes."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if "VmHWM" in line)


class attacked_case(bot_case):
    """Gives each test a pod; `run_bot` adds a bot with the plugins relay and metrics."""

    def plugins(self, relay=(), metrics=()):
        """The key `plugins` of a configuration, with more settings of the two."""
        both = self.settings()["plugins"]
        for plugin, more in zip(both, (relay, metrics)):
            plugin.update(more)
        return both

    def run_bot(self, relay=(), metrics=(), before=None):
        self.service = self.start(before=before, plugins=self.plugins(relay, metrics))
        self.service.until_ready()

    def log_lines(self, *words):
        """The lines of the bot's log that have all these words."""
        return [line for line in self.service.text().splitlines()
                if all(word in line for word in words)]


attacked_case.use(TUTTI, POD, SOURCE)
