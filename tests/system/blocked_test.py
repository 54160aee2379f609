#!/usr/bin/env python3
"""Stops and deadlines of `tutti run` and `tutti im open` hold while a key, a name server or a pod
does not answer.

usage: blocked_test.py TUTTI TUTTI_POD SOURCE_DIR [PLUGIN_DIR]
"""
import contextlib
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import unittest

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
from bot_case import bot_case  # noqa: E402
from service import TOKEN, until  # noqa: E402

# What `tutti im open --timeout 2s` may take in all.
TWO_SECONDS = 3.5


def waits_for_a_fifo(process):
    """Whether a thread of the process is in the kernel to open a fifo, or to read one."""
    waits = set()
    for each in pathlib.Path(f"/proc/{process.pid}/task").iterdir():
        with contextlib.suppress(OSError):  # The thread has ended meanwhile.
            waits.add((each / "wchan").read_text())
    # Kernels that hide what threads wait for say 0.
    return waits == {"0"} or any("partner" in each or "pipe_read" in each for each in waits)


class blocked_case(bot_case):
    def fifo(self, opened=False):
        """A fifo that is never written; opening it waits, too, unless it is `opened` already."""
        path = f"{self.folder}/bot-key-{opened}.fifo"
        os.mkfifo(path)
        if opened:
            self.stack.callback(os.close, os.open(path, os.O_RDWR))
        return path

    def bot_with_key(self, path):
        return {"username": "demo-bot", "privateKey": {"path": path}}

    def assert_says(self, ended, statuses, *words):
        self.assertIn(ended.returncode, statuses, ended.stderr)
        line = json.loads(ended.stderr.splitlines()[-1])
        for word in words:
            self.assertIn(word, line["detail"], line)
        return line


class key_file_test(blocked_case):
    def test_a_bot_whose_key_file_does_not_answer_stops_in_time(self):
        for opened in (False, True):
            with self.subTest(opened_by_a_writer=opened):
                self.assert_stops(self.waiting_for(self.fifo(opened)), self.grace + 1)

    def test_a_bot_whose_certificate_file_does_not_answer_stops_in_time(self):
        fifo = self.fifo()
        running = self.waiting_for(
            fifo, bot={"username": "demo-bot", "certificate": {"path": fifo}},
            sessionAuth={"scheme": "https", "host": "127.0.0.1", "port": self.pod.port})
        self.assert_stops(running, self.grace + 1)

    def test_a_bot_with_requests_stops_in_time_while_its_key_file_does_not_answer(self):
        running = self.waiting_for(self.fifo())
        with socket.create_connection(("127.0.0.1", self.relay)) as caller:
            body = json.dumps({"users": [self.ids["ada"]]})
            caller.sendall(f"POST /v1/im HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                           f"{TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            # The relay answers a request that came later, so that it has seen this one.
            self.assertFalse(self.known("ada"))
            # The relay and the core have a grace each.
            self.assert_stops(running, 2 * self.grace + 1)

    def test_an_im_is_given_up_in_time_when_the_key_file_does_not_answer(self):
        for opened in (False, True):
            with self.subTest(opened_by_a_writer=opened):
                fifo = self.fifo(opened)
                ended = self.im_open("--timeout", "2s", "ada", within=TWO_SECONDS,
                                     config=self.write(bot=self.bot_with_key(fifo)))
                # As the deadline, as a login that failed or as a key that cannot be read.
                self.assert_says(ended, (1, 2, 78), fifo)

    def test_doctor_and_config_check_end_when_a_file_does_not_answer(self):
        relay = {"name": "relay", "port": 1}
        fifo = self.fifo()
        cases = {
            "key": ({"bot": self.bot_with_key(fifo)}, ("doctor",)),
            "certificate": ({"bot": {"username": "demo-bot", "certificate": {"path": fifo}},
                             "sessionAuth": {"scheme": "https"}}, ("doctor",)),
            "token": ({"plugins": [{**relay, "tokenPath": fifo}]}, ("doctor", "config check")),
            "trust store": ({"scheme": "https", "ssl": {"trustStore": {"path": fifo}}},
                            ("doctor", "config check")),
            "revocation lists": ({"scheme": "https", "ssl": {"crl": fifo}},
                                 ("doctor", "config check")),
        }
        for name, (settings, commands) in cases.items():
            for command in commands:
                with self.subTest(file=name, command=command):
                    path = self.write(**settings)
                    given = ["--config", path] if command == "doctor" else [path]
                    ended = subprocess.run(
                        [TUTTI, *command.split(), *given], timeout=30, stdin=subprocess.DEVNULL,
                        capture_output=True, text=True, check=False)
                    self.assertNotEqual(ended.returncode, 0)
                    self.assertIn("has not answered for 5000 ms", ended.stdout + ended.stderr)
                    self.assertIn(fifo, ended.stdout + ended.stderr)

    def waiting_for(self, fifo, **more):
        """A bot that reads its key from the fifo, which it does at its first login."""
        running = self.start(**{"bot": self.bot_with_key(fifo), **more})
        self.assertEqual(running.until_ready(), "READY=1")
        # A bot may also refuse what is no regular file.
        until(lambda: waits_for_a_fifo(running.process) or self.health()[1]["troubles"])
        return running


class name_server_test(blocked_case):
    def setUp(self):
        super().setUp()
        self.server, address = self.silent_name_server()
        resolv = pathlib.Path(self.folder, "resolv.conf")
        resolv.write_text(f"nameserver {address}\n")
        self.elsewhere = self.with_names_from("/etc/resolv.conf", resolv, "files dns")

    def silent_name_server(self):
        """A socket at port 53 of an address of the loopback; it never answers."""
        made = self.stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        made.setblocking(False)
        for _ in range(20):
            address = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}.53"
            with contextlib.suppress(OSError):
                made.bind((address, 53))
                return made, address
        self.skipTest("port 53 cannot be bound on any address tried")

    def was_asked(self):
        with contextlib.suppress(BlockingIOError):
            return b"\x03pod\x07example\x04test" in self.server.recv(1000)

    def test_a_bot_whose_name_server_does_not_answer_stops_in_time(self):
        running = self.start(prefix=self.elsewhere, host="pod.example.test")
        self.assertEqual(running.until_ready(), "READY=1")
        until(self.was_asked)
        self.assert_stops(running, self.grace + 1)

    def test_an_im_is_given_up_in_time_when_the_name_server_does_not_answer(self):
        ended = self.im_open("--timeout", "2s", "ada", within=TWO_SECONDS, prefix=self.elsewhere,
                             config=self.write(host="pod.example.test"))
        self.assertTrue(self.was_asked())
        line = self.assert_says(ended, (1,))
        self.assertEqual(line["error"], "deadline_exceeded")


class pod_test(blocked_case):
    def test_an_im_is_given_up_in_time_when_the_pod_accepts_and_says_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            ended = self.im_open("--timeout", "2s", "ada", within=TWO_SECONDS,
                                 config=self.write(port=mute.getsockname()[1]))
            line = self.assert_says(ended, (1,), "no answer", "2000 ms")
        self.assertEqual(line["error"], "deadline_exceeded")

    def test_a_bot_whose_pod_accepts_and_says_nothing_stops_in_time(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            running = self.start(port=mute.getsockname()[1])
            self.assertEqual(running.until_ready(), "READY=1")
            mute.settimeout(10)
            with mute.accept()[0]:
                self.assert_stops(running, self.grace + 1)


if __name__ == "__main__":
    bot_case.use(TUTTI, POD, SOURCE)
    unittest.main(argv=sys.argv[:1] + [each for each in sys.argv[4:] if not os.path.isdir(each)])
