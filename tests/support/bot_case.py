"""Sets up a pod, a folder and a configuration for each test that runs whole programs."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import pod
from ports import free_port
from service import TOKEN, ask, folder, service, until


class bot_case(unittest.TestCase):
    """`tutti run` with the plugins relay and metrics, and `tutti im open`, against a pod."""

    # life.stopGrace and the relay's, in seconds.
    grace = 1.0

    @classmethod
    def use(cls, tutti, pod_program, source):
        """Names the programs under test; once, before any test."""
        cls.tutti, cls.pod_program, cls.source = tutti, pod_program, source
        # Making keys takes long, so that all tests share them.
        cls.keys = tempfile.TemporaryDirectory()

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = self.stack.enter_context(folder())
        self.pod = pod.process(self.pod_program, self.source, self.keys.name)
        self.stack.callback(self.pod.stop)
        self.ids = pod.get(self.pod.address, "/emulator/users")
        self.relay, self.metrics = free_port(), free_port()
        self.running = None

    # -- configuration -------------------------------------------------------------

    def settings(self, **more):
        """The bot's configuration; `more` takes the place of keys at the root."""
        return {
            "scheme": "http", "host": "127.0.0.1", "port": self.pod.port,
            "bot": {"username": "demo-bot",
                    "privateKey": {"path": f"{self.keys.name}/demo-bot.pem"}},
            "life": {"stopGrace": f"{int(self.grace * 1000)}ms"},
            "plugins": [{"name": "relay", "port": self.relay, "token": TOKEN,
                         "requestsPerSecond": 0, "stopGrace": f"{int(self.grace * 1000)}ms"},
                        {"name": "metrics", "port": self.metrics}],
            **more}

    def write(self, name="bot.yaml", **more):
        """Leaves the configuration in a file and returns its path."""
        path = pathlib.Path(self.folder, name)
        path.write_text(json.dumps(self.settings(**more)))
        return str(path)

    # -- programs --------------------------------------------------------------------

    def start(self, environment=None, before=None, prefix=(), stderr=None, **more):
        """`tutti run` with `settings(**more)`; the one started before it is killed, and this one
        at the end of the test."""
        if self.running:
            self.running.end(signal.SIGKILL)
        place = self.stack.enter_context(folder())
        self.running = service(self.tutti, self.write(**more), place,
                               {**self.pod.environment, **(environment or {})}, before, prefix,
                               stderr)
        self.stack.callback(self.running.end, signal.SIGKILL)
        return self.running

    def im_open(self, *arguments, within, config=None, prefix=(), environment=None, **popen):
        """The ended `tutti im open`, which has to end within so many seconds."""
        command = [*prefix, self.tutti, "im", "open", "--config", config or self.write(),
                   *arguments]
        try:
            return subprocess.run(command, capture_output=True, text=True, timeout=within,
                                  env={**self.pod.environment, **(environment or {})}, **popen)
        except subprocess.TimeoutExpired as late:
            self.fail(f"{' '.join(command)} runs for more than {within} s: {late.stderr}")

    def with_names_from(self, path, file, sources):
        """What to put before a command so that it finds `file` at `path`, and names are looked up
        in `sources` (nsswitch.conf); skips the test where that cannot be had."""
        if os.geteuid() != 0 or not shutil.which("unshare"):
            self.skipTest(f"needs root and unshare, for {path} of its own")
        switch = pathlib.Path(self.folder, "nsswitch.conf")
        switch.write_text(f"hosts: {sources}\n")
        mounts = f"mount --bind {file} {path}"
        if os.path.exists("/etc/nsswitch.conf"):
            mounts += f" && mount --bind {switch} /etc/nsswitch.conf"
        made = ["unshare", "-m", "sh", "-c", f'{mounts} && exec "$@"', "sh"]
        tried = subprocess.run([*made, "true"], capture_output=True, text=True)
        if tried.returncode != 0:
            self.skipTest(f"no mount namespace can be made: {tried.stderr}")
        return made

    def assert_stops(self, running, within, how=signal.SIGTERM):
        """The signal ends the service with 0 in so many seconds."""
        try:
            status = running.end(how, timeout=within)
        except subprocess.TimeoutExpired:
            self.fail(f"runs {within} s after the signal:\n{running.text()[-2000:]}")
        self.assertEqual(status, 0, running.text()[-2000:])

    # -- requests to it ----------------------------------------------------------------

    def open(self, *users, timeout=10):
        return ask(self.relay, "/v1/im", json.dumps({"users": users}), timeout=timeout)

    def known(self, user):
        """Whether the bot knows its IM with the user without asking the pod."""
        return ask(self.relay, f"/v1/im?users={self.ids[user]}", timeout=10)[0] == 200

    def health(self):
        return ask(self.metrics, "/health", timeout=10)

    def until_logged_in(self):
        until(lambda: ask(self.metrics, "/ready", timeout=10)[0] == 200)

    def creates(self):
        """How many IMs the pod was asked for."""
        return pod.get(self.pod.address, "/emulator/requests")["paths"].get(
            "POST /pod/v1/im/create", 0)


def sanitized(program):
    """Whether the program has a sanitizer's own malloc and pthread_create."""
    text = pathlib.Path(program).read_bytes()
    return b"__asan_init" in text or b"__tsan_init" in text
