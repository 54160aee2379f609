"""Runs `tutti run` as a service manager would, and speaks to its plugins."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

TOKEN = "0123456789abcdef0123456789abcdef"


def ask(port, path, body=None, token=TOKEN, method=None, authorization=None, timeout=60):
    """(status, parsed JSON or text) of a request to a plugin."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method,
                                     data=body.encode() if body is not None else None)
    if authorization:
        request.add_header("Authorization", authorization)
    elif token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            status, text = answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode()
    try:
        return status, json.loads(text)
    except json.JSONDecodeError:
        return status, text


class service:
    """A running `tutti run`; `lines` are those of its log so far."""

    def __init__(self, program, config, folder, environment, before=None, prefix=(), stderr=None):
        self.place = f"{folder}/notify"
        pathlib.Path(self.place).unlink(missing_ok=True)
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(self.place)
        self.log = open(f"{folder}/log", "w+")
        # `before` runs in the new process, for limits of its own; `prefix` is a command that
        # executes the program; `stderr` takes the place of the log file.
        self.process = subprocess.Popen([*prefix, program, "run", "--config", config],
                                        stderr=self.log if stderr is None else stderr,
                                        env={**environment, "NOTIFY_SOCKET": self.place},
                                        preexec_fn=before)

    def until_ready(self):
        """The first message to the service manager; fails when the process ends before it."""
        self.manager.settimeout(0.1)
        while self.process.poll() is None:
            with contextlib.suppress(TimeoutError):
                return self.manager.recv(100).decode()
        raise AssertionError(f"it has ended:\n{self.text()}")

    def until_says(self, words):
        """Waits for words in its log; what its threads log and do comes in any order."""
        try:
            until(lambda: words in self.text())
        except AssertionError as late:
            raise AssertionError(f"{words!r} {late} in:\n{self.text()}") from late

    def text(self):
        return pathlib.Path(self.log.name).read_text()

    def end(self, which=signal.SIGTERM, timeout=30):
        if self.process.poll() is None:
            self.process.send_signal(which)
        status = self.process.wait(timeout)
        self.log.close()
        self.manager.close()
        return status


def until(what, seconds=30):
    """Asks until the answer is true; for what another process does in its own time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = what()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory() as place:
        yield place
