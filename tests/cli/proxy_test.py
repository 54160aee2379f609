"""Ways to the pod that lead through a real HTTP proxy.

usage: proxy_test.py TUTTI TUTTI_POD SOURCE
"""
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import pod  # noqa: E402
from ports import free_port  # noqa: E402

TUTTI, POD, SOURCE = sys.argv[1:4]


class proxy:
    """tinyproxy on a port of its own; lets through to `ports` only, and `user` only."""

    def __init__(self, folder, ports, user=None):
        self.port = free_port()
        self.log = pathlib.Path(folder, f"proxy-{self.port}.log")
        config = pathlib.Path(folder, f"proxy-{self.port}.conf")
        lines = [f"Port {self.port}", "Listen 127.0.0.1", "Timeout 60", f'LogFile "{self.log}"',
                 "LogLevel Connect", "MaxClients 50", "Allow 127.0.0.1"]
        lines += [f"ConnectPort {each}" for each in ports]
        lines += [f"BasicAuth {user[0]} {user[1]}"] if user else []
        config.write_text("\n".join(lines) + "\n")
        self.process = subprocess.Popen(["tinyproxy", "-d", "-c", str(config)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_until_it_listens()

    def wait_until_it_listens(self):
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.process.kill()  # It takes its time to end by itself.
        self.process.wait()


class proxy_test(unittest.TestCase):
    TLS = False

    def setUp(self):
        running = pod.running_pod(POD, SOURCE, *(("--tls", "self") if self.TLS else ()))
        self.base, environment = running.__enter__()
        self.addCleanup(running.__exit__, None, None, None)
        self.port = environment["TUTTI_POD_PORT"]
        self.keys = pathlib.Path(environment["TUTTI_POD_KEYS"])
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def start(self, ports=None, user=None):
        made = proxy(self.folder, [self.port] if ports is None else ports, user)
        self.addCleanup(made.__exit__)
        return made

    def open(self, at, more="", port=None):
        config = pathlib.Path(self.folder, "bot.yaml")
        lines = [f"scheme: {'https' if self.TLS else 'http'}", "host: 127.0.0.1",
                 f"port: {port or self.port}",
                 f"proxy: {{host: 127.0.0.1, port: {at}{more}}}",
                 f"bot: {{username: demo-bot, privateKey: {{path: {self.keys}/demo-bot.pem}}}}",
                 "defaultHeaders: {X-Desk: fx, User-Agent: fx-bot/1}"]
        if self.TLS:
            lines.append(f"ssl: {{trustStore: {{path: {self.keys}/tutti-pod-ca.pem}}}}")
        config.write_text("\n".join(lines) + "\n")
        return subprocess.run([TUTTI, "im", "open", "--config", str(config), "--each", "ada",
                               "ben"], capture_output=True, text=True, timeout=60, check=False)

    def failure(self, shown):
        return next(json.loads(each) for each in shown.stderr.splitlines() if each[0] == "{")

    def test_ims_open_through_it(self):
        at = self.start()
        shown = self.open(at.port)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(len(shown.stdout.splitlines()), 2)
        self.assertIn(f"127.0.0.1:{self.port}" if self.TLS else "POST http://127.0.0.1",
                      at.log.read_text())

    def test_with_its_user(self):
        at = self.start(user=("fx", "s3cret"))
        shown = self.open(at.port, ", username: fx, password: s3cret")
        self.assertEqual(shown.returncode, 0, shown.stderr)

    def test_without_its_user_407_is_explained(self):
        at = self.start(user=("fx", "s3cret"))
        shown = self.open(at.port)
        self.assertEqual(shown.returncode, 78, shown.stderr)
        why = self.failure(shown)
        self.assertEqual((why["error"], why["code"], why["status"]),
                         ("misconfigured", "proxy_authentication", 407))
        self.assertIn("set proxy.username", why["detail"])

    def test_with_a_wrong_password_too_and_it_is_not_told(self):
        at = self.start(user=("fx", "s3cret"))
        shown = self.open(at.port, ", username: fx, password: wr0ng")
        self.assertEqual(shown.returncode, 78, shown.stderr)
        self.assertEqual(self.failure(shown)["code"], "proxy_authentication")
        self.assertNotIn("wr0ng", shown.stderr)

    def test_a_proxy_that_is_away_is_named(self):
        shown = self.open(free_port())
        self.assertEqual(shown.returncode, 1, shown.stderr)
        self.assertEqual(self.failure(shown)["code"], "no_connection")
        self.assertIn("proxy.port", self.failure(shown)["detail"])


class tls_proxy_test(proxy_test):
    TLS = True

    def test_a_port_it_does_not_let_through_is_told(self):
        at = self.start(ports=[1])
        shown = self.open(at.port)
        self.assertEqual(shown.returncode, 78, shown.stderr)
        self.assertEqual(self.failure(shown)["code"], "proxy_refused")

    def test_a_host_behind_it_that_is_away_is_told(self):
        closed = free_port()
        at = self.start(ports=[closed])
        shown = self.open(at.port, port=closed)
        self.assertEqual(shown.returncode, 1, shown.stderr)
        self.assertEqual(self.failure(shown)["code"], "proxy_no_connection")

    def test_what_is_no_proxy_is_told(self):
        shown = self.open(self.port)
        self.assertEqual(shown.returncode, 1, shown.stderr)
        self.assertEqual(self.failure(shown)["code"], "proxy_connection_lost")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
