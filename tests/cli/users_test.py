#!/usr/bin/env python3
"""Users, rooms and streams by the names people use: which is found, and what is said when none is.

usage: users_test.py TUTTI TUTTI_POD SOURCE_DIR
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402

DEMO = f"{SOURCE}/config/demo.yaml"
USERS = "GET /pod/v3/users"
CROWD = [f"u{i}@our.bank" for i in range(150)]
MORE_USERS = """
  # Two accounts behind one address, two of which one has left, and two of another company.
  - { pod: 130, username: kim, email: kim@our.bank }
  - { pod: 130, username: kim-desk, email: Kim@our.bank }
  - { pod: 130, username: lee-old, email: lee@our.bank, active: false }
  - { pod: 130, username: lee, email: lee@our.bank }
  - { pod: 197, username: max, email: max@their.bank, features: { isExternalIMEnabled: true } }
  - { pod: 197, username: max-desk, email: max@their.bank, features: { isExternalIMEnabled: true } }
  # A username that the other pod has, too.
  - { pod: 197, username: ada, email: ada@their.bank }
"""


def seed():
    text = pathlib.Path(SOURCE, "config/demo-pod.yaml").read_text()
    crowd = "".join(f"  - {{ pod: 130, username: {each.split('@')[0]}, email: {each} }}\n" for each in CROWD)
    return text.replace("\n# By it demo-bot", MORE_USERS + crowd + "\n# By it demo-bot")


def lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


class users_test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        file = pathlib.Path(cls.folder.name, "seed.yaml")
        file.write_text(seed())
        cls.pod = pod.running_pod(POD, SOURCE, "--seed", str(file))
        cls.base, cls.environment = cls.pod.__enter__()
        cls.ids = pod.get(cls.base, "/emulator/users")

    @classmethod
    def tearDownClass(cls):
        cls.pod.__exit__(None, None, None)
        cls.folder.cleanup()

    def run_verb(self, *command, status=0):
        shown = subprocess.run([TUTTI, *command[:2], "--config", DEMO, *command[2:]],
                               env=self.environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(shown.returncode, status, shown.stdout + shown.stderr)
        self.stderr = shown.stderr
        return lines(shown.stdout), lines(shown.stderr)

    def seen(self, path):
        return pod.get(self.base, "/emulator/requests")["paths"].get(path, 0)

    # -- who is meant --------------------------------------------------------------------------

    def test_an_address_of_two_accounts_opens_nothing(self):
        for command in (("im", "open"), ("room", "create", "Kims"), ("connection", "info")):
            created = self.seen("POST /pod/v1/im/create") + self.seen("POST /pod/v3/room/create")
            _, failed = self.run_verb(*command, "kim@our.bank", status=3)
            self.assertEqual(failed[0]["code"], "ambiguous", command)
            self.assertIn(str(self.ids["kim"]), failed[0]["detail"])
            self.assertIn(str(self.ids["kim-desk"]), failed[0]["detail"])
            self.assertEqual(self.seen("POST /pod/v1/im/create") +
                             self.seen("POST /pod/v3/room/create"), created)

    def test_so_does_one_of_another_company(self):
        _, failed = self.run_verb("im", "open", "max@their.bank", status=3)
        self.assertEqual(failed[0]["code"], "ambiguous")

    def test_an_account_that_has_left_is_none(self):
        opened, _ = self.run_verb("im", "open", "lee@our.bank")
        self.assertEqual(opened[0]["participants"], [self.ids["lee"]])

    def test_a_username_is_one_of_the_bot_s_own_pod(self):
        opened, _ = self.run_verb("im", "open", "ada")
        self.assertEqual(opened[0]["participants"][0] >> 36, 130)

    def test_the_others_are_opened_and_each_who_is_none_is_told(self):
        opened, failed = self.run_verb("im", "open", "--each", "ben", "kim@our.bank", "nobody",
                                       "cleo@our.bank", status=3)
        self.assertEqual({each["participants"][0] for each in opened},
                         {self.ids["ben"], self.ids["cleo"]})
        self.assertEqual({each["participants"][0]: each["error"] for each in failed},
                         {"kim@our.bank": "invalid_participants", "nobody": "unknown_user"})

    def test_a_room_is_made_only_when_all_its_members_are_found(self):
        rooms = self.seen("POST /pod/v3/room/create")
        _, failed = self.run_verb("room", "create", "More", "nobody", "ada", "none@our.bank", status=3)
        self.assertEqual([each["participants"] for each in failed], [["nobody"], ["none@our.bank"]])
        self.assertEqual(self.seen("POST /pod/v3/room/create"), rooms)

    def test_so_it_is_with_ids(self):
        rooms = self.seen("POST /pod/v3/room/create")
        _, failed = self.run_verb("room", "create", "Ids", "4711", "ben", status=3)
        self.assertEqual(failed[0]["participants"], [4711])
        self.assertEqual(self.seen("POST /pod/v3/room/create"), rooms)

    def test_of_several_users_of_a_connection_each_is_told(self):
        shown, failed = self.run_verb("connection", "info", "ben", "nobody1", "nobody2", status=3)
        self.assertEqual([each["user"] for each in shown], [self.ids["ben"]])
        self.assertEqual([each["participants"] for each in failed], [["nobody1"], ["nobody2"]])

    def test_long_names_travel_in_queries_that_servers_take(self):
        names = ["\u0436" * 60 + f"{i}@our.bank" for i in range(99)]
        opened, failed = self.run_verb("im", "open", "--each", *names, "ben@our.bank", status=3)
        self.assertEqual(len(opened), 1)
        self.assertEqual({each["error"] for each in failed}, {"unknown_user"})

    def test_a_connection_with_nobody_is_no_connection(self):
        _, failed = self.run_verb("connection", "info", "4711", status=3)
        self.assertEqual(failed[0]["error"], "unknown_user")
        asked, _ = self.run_verb("connection", "info", str(self.ids["zoe"]))
        self.assertEqual(asked[0]["status"], "NONE")

    def test_nobody_acts_on_behalf_of_an_unknown_user(self):
        for who in ("nobody", "4711"):
            _, failed = self.run_verb("im", "open", "--as", who, "ben", status=3)
            self.assertEqual(failed[0]["error"], "unknown_user")

    def test_a_name_with_a_comma_is_no_name(self):
        for name in ("ben,nobody", "ben,cleo"):
            _, failed = self.run_verb("im", "open", name, status=64)
            self.assertEqual(failed[0]["code"], "usage")

    def test_a_mark_before_a_line_is_passed_over(self):
        shown = subprocess.run([TUTTI, "im", "open", "--config", DEMO, "--json-lines"], env=self.environment,
                               input=b"\xef\xbb\xbf[\"ben\"]\n", capture_output=True, timeout=60)
        self.assertEqual(shown.returncode, 0, shown.stderr)

    # -- how many questions ----------------------------------------------------------------------

    def test_many_addresses_are_looked_up_a_hundred_at_a_time(self):
        for concurrency in ("8", "64"):
            before = self.seen(USERS)
            opened, failed = self.run_verb("im", "open", "--each", "--concurrency", concurrency, *CROWD)
            self.assertEqual((len(opened), len(failed)), (150, 0))
            # None of them is asked for again to learn that it is internal.
            self.assertEqual(self.seen(USERS) - before, 2)

    def test_with_few_descriptors_all_are_opened_over_the_connections_there_are(self):
        for most in (20, 24):
            shown = subprocess.run([TUTTI, "im", "open", "--config", DEMO, "--each", "--concurrency", "150",
                                    *CROWD], env=self.environment, capture_output=True, text=True, timeout=60,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)))
            self.assertEqual(shown.returncode, 0, shown.stderr[:500])
            self.assertEqual(len(lines(shown.stdout)), 150)

    def test_many_who_are_none_are_told_one_by_one(self):
        names = [f"no{i}" for i in range(3000)]
        opened, failed = self.run_verb("im", "open", "--each", "ben", *names, status=3)
        self.assertEqual((len(opened), len(failed)), (1, 3000))

    def test_users_of_other_companies_are_looked_up_side_by_side(self):
        pod.post(self.base, "/emulator/service-times", json.dumps({"/pod/v3/users": 300}))
        try:
            opened, failed = self.run_verb("im", "open", "--each", "--timeout", "5s", "xenia@their.bank",
                                           *[f"none{i}@their.bank" for i in range(60)], status=3)
        finally:
            pod.post(self.base, "/emulator/service-times", json.dumps({"/pod/v3/users": 0}))
        self.assertEqual(len(opened), 1)
        self.assertEqual({each["error"] for each in failed}, {"unknown_user"})

    def test_an_im_has_its_whole_time_from_its_turn_on(self):
        # The first question gets no answer, nor when it is sent again; the IMs behind it ask once more.
        pod.post(self.base, "/emulator/faults",
                 json.dumps([{"path": "/pod/v3/users", "count": 2, "hang": True}]))
        opened, failed = self.run_verb("im", "open", "--each", "--concurrency", "1", "--timeout", "2s", "dan",
                                       "eve", status=1)
        self.assertEqual([each["participants"] for each in failed], [["dan"]])
        self.assertEqual([each["participants"][0] for each in opened], [self.ids["eve"]])

    def test_so_are_the_members_of_one_room(self):
        before = self.seen(USERS)
        shown = subprocess.Popen([TUTTI, "room", "create", "--config", DEMO, "Crowd", *CROWD, "nobody"],
                                 env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        shown.communicate(timeout=60)
        self.assertEqual(shown.returncode, 3)
        # Two for the addresses, one for the name.
        self.assertEqual(self.seen(USERS) - before, 3)

    # -- rooms and streams --------------------------------------------------------------------------

    def test_names_of_rooms_have_characters(self):
        made, _ = self.run_verb("room", "create", "ä" * 49)
        self.assertEqual(made[0]["name"], "ä" * 49)
        self.run_verb("room", "create", "ä" * 50, status=64)

    def test_a_search_shows_what_it_left_out(self):
        for at in range(102):
            self.run_verb("room", "create", f"Row {at}")
        found, _ = self.run_verb("room", "search", "Row")
        self.assertEqual(len(found), 102)
        found, _ = self.run_verb("room", "search", "Row", "--limit", "101")
        self.assertEqual(len(found), 101)
        self.assertIn("102 rooms match, the first 101 are shown", self.stderr)
        found, _ = self.run_verb("stream", "list", "--limit", "1")
        self.assertEqual(len(found), 1)
        self.assertIn("more streams than the 1 shown", self.stderr)

    def test_a_stream_id_may_begin_with_a_dash(self):
        for given in ("-XGxbTcvTDK6EIMMrwdOrX-_quztr2HdA", "--GxbTcvTDK6EIMMrwdOrX-_quztr2HdA"):
            for command in (("room", "info", given), ("room", "add", given, "ada"),
                            ("stream", "info", given, "--timeout", "5s")):
                _, failed = self.run_verb(*command, status=1)
                self.assertEqual(failed[0]["error"], "rejected", command)
        self.run_verb("room", "create", "Dashes", "--description", "-" * 30)
        self.run_verb("room", "info", "--no-such-option", status=64)
        made, _ = self.run_verb("room", "create", "Options", "--description=Foreign-Exchange-Desk-of-ours")
        self.assertEqual(made[0]["description"], "Foreign-Exchange-Desk-of-ours")
        stream = made[0]["streamId"]
        _, failed = self.run_verb("room", "add", stream, "--as=foreign-exchange-desk-1", "ben", status=3)
        self.assertEqual(failed[0]["error"], "unknown_user")
        self.run_verb("room", "add", stream, "--an-option-that-does-not-exist", "ben", status=64)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
