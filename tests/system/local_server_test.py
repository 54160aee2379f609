#!/usr/bin/env python3
"""Attacks the HTTP servers of relay, metrics and tutti-pod with bad messages and many connections.

usage: local_server_test.py TUTTI TUTTI_POD SOURCE_DIR
"""
import contextlib
import itertools
import json
import resource
import select
import socket
import struct
import os
import sys
import unittest

from raw_client import LOOPBACK, MEGABYTE, answers_in, attacked_case, head, peak_memory, send

# Of tests/support, which raw_client makes known.
import pod
from service import TOKEN, ask, until

REFUSED = (400, 413, 431)
CHUNKED = "Transfer-Encoding: chunked"
# Blocks of 64 KiB; a flood is 64 MB of them.
FLOOD = 1024
LETTERS = b"a" * (64 << 10)
ZEROS = b"0" * (64 << 10)
FIELDS = b"".join(b"x-%04d: %s\r\n" % (n, b"a" * 54) for n in range(1024))
CHUNKS = (b"1;" + b"a" * 1016 + b"\r\nx\r\n") * 64


class bad_messages:
    """The tests for every server; the classes below say which one."""

    # A GET without a body, and its status.
    path, status = "/health", 200
    # A refused client can send less than this, including what the kernel buffers.
    most = 6 * MEGABYTE

    def line(self):
        return "X-Nothing: 1"

    def begin(self, *lines, **more):
        return head(self.path, f"Host: {LOOPBACK}", self.line(), *lines, **more)

    def check_alive(self):
        statuses = []
        with contextlib.suppress(OSError):
            seen = send(self.port(), [self.begin("Connection: close")])
            statuses = [each.status for each in answers_in(seen.came)]
        self.assertEqual(statuses, [self.status], f"exit status: {self.process().poll()}")

    def check_bounded(self, first, block, stubborn=False):
        """Sends up to 64 MB; the server neither takes nor keeps them."""
        self.check_alive()
        before = peak_memory(self.process())
        pieces = itertools.chain([first], itertools.repeat(block, FLOOD))
        seen = send(self.port(), pieces, stubborn=stubborn)
        self.assertIsNone(self.process().poll(), "the process has ended")
        grown = peak_memory(self.process()) - before
        self.assertLess(seen.sent, self.most, f"it took them; memory grew by {grown >> 20} MB")
        self.assertLess(grown, 16 * MEGABYTE)
        self.assertTrue(seen.closed or seen.reset, "the connection is still open")
        for each in answers_in(seen.came):
            self.assertIn(each.status, REFUSED)
        self.check_alive()

    def test_a_trailer_of_100_000_bytes_is_refused(self):
        self.check_alive()
        seen = send(self.port(), [self.begin(CHUNKED) + b"0\r\nx-long: " + b"a" * 100_000 +
                                  b"\r\n\r\n"])
        self.check_alive()
        statuses = [each.status for each in answers_in(seen.came)]
        self.assertEqual(len(statuses), 1)
        self.assertIn(statuses[0], REFUSED)
        self.assertTrue(seen.closed, "the connection is still open")

    def test_trailers_without_an_end_are_refused(self):
        self.check_bounded(self.begin(CHUNKED) + b"0\r\n", FIELDS)

    def test_a_chunk_extension_without_an_end_is_refused(self):
        self.check_bounded(self.begin(CHUNKED) + b"1;", LETTERS)

    def test_a_chunk_size_without_an_end_is_refused(self):
        self.check_bounded(self.begin(CHUNKED), ZEROS)

    def test_tiny_chunks_with_extensions_without_an_end_are_refused(self):
        self.check_bounded(self.begin(CHUNKED), CHUNKS)

    def test_a_client_that_goes_on_after_its_refusal_is_cut_off(self):
        self.check_bounded(self.begin(CHUNKED) + b"1;", LETTERS, stubborn=True)

    def test_a_body_of_unclear_length_is_refused_and_never_read_as_a_request(self):
        second = self.begin()
        of_ten = dict(version="1.0")
        for lines, body, more in (
                (["Transfer-Encoding: xchunked"], b"", {}),
                (["Transfer-Encoding: identity"], b"", {}),
                (["Transfer-Encoding: chunked, identity"], b"", {}),
                (["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n", {}),
                ([CHUNKED, "Transfer-Encoding: identity"], b"", {}),
                (["Content-Length: 5", CHUNKED], b"0\r\n\r\n", {}),
                ([CHUNKED, "Content-Length: 5"], b"0\r\n\r\n", {}),
                ([CHUNKED], b"0\r\n\r\n", of_ten),
                ([CHUNKED, "Connection: keep-alive"], b"0\r\n\r\n", of_ten),
                (["Content-Length: 0", f"Content-Length: {len(second)}"], b"", {}),
                ([f"Content-Length: {len(second)}", "Content-Length: 0"], b"", {})):
            with self.subTest(lines=lines, **more):
                seen = send(self.port(), [self.begin(*lines, **more) + body + second], 2)
                self.assertEqual([each.status for each in answers_in(seen.came)], [400])
                self.assertTrue(seen.closed, "the connection is still open")
        self.check_alive()


class relay_messages_test(bad_messages, attacked_case):
    path, status = "/v1/im?users=1", 404

    def setUp(self):
        super().setUp()
        self.run_bot()

    def line(self):
        return f"Authorization: Bearer {TOKEN}"

    def port(self):
        return self.relay

    def process(self):
        return self.service.process


class metrics_messages_test(bad_messages, attacked_case):
    def setUp(self):
        super().setUp()
        self.run_bot()

    def port(self):
        return self.metrics

    def process(self):
        return self.service.process


class pod_messages_test(bad_messages, attacked_case):
    path = "/emulator/users"
    # It takes bodies of 4 MB.
    most = 12 * MEGABYTE

    def port(self):
        return self.pod.port

    def process(self):
        return self.pod.running


class connections_test(attacked_case):
    def hold_up(self, *users):
        """Connections with a request each that the pod answers only after a minute."""
        pod.post(self.pod.address, "/emulator/service-times", '{"/pod/v1/im/create": 60000}')
        made = []
        for user in users:
            body = json.dumps({"users": [user]}).encode()
            made.append(socket.create_connection((LOOPBACK, self.relay), timeout=5))
            self.addCleanup(made[-1].close)
            made[-1].sendall(self.post(body) + body)
        until(lambda: f"tutti_im_waiting {len(users)}\n" in ask(self.metrics, "/metrics")[1])
        return made

    @staticmethod
    def post(body):
        return head("/v1/im", f"Host: {LOOPBACK}", f"Authorization: Bearer {TOKEN}",
                    f"Content-Length: {len(body)}", method="POST")

    def test_clients_that_hang_up_give_their_places_back(self):
        self.run_bot({"maxConnections": 4})
        held = self.hold_up("ada", "ben", "cleo", "dan")
        self.assertEqual(ask(self.relay, "/v1/im?users=1")[0], 503)
        for each in held[:2]:  # These two reset the connection.
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for each in held:
            each.close()
        until(lambda: ask(self.relay, "/v1/im?users=1")[0] == 404, seconds=3)

    def test_one_client_too_many_reads_all_of_its_503(self):
        self.run_bot({"maxConnections": 1})
        self.hold_up("ada")
        body = json.dumps({"users": ["ben"]}).encode()
        for _ in range(10):
            with socket.create_connection((LOOPBACK, self.relay), timeout=5) as raw:
                raw.sendall(self.post(body))
                # The body follows after a pause, or when the answer has come first.
                select.select([raw], [], [], 0.1)
                raw.sendall(body)
                came = b""
                while some := raw.recv(1000):
                    came += some
                seen, = answers_in(came)
                self.assertEqual((seen.status, json.loads(seen.body)["error"]), (503, "overloaded"))
                self.assertIn("retry-after", seen.headers)

    def test_idle_clients_that_use_all_descriptors_do_not_silence_health(self):
        self.run_bot(before=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        self.assertEqual(ask(self.metrics, "/health")[0], 200)
        with contextlib.ExitStack() as idle:
            for _ in range(150):
                each = idle.enter_context(socket.socket())
                each.setblocking(False)
                each.connect_ex((LOOPBACK, self.metrics))
            seen = send(self.metrics, [head("/health", f"Host: {LOOPBACK}", "Connection: close")])
            self.assertEqual([each.status for each in answers_in(seen.came)], [200])
        lines = self.log_lines(" metrics ")
        self.assertTrue([each for each in lines if "descriptors" in each or "evicted" in each])
        self.assertLess(len(lines), 20)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + [each for each in sys.argv[4:] if not os.path.isdir(each)])
