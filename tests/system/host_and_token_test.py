#!/usr/bin/env python3
"""Tries wrong tokens, names of foreign hosts and bad limits at the plugins relay and metrics.

usage: host_and_token_test.py TUTTI TUTTI_POD SOURCE_DIR
"""
import concurrent.futures
import json
import subprocess
import os
import sys
import time
import unittest

from raw_client import LOOPBACK, TUTTI, answers_in, ask_raw, attacked_case, flood, head, send

# Of tests/support, which raw_client makes known.
from service import TOKEN, ask, until

KNOWN = "/v1/im?users=1"
RIGHT = f"Authorization: Bearer {TOKEN}"
WRONG = "Authorization: Bearer ffffffffffffffffffffffffffffffff"


class token_test(attacked_case):
    def setUp(self):
        super().setUp()
        self.run_bot()

    def about_tokens(self):
        return [line for line in self.log_lines(" relay ")
                if "unauthorized" in line or "401" in line]

    def check_log(self):
        """Wrong tokens are counted: few lines, however many there were."""
        until(lambda: self.log_lines(" relay unauthorized "), seconds=5)
        self.service.end()
        self.assertLess(len(self.about_tokens()), 20)
        self.assertNotIn(WRONG.split()[-1], self.service.text())

    def test_wrong_tokens_on_one_connection_are_slowed_down_and_counted(self):
        wrong = head(KNOWN, f"Host: {LOOPBACK}", WRONG)
        with concurrent.futures.ThreadPoolExecutor() as attackers:
            attack = attackers.submit(flood, self.relay, wrong, 1)
            right = []
            while not attack.done():
                right.append(send(self.relay, [head(KNOWN, f"Host: {LOOPBACK}", RIGHT,
                                                    "Connection: close")], 1).came)
                concurrent.futures.wait([attack], timeout=0.05)
            came = attack.result()
        for one in right:
            self.assertEqual([each.status for each in answers_in(one)], [404],
                             "a right token waited for long")
        self.assertIn(b"HTTP/1.1 401 ", came)
        self.assertLess(came.count(b"HTTP/1.1 "), 200)
        self.check_log()

    def test_wrong_tokens_on_many_connections_are_counted_as_well(self):
        with concurrent.futures.ThreadPoolExecutor(25) as attackers:
            asked = [attackers.submit(ask_raw, self.relay, f"Host: {LOOPBACK}", WRONG, path=KNOWN)
                     for _ in range(100)]
        self.assertEqual({each.result().status for each in asked}, {401})
        self.check_log()

    def test_wrong_tokens_on_a_new_connection_each_are_slowed_down_too(self):
        began = time.monotonic()
        for _ in range(9):
            self.assertEqual(
                ask_raw(self.relay, f"Host: {LOOPBACK}", WRONG, path=KNOWN).status, 401)
        # Four after 0.1 s each, four after 0.2 s, one after 0.4 s.
        self.assertGreater(time.monotonic() - began, 1.5)
        began = time.monotonic()
        self.assertEqual(ask_raw(self.relay, f"Host: {LOOPBACK}", RIGHT, path=KNOWN).status, 404)
        self.assertLess(time.monotonic() - began, 0.3, "a right token does not wait for wrong ones")


class host_test(attacked_case):
    def own(self, port):
        """The names a server on this port has by itself."""
        return ["localhost", "LOCALHOST", LOOPBACK, f"localhost:{port}", f"{LOOPBACK}:{port}",
                f"[::1]:{port}", "[::1]"]

    foreign = ["evil.example", "evil.example:80", "localhost.evil.example",
               f"{LOOPBACK}.evil.example", "evil.example@localhost", "192.0.2.1"]

    def check(self, port, status, own, *lines, **more):
        """A request under one of its own names gets the status, every other one a refusal."""
        for name in own:
            with self.subTest(port=port, name=name):
                self.assertEqual(ask_raw(port, f"Host: {name}", *lines, **more).status, status)
        for name in self.foreign:
            with self.subTest(port=port, name=name):
                seen = ask_raw(port, f"Host: {name}", *lines, **more)
                self.assertIn(seen.status, (400, 421) if "@" in name else (421,))
                self.assertIn("error", json.loads(seen.body))
        self.assertEqual(ask_raw(port, *lines, **more).status, 400)
        self.assertEqual(ask_raw(port, "Host: localhost", "Host: evil.example", *lines,
                                 **more).status, 400)
        self.assertEqual(ask_raw(port, *lines, version="1.0", **more).status, status)

    def test_metrics_answers_only_to_its_own_names(self):
        self.run_bot()
        self.check(self.metrics, 200, self.own(self.metrics))
        for path in ("/metrics", "/ready"):
            self.assertEqual(ask_raw(self.metrics, "Host: evil.example", path=path).status, 421)

    def test_relay_answers_only_to_its_own_names_even_with_the_right_token(self):
        self.run_bot()
        self.check(self.relay, 404, self.own(self.relay), RIGHT, path=KNOWN)

    def test_further_names_can_be_configured(self):
        self.run_bot({"hosts": ["bot.example"]}, {"hosts": ["bot.example", "other.example"]})
        self.check(self.relay, 404, [*self.own(self.relay), "bot.example",
                                     f"bot.example:{self.relay}"], RIGHT, path=KNOWN)
        self.check(self.metrics, 200, [*self.own(self.metrics), "bot.example", "other.example"])


class limits_test(attacked_case):
    def check_config(self, **more):
        """The ended `tutti config check` of a configuration with more settings of the plugins."""
        return subprocess.run([TUTTI, "config", "check", self.write(plugins=self.plugins(**more))],
                              capture_output=True, text=True, timeout=30)

    def test_limits_that_make_no_sense_are_refused(self):
        fine = self.check_config(relay={"maxBody": 1000, "maxConnections": 10},
                                 metrics={"maxConnections": 10})
        self.assertEqual(fine.returncode, 0, fine.stderr)
        for plugin, key, value in (("relay", "maxBody", "1e15"), ("relay", "maxBody", 10**15),
                                   ("relay", "maxBody", 0), ("relay", "maxConnections", 0),
                                   ("relay", "maxConnections", 1_000_000),
                                   ("metrics", "maxBody", "1e15"), ("metrics", "maxConnections", 0),
                                   ("metrics", "maxConnections", 1_000_000)):
            with self.subTest(plugin=plugin, key=key, value=value):
                seen = self.check_config(**{plugin: {key: value}})
                self.assertEqual(seen.returncode, 78, seen.stdout + seen.stderr)
                self.assertIn(plugin, seen.stderr)
                self.assertIn(key, seen.stderr)

    def test_a_member_that_is_there_twice_is_refused(self):
        self.run_bot()
        for again in ("users", "\\u0075sers"):
            body = f'{{"users":["ada"],"{again}":["ben"]}}'
            status, seen = ask(self.relay, "/v1/im", body)
            self.assertEqual(status, 400, seen)
            self.assertIn("users", seen["detail"])
        self.assertEqual(self.creates(), 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + [each for each in sys.argv[4:] if not os.path.isdir(each)])
