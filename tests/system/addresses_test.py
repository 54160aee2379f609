#!/usr/bin/env python3
"""A host whose name has several addresses, or moves to another one.

usage: addresses_test.py TUTTI TUTTI_POD SOURCE_DIR [PLUGIN_DIR]
"""
import http.server
import os
import pathlib
import socket
import sys
import threading
import time
import unittest

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
from bot_case import bot_case  # noqa: E402
from service import until  # noqa: E402

NAME = "pod.example.test"


class busy(http.server.BaseHTTPRequestHandler):
    """Answers 503 to whatever is asked."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):
        pass


class addresses_test(bot_case):
    def setUp(self):
        super().setUp()
        self.hosts = pathlib.Path(self.folder, "hosts")
        self.name_is("127.0.0.1")
        self.elsewhere = self.with_names_from("/etc/hosts", self.hosts, "files")

    def name_is(self, *addresses):
        """In place: the file is mounted by its inode."""
        with open(self.hosts, "w", encoding="ascii") as file:
            for each in ("localhost", NAME):
                for address in addresses if each == NAME else ("127.0.0.1",):
                    file.write(f"{address} {each}\n")

    def swallowing(self, address):
        """At the pod's port of another address: no process answers a SYN there."""
        full = self.stack.enter_context(socket.socket())
        full.bind((address, self.pod.port))
        full.listen(0)
        for _ in range(4):
            filler = self.stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex((address, self.pod.port))

    def test_an_address_that_swallows_the_syn_costs_a_moment(self):
        self.swallowing("127.0.0.2")
        self.name_is("127.0.0.2", "127.0.0.1")
        began = time.monotonic()
        ended = self.im_open("ada", within=15, prefix=self.elsewhere,
                             config=self.write(host=NAME))
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertLess(time.monotonic() - began, 3)

    def test_all_addresses_that_were_tried_are_named(self):
        self.swallowing("127.0.0.2")
        self.name_is("127.0.0.2", "127.0.0.3")
        ended = self.im_open("--timeout", "3s", "ada", within=10, prefix=self.elsewhere,
                             config=self.write(host=NAME, connectionTimeout="1s"))
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("127.0.0.2: no answer; 127.0.0.3: Connection refused", ended.stderr)

    def test_a_name_that_moves_is_followed_although_the_old_address_goes_on(self):
        old = http.server.ThreadingHTTPServer(("127.0.0.4", self.pod.port), busy)
        threading.Thread(target=old.serve_forever, daemon=True).start()
        self.stack.callback(old.server_close)
        self.stack.callback(old.shutdown)
        self.name_is("127.0.0.4")
        running = self.start(prefix=self.elsewhere, host=NAME)
        self.assertEqual(running.until_ready(), "READY=1")
        until(lambda: self.health()[1]["troubles"], seconds=15)
        self.name_is("127.0.0.1")
        until(lambda: not self.health()[1]["troubles"], seconds=15)
        self.assertEqual(self.open("ada")[0], 200)


if __name__ == "__main__":
    bot_case.use(TUTTI, POD, SOURCE)
    unittest.main(argv=sys.argv[:1] + [each for each in sys.argv[4:] if not os.path.isdir(each)])
