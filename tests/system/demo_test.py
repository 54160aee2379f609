#!/usr/bin/env python3
"""Runs the built tutti-pod and demo bot and compares the table with what the pod says it saw.

usage: demo_test.py TUTTI_DEMO TUTTI_POD SOURCE_DIR
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

DEMO, POD, SOURCE = sys.argv[1:4]
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402

LOGIN = "/login/pubkey/authenticate"
INFO = "/pod/v2/sessioninfo"
CONNECTIONS = "/pod/v1/connection/list"
USERS = "/pod/v3/users"
FEATURES = "/pod/v1/admin/user/{uid}/features"
CREATE = "/pod/v1/im/create"
CONNECTION = "/pod/v1/connection/user/{userId}/info"


def demo(environment, *more):
    return subprocess.run([DEMO, f"{SOURCE}/config/demo.yaml", *more],
                          env=environment, capture_output=True, text=True, timeout=60)


class demo_test(unittest.TestCase):
    def test_the_table_is_what_the_pod_saw(self):
        with pod.running_pod(POD, SOURCE, "--delay", "50") as (base, environment):
            shown = demo(environment)
            seen = pod.get(base, "/emulator/requests")["requests"]
            again = demo(environment)
        self.assertEqual(shown.returncode, 0, shown.stdout + shown.stderr)
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)

        # The talk: the answering bot logs in, twice. Each line of each person has one answer.
        logins = [i for i, each in enumerate(seen) if each["route"] == LOGIN]
        self.assertEqual(len(logins), 3)
        seen = seen[:logins[1]]
        for what, count in (("said by people", 3000), ("answers", 3000), ("lost", 0),
                            ("said twice", 0)):
            self.assertRegex(shown.stdout, rf"(?m)^  {what} +{count}\b")

        # The first 1,000: everything up to the last create.
        last = max(i for i, each in enumerate(seen) if each["route"] == CREATE)
        first_round = collections.Counter(each["route"] for each in seen[:last + 1])
        self.assertEqual(first_round[LOGIN], 1)
        self.assertEqual(first_round[INFO], 1)
        self.assertLessEqual(first_round[CONNECTIONS], 2)
        self.assertLessEqual(first_round[USERS], 2)
        self.assertLessEqual(first_round[FEATURES], 2)
        self.assertEqual(first_round[CREATE], 10)
        self.assertEqual(set(first_round), {LOGIN, INFO, CONNECTIONS, USERS, FEATURES, CREATE})

        # The table says the same.
        table = dict(re.findall(r"(?:GET|POST) (/\S+) +(\d+)", shown.stdout.split("three who")[0]))
        self.assertEqual({route: int(count) for route, count in table.items()}, dict(first_round))
        users = re.findall(r"^  \S+(?: \(ext\))? +\d+ +(\S{34}) +100$", shown.stdout, re.M)
        self.assertEqual(len(set(users)), 10)

        # The denials look each of the three up; the feature is switched on again; then nothing more.
        after = collections.Counter(each["route"] for each in seen[last + 1:])
        self.assertEqual(after[CONNECTIONS], 3)
        self.assertEqual(set(after), {CONNECTIONS, USERS, FEATURES, CONNECTION, FEATURES + "/update"})
        self.assertEqual(seen[-1]["route"], FEATURES + "/update", "the second round asked the pod")
        creates = [each["status"] for each in seen if each["route"] == CREATE]
        self.assertEqual(creates, [200] * 10, "a denial was asked for, or an IM twice")
        for reason in ("not_connected:", "unknown_user:", "not_entitled:"):
            self.assertIn(reason, shown.stdout)
        self.assertRegex(shown.stdout, r"the 1000 again: 1000 opened, requests: 0")

    def test_a_changed_count_is_marked_and_exits_non_zero(self):
        seed = pathlib.Path(SOURCE, "config/demo-pod.yaml").read_text()
        changed = seed.replace("to: xenia, status: accepted", "to: xenia, status: pending")
        self.assertNotEqual(seed, changed)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(changed)
            file.flush()
            with pod.running_pod(POD, SOURCE, "--seed", file.name) as (_, environment):
                shown = demo(environment)
        self.assertEqual(shown.returncode, 1)
        self.assertIn("<-- promised: 10 to 10", shown.stdout)

    def test_a_missing_key_is_named(self):
        with pod.running_pod(POD, SOURCE) as (_, environment):
            shown = demo(dict(environment, TUTTI_POD_KEYS="/nowhere"))
        self.assertEqual(shown.returncode, 1)
        self.assertIn("/nowhere/demo-bot.pem", shown.stdout)
        self.assertIn("login_refused", shown.stdout)

    def test_a_pod_that_is_not_there_is_named(self):
        with pod.running_pod(POD, SOURCE) as (_, environment):
            shown = demo(dict(environment, TUTTI_POD_PORT="1"))
        self.assertEqual(shown.returncode, 1)
        self.assertIn("127.0.0.1:1", shown.stderr)

    def test_a_typo_in_the_configuration_is_placed(self):
        shown = subprocess.run([DEMO, "/dev/stdin"], input="host: a\nbott: b\n",
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(shown.returncode, 78)
        self.assertIn("/dev/stdin:2:1: bott: unknown key; did you mean bot?", shown.stderr)

    def test_a_seed_with_a_typo_is_placed(self):
        shown = subprocess.run([POD, "--seed", "/dev/stdin"], input="userz: []\n",
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(shown.returncode, 1)
        self.assertIn("/dev/stdin:1: unknown key 'userz'", shown.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
