#!/usr/bin/env python3
"""The verbs of tutti and tutti-pod, as a user runs them.

usage: commands_test.py TUTTI TUTTI_POD SOURCE_DIR
"""
import json
import os
import pathlib
import pty
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402

DEMO = f"{SOURCE}/config/demo.yaml"
CREATE = "/pod/v1/im/create"


def tutti(*arguments, environment=None, given="", folder=None):
    return subprocess.run([TUTTI, *arguments], env=environment, input=given, capture_output=True,
                          text=True, timeout=60, cwd=folder)


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


class messageml_test(unittest.TestCase):
    def run_on(self, message, *arguments, data=None):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "m.xml")
            file.write_text(message)
            more = []
            if data is not None:
                entities = pathlib.Path(folder, "d.json")
                entities.write_text(data)
                more = ["--data", str(entities)]
            shown = tutti("messageml", *arguments, *more, str(file))
            return shown.returncode, shown.stdout, shown.stderr.replace(f"{folder}/", "")

    def test_each_fault_is_a_line_with_its_place(self):
        status, out, err = self.run_on('<messageML><b foo="1"><p/></b>\n<li/></messageML>', "check")
        self.assertEqual((status, out), (1, ""))
        self.assertEqual(err.splitlines(), [
            "m.xml:1:12: unknown-attribute: <b> foo: the element does not take it",
            "m.xml:1:12: child-not-allowed: <b> <p> is not allowed in it",
            "m.xml:2:1: wrong-parent: <li> it may stand in <ul> only"])

    def test_what_is_stored_can_be_seen(self):
        message = '<messageML><p>Hello <hash tag="x"/></p></messageML>'
        self.assertEqual(self.run_on(message, "show"), (0, "Hello #x\n", ""))
        status, out, _ = self.run_on(message, "show", "--presentation", "--entities")
        presentation, entities = out.splitlines()
        self.assertEqual(status, 0)
        self.assertEqual(presentation, '<div data-format="PresentationML" data-version="2.0"><p>Hello '
                         '<span class="entity" data-entity-id="keyword1">#x</span></p></div>')
        self.assertEqual(json.loads(entities)["keyword1"]["id"][0]["value"], "x")

    def test_entity_data_comes_from_a_file(self):
        message = '<messageML>${entity.who.name}</messageML>'
        self.assertEqual(self.run_on(message, "show", data='{"who":{"name":"ada"}}')[1], "ada\n")
        status, _, err = self.run_on(message, "check", data="[]")
        self.assertEqual(status, 1)
        self.assertIn("bad-entity-json", err)

    def test_a_file_that_is_not_there_is_named(self):
        shown = tutti("messageml", "check", "/no/such/file")
        self.assertEqual(shown.returncode, 64)
        self.assertIn("/no/such/file: cannot be read", shown.stderr)


class im_open_test(unittest.TestCase):
    def setUp(self):
        self.pod = pod.running_pod(POD, SOURCE)
        self.base, self.environment = self.pod.__enter__()
        self.ids = pod.get(self.base, "/emulator/users")

    def tearDown(self):
        self.pod.__exit__(None, None, None)

    def open(self, *arguments, given=""):
        return tutti("im", "open", "--config", DEMO, *arguments, environment=self.environment,
                     given=given)

    def test_an_id_a_username_and_an_address_are_one_user(self):
        shown = self.open("--each", "--concurrency", "1", "ada", "ada@our.bank",
                          str(self.ids["ada"]))
        self.assertEqual(shown.returncode, 0, shown.stderr)
        seen = lines(shown.stdout)
        self.assertEqual([each["participants"] for each in seen], [[self.ids["ada"]]] * 3)
        self.assertEqual(len({each["streamId"] for each in seen}), 1)
        self.assertEqual([each["origin"] for each in seen], ["pod", "directory", "directory"])
        self.assertEqual(set(seen[0]), {"streamId", "participants", "origin"})

    def test_plugins_of_the_configuration_are_not_started(self):
        # They run already, with `tutti run`, and hold their ports.
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder, "bot.yaml")
            port = self.environment["TUTTI_POD_PORT"]
            config.write_text(pathlib.Path(DEMO).read_text() +
                              f"plugins: [{{ name: metrics, port: {port} }}]\n")
            for command in (("im", "open", "--config", str(config), "ada"),
                            ("doctor", "--config", str(config))):
                shown = tutti(*command, environment=self.environment)
                self.assertEqual(shown.returncode, 0, shown.stdout + shown.stderr)
            config.write_text(config.read_text().replace("metrics", "metrcs"))
            shown = tutti("doctor", "--config", str(config), environment=self.environment)
            self.assertEqual(shown.returncode, 78)
            self.assertIn("metrcs", shown.stdout)

    def test_on_behalf_of_a_user_the_im_is_the_user_s(self):
        shown = self.open("--as", "ada", "ben")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(lines(shown.stdout)[0]["participants"], [self.ids["ben"]])
        paths = pod.get(self.base, "/emulator/requests")["paths"]
        self.assertEqual(paths["POST /login/pubkey/app/authenticate"], 1)
        self.assertEqual(paths["POST /login/pubkey/app/username/{username}/authenticate"], 1)
        shown = self.open("--as", "nobody", "ben")
        self.assertEqual(shown.returncode, 3)
        self.assertEqual(lines(shown.stderr)[0]["error"], "unknown_user")

    def test_at_once_they_share_a_request(self):
        pod.post(self.base, "/emulator/service-times", json.dumps({CREATE: 200}))
        shown = self.open("--each", "ada", "ada")
        self.assertEqual({each["origin"] for each in lines(shown.stdout)}, {"pod", "joined"})
        self.assertEqual(pod.get(self.base, "/emulator/requests")["paths"]["POST " + CREATE], 1)

    def test_the_caller_is_implicit_unless_the_admin_form_lists_it(self):
        shown = self.open("demo-bot", "ada")
        self.assertEqual(lines(shown.stdout)[0]["participants"], [self.ids["ada"]])
        shown = self.open("--admin", "demo-bot", "ada")
        self.assertEqual(lines(shown.stdout)[0]["participants"],
                         sorted([self.ids["demo-bot"], self.ids["ada"]]))

    def test_lines_are_answered_and_the_worst_is_the_exit_status(self):
        given = '["ada"]\n\n[%d]\n["nobody"]\n["ben","cleo"]\n' % self.ids["ben"]
        shown = self.open("--json-lines", given=given)
        self.assertEqual(shown.returncode, 3)
        self.assertEqual(len(lines(shown.stdout)), 2)
        self.assertEqual(sorted(each["error"] for each in lines(shown.stderr)),
                         ["multi_party_unsupported", "unknown_user"])

    def test_an_external_user_is_found_by_address(self):
        shown = self.open("xenia@their.bank")
        self.assertEqual(lines(shown.stdout)[0]["participants"], [self.ids["xenia"]], shown.stderr)

    def test_a_thousand_lines_take_few_look_ups(self):
        names = ["ada", "ben", "cleo", "dan", "eve", "fay", "gil", "hal", "ida"]
        given = "".join(json.dumps([names[i % 9]]) + "\n" for i in range(1000))
        shown = self.open("--json-lines", given=given)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(len(lines(shown.stdout)), 1000)
        paths = pod.get(self.base, "/emulator/requests")["paths"]
        self.assertEqual(paths["POST " + CREATE], 9)
        self.assertLess(sum(paths.values()), 30)

    def test_ctrl_c_ends_it_and_what_was_opened_is_told(self):
        pod.post(self.base, "/emulator/faults",
                 json.dumps([{"path": CREATE, "count": 1}, {"path": CREATE, "hang": True}]))
        running = subprocess.Popen([TUTTI, "im", "open", "--config", DEMO, "--each",
                                    "--concurrency", "1", "ada", "ben", "cleo"],
                                   env=self.environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        first = json.loads(running.stdout.readline())
        self.assertEqual(first["participants"], [self.ids["ada"]])
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
        self.assertEqual(running.returncode, 1)
        self.assertEqual(out, "")
        self.assertIn("interrupted: 1 opened, 2 not", err)
        self.assertEqual(err.count('"error":"cancelled"'), 2)

    def test_ctrl_c_while_nothing_comes_from_standard_input(self):
        running = subprocess.Popen([TUTTI, "im", "open", "--config", DEMO, "--json-lines"],
                                   env=self.environment, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.stdin.write('["ada"]\n')
        running.stdin.flush()
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        self.assertEqual(running.wait(timeout=30), 1)
        running.communicate()

    def test_a_line_of_progress_stands_on_a_terminal_only(self):
        pod.post(self.base, "/emulator/service-times", json.dumps({CREATE: 1500}))
        main, side = pty.openpty()
        running = subprocess.Popen([TUTTI, "im", "open", "--config", DEMO, "ada"],
                                   env=self.environment, stdout=subprocess.PIPE, stderr=side)
        os.close(side)
        self.assertEqual(running.wait(timeout=30), 0)
        running.stdout.close()
        shown = os.read(main, 65536).decode()
        os.close(main)
        self.assertIn("0 opened, 0 not, 1 under way", shown)

    def test_a_pod_that_says_when_is_waited_for(self):
        for after in (1, 7):
            pod.post(self.base, "/emulator/faults", json.dumps(
                [{"path": CREATE, "status": 429, "retryAfter": after, "count": 1}]))
            shown = self.open(["ada", "ben"][after == 7])
            self.assertEqual(shown.returncode, 0, shown.stderr)

    def test_a_full_disk_is_told(self):
        with open("/dev/full", "w") as full:
            shown = subprocess.run([TUTTI, "im", "open", "--config", DEMO, "ada"],
                                   env=self.environment, stdout=full, stderr=subprocess.PIPE,
                                   text=True, timeout=60)
        self.assertEqual(shown.returncode, 1)
        self.assertIn("standard output cannot be written", shown.stderr)

    def test_lines_are_json_whatever_the_pod_says(self):
        pod.post(self.base, "/emulator/faults", json.dumps(
            [{"path": CREATE, "status": 400, "body": "x" * 199 + "\u00e9\u00e9"}]))
        shown = self.open("ada")
        self.assertIn("x" * 199 + "...", lines(shown.stderr)[0]["detail"])
        shown = subprocess.run([TUTTI, "im", "open", "--config", DEMO, b"\xff\xe9"],
                               env=self.environment, capture_output=True, timeout=60)
        self.assertEqual(json.loads(shown.stderr.decode())["participants"], ["\ufffd\ufffd"])

    def test_no_key_and_no_password_stands_in_any_output(self):
        folder = self.environment["TUTTI_POD_KEYS"]
        plain = pathlib.Path(folder, "demo-bot.pem")
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", plain, "-passout", "pass:open-sesame",
                        "-out", f"{folder}/k.pem"], check=True, capture_output=True)
        config = pathlib.Path(folder, "bot.json")
        for password in ("open-sesame", "wrong-open-sesame"):
            config.write_text(json.dumps({
                "scheme": "http", "host": "127.0.0.1", "port": self.environment["TUTTI_POD_PORT"],
                "ssl": {"trustStore": {"password": "store-secret"}},
                "bot": {"username": "demo-bot", "privateKey": {
                    "content": pathlib.Path(folder, "k.pem").read_text(), "password": password}}}))
            told = ""
            for verb in (["im", "open", "--log-level", "trace", "--each", "ada", "zoe"],
                         ["im", "open", "--log-level", "trace", "--log-json", "ada"], ["doctor"]):
                shown = tutti(*verb, "--config", str(config))
                told += shown.stdout + shown.stderr
            self.assertTrue(told)
            self.assertNotIn("open-sesame", told)
            self.assertNotIn("store-secret", told)
            for file in ("demo-bot.pem", "k.pem"):
                for line in pathlib.Path(folder, file).read_text().splitlines():
                    if not line.startswith("-----"):
                        self.assertNotIn(line[:20], told)

    def test_closed_streams_are_told_and_lend_their_number_to_nobody(self):
        open_it = f'"{TUTTI}" im open --config "{DEMO}"'
        for line, status in ((f"{open_it} --json-lines <&-", 0), (f"{open_it} ada >&-", 0),
                             (f"{open_it} --json-lines </tmp", 64)):
            shown = subprocess.run(["bash", "-c", line], env=self.environment, timeout=30,
                                   capture_output=True, text=True)
            self.assertEqual(shown.returncode, status, line + shown.stderr)

    def test_log_lines_are_asked_for(self):
        shown = self.open("--log-level", "debug", "ada")
        self.assertRegex(shown.stderr, r"(?m)^\S+ debug http exchange method=POST "
                         r"path=/pod/v1/im/create status=200 ms=\d+ trace=\w{6}$")
        shown = self.open("--log-level", "debug", "--log-json", "ada")
        for line in lines(shown.stderr):
            self.assertEqual(list(line)[:4], ["time", "level", "component", "event"])
        self.assertEqual(self.open("ada").stderr, "")


class doctor_test(unittest.TestCase):
    def checks(self, shown):
        return {line.split()[1]: line.split()[0] for line in shown.stdout.splitlines()}

    def test_a_healthy_bot(self):
        with pod.running_pod(POD, SOURCE) as (_, environment):
            shown = tutti("doctor", "--config", DEMO, environment=environment)
        self.assertEqual(shown.returncode, 0, shown.stdout)
        self.assertEqual(self.checks(shown), dict.fromkeys(
            ["config", "key", "app-key", "host", "clock", "app-login", "login", "session",
             "entitlements", "agent", "feeds"], "ok"))

    def test_what_is_wrong_is_told_with_the_exit_status(self):
        with pod.running_pod(POD, SOURCE) as (base, environment):
            key = pathlib.Path(environment["TUTTI_POD_KEYS"], "demo-bot.pem")
            key.chmod(0o644)
            shown = tutti("doctor", "--config", DEMO, environment=environment)
            self.assertEqual(self.checks(shown)["key"], "warn")
            self.assertIn(f"chmod 600 {key}", shown.stdout)
            pod.post(base, "/emulator/clock", '{"aheadSeconds": 600}')
            shown = tutti("doctor", "--config", DEMO, environment=environment)
            self.assertEqual(shown.returncode, 2)
            self.assertEqual(self.checks(shown)["clock"], "FAIL")
            pod.post(base, "/emulator/clock", '{"aheadSeconds": 0}')
            subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True,
                           capture_output=True)
            shown = tutti("doctor", "--config", DEMO, environment=environment)
            self.assertEqual(shown.returncode, 2)
            self.assertEqual(self.checks(shown)["login"], "FAIL")
            key.unlink()
            shown = tutti("doctor", "--config", DEMO, environment=environment)
            self.assertEqual(shown.returncode, 78)
            self.assertEqual(self.checks(shown)["key"], "FAIL")
            self.assertEqual(self.checks(shown)["host"], "ok")
        shown = tutti("doctor", "--config", DEMO, environment=environment)
        self.assertEqual(self.checks(shown)["host"], "FAIL")
        self.assertIn("Connection refused", shown.stdout)
        shown = tutti("doctor", "--config", "/nowhere.yaml")
        self.assertEqual(shown.returncode, 78)

    def test_the_datahose_is_tried(self):
        for roles, status in (("[INDIVIDUAL]", "FAIL"), ("[CONTENT_EXPORT_SERVICE]", "ok")):
            with tempfile.TemporaryDirectory() as folder:
                seed = pathlib.Path(folder, "seed.yaml")
                seed.write_text(pathlib.Path(SOURCE, "config/demo-pod.yaml").read_text().replace(
                    "[INDIVIDUAL, USER_PROVISIONING]", roles))
                bot = pathlib.Path(folder, "bot.yaml")
                bot.write_text(pathlib.Path(DEMO).read_text() + "datafeed: {version: datahose}\n"
                               "datahose: {eventTypes: [ROOMCREATED]}\n")
                with pod.running_pod(POD, SOURCE, "--seed", str(seed)) as (_, environment):
                    shown = tutti("doctor", "--config", str(bot), environment=environment)
            self.assertEqual(self.checks(shown)["feeds"], status, shown.stdout)

    def test_a_hanging_pod_is_told_in_seconds(self):
        with pod.running_pod(POD, SOURCE) as (base, environment):
            pod.post(base, "/emulator/faults", '[{"hang": true}]')
            shown = tutti("doctor", "--config", DEMO, environment=environment)
        self.assertEqual(shown.returncode, 1)
        self.assertIn("5000 ms", shown.stdout)

    def test_a_hanging_login_is_told_as_such(self):
        with pod.running_pod(POD, SOURCE) as (base, environment):
            pod.post(base, "/emulator/faults",
                     '[{"path": "/login/pubkey/authenticate", "hang": true}]')
            shown = tutti("doctor", "--config", DEMO, environment=environment)
        self.assertEqual(shown.returncode, 1, shown.stdout)
        self.assertEqual(self.checks(shown)["host"], "ok")
        self.assertEqual(self.checks(shown)["login"], "FAIL")
        self.assertIn("5000 ms", shown.stdout)

    def test_only_the_pod_has_a_host(self):
        with pod.running_pod(POD, SOURCE) as (base, environment):
            key = environment["TUTTI_POD_KEYS"]
            config = pathlib.Path(key, "bot.yaml")
            config.write_text(
                f"pod: {{scheme: http, host: 127.0.0.1, port: {environment['TUTTI_POD_PORT']}}}\n"
                f"log: {{levels: {{http: debug}}}}\n"
                f"bot: {{username: demo-bot, privateKey: {{path: {key}/demo-bot.pem}}}}\n")
            shown = tutti("doctor", "--config", str(config))
            self.assertEqual(shown.returncode, 0, shown.stdout)
            self.assertIn("agent: none is configured", shown.stdout)
            self.assertEqual(shown.stderr, "")
            self.assertEqual(tutti("im", "open", "--config", str(config), "ada").returncode, 0)

    def test_a_certificate_is_held_beside_the_key(self):
        def made(folder, key, name, *more):
            subprocess.run(["openssl", "req", "-x509", "-key", key, "-subj", "/CN=bot", "-out",
                            name, *more], cwd=folder, check=True, capture_output=True)
        with pod.running_pod(POD, SOURCE) as (_, environment):
            folder = environment["TUTTI_POD_KEYS"]
            subprocess.run(["openssl", "genrsa", "-out", "other.pem", "2048"], cwd=folder,
                           check=True, capture_output=True)
            made(folder, "demo-bot.pem", "own-cert.pem")
            made(folder, "other.pem", "other-cert.pem")
            config = pathlib.Path(folder, "bot.yaml")
            for name, mark, status, said in (("own-cert.pem", "ok", 0, "of this key"),
                                             ("other-cert.pem", "warn", 0, "not the certificate"),
                                             ("none.pem", "warn", 0, "no PEM certificate")):
                config.write_text(pathlib.Path(DEMO).read_text().replace(
                    "bot:\n", f"bot:\n  certificate: {{path: {folder}/{name}}}\n"))
                shown = tutti("doctor", "--config", str(config), environment=environment)
                self.assertEqual(shown.returncode, status, shown.stdout)
                self.assertEqual(self.checks(shown)["certificate"], mark)
                self.assertIn(said, shown.stdout)

    def test_a_bot_that_logs_in_by_certificate(self):
        with pod.running_pod(POD, SOURCE, "--tls", "self") as (base, environment):
            keys = pathlib.Path(environment["TUTTI_POD_KEYS"])
            config = keys / "bot.yaml"
            text = (f"host: 127.0.0.1\nport: {environment['TUTTI_POD_PORT']}\n"
                    f"ssl: {{trustStore: {{path: {keys}/tutti-pod-ca.pem}}}}\n")
            config.write_text(text + "bot: {username: demo-bot, certificate: "
                                     f"{{path: {keys}/demo-bot-certificate.pem}}}}\n")
            shown = tutti("doctor", "--config", str(config))
            self.assertEqual(shown.returncode, 0, shown.stdout)
            self.assertEqual(self.checks(shown)["certificate"], "ok")
            self.assertIn("of demo-bot", shown.stdout)
            shown = tutti("im", "open", "--config", str(config), "ada")
            self.assertEqual(shown.returncode, 0, shown.stderr)
            # An app alone, and a certificate file that does not exist.
            config.write_text(text + "app: {appId: demo-app, certificate: "
                                     f"{{path: {keys}/demo-app-certificate.pem}}}}\n")
            shown = tutti("doctor", "--config", str(config))
            self.assertEqual(shown.returncode, 0, shown.stdout)
            self.assertEqual(self.checks(shown)["app-login"], "ok")
            shown = tutti("im", "open", "--config", str(config), "--as", "ada", "ben")
            self.assertEqual(shown.returncode, 0, shown.stderr)
            shown = tutti("im", "open", "--config", str(config), "ben")
            self.assertEqual(shown.returncode, 2, shown.stderr)
            self.assertIn("set bot.username", shown.stderr)
            config.write_text(text + "bot: {username: demo-bot, certificate: "
                                     f"{{path: {keys}/none.pem}}}}\n")
            shown = tutti("im", "open", "--config", str(config), "ada")
            self.assertEqual(shown.returncode, 78, shown.stderr)
            self.assertIn("none.pem", shown.stderr)

    def test_a_clock_a_little_off_is_a_warning(self):
        with pod.running_pod(POD, SOURCE) as (base, environment):
            pod.post(base, "/emulator/clock", '{"aheadSeconds": 120}')
            shown = tutti("doctor", "--config", DEMO, environment=environment)
        self.assertEqual(shown.returncode, 0, shown.stdout)
        self.assertEqual(self.checks(shown)["clock"], "warn")

    def test_tls_is_part_of_it(self):
        with pod.running_pod(POD, SOURCE, "--tls", "self") as (base, environment):
            config = pathlib.Path(environment["TUTTI_POD_KEYS"], "bot.yaml")
            text = pathlib.Path(DEMO).read_text().replace("scheme: http", "scheme: https")
            config.write_text(text)
            shown = tutti("doctor", "--config", str(config), environment=environment)
            self.assertEqual(shown.returncode, 1)
            self.assertIn("ssl.trustStore.path", shown.stdout)
            ca = pathlib.Path(environment["TUTTI_POD_KEYS"], "tutti-pod-ca.pem")
            config.write_text(text + f"ssl: {{trustStore: {{path: {ca}}}}}\n")
            shown = tutti("doctor", "--config", str(config), environment=environment)
            self.assertEqual(shown.returncode, 0, shown.stdout)
            self.assertIn("certificate and its name are good", shown.stdout)


class listen_test(unittest.TestCase):
    def test_a_signal_ends_it_also_while_the_pod_does_not_answer_the_login(self):
        with tempfile.TemporaryDirectory() as keys, socket.create_server(("127.0.0.1", 0)) as mute:
            for name in ("demo-bot", "demo-app"):
                subprocess.run(["openssl", "genrsa", "-out", f"{keys}/{name}.pem", "2048"],
                               check=True, capture_output=True)
            environment = dict(os.environ, TUTTI_POD_KEYS=keys,
                               TUTTI_POD_PORT=str(mute.getsockname()[1]))
            listens = subprocess.Popen([TUTTI, "listen", "--config", DEMO], env=environment,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            with mute.accept()[0]:
                listens.send_signal(signal.SIGINT)
                self.assertEqual(listens.wait(timeout=3), 0)
            listens.communicate()


class streams_test(unittest.TestCase):
    """tutti room, stream and connection."""

    def setUp(self):
        running = pod.running_pod(POD, SOURCE)
        self.base, self.environment = running.__enter__()
        self.addCleanup(running.__exit__, None, None, None)
        self.ids = pod.get(self.base, "/emulator/users")

    def run_verb(self, *command, status=0):
        shown = tutti(*command[:2], "--config", DEMO, *command[2:], environment=self.environment)
        self.assertEqual(shown.returncode, status, shown.stdout + shown.stderr)
        return lines(shown.stdout), lines(shown.stderr)

    def test_a_room_s_life(self):
        made, _ = self.run_verb("room", "create", "FX desk", "ada", "ben@our.bank",
                                "--description", "of two")
        self.assertEqual(made[0]["name"], "FX desk")
        self.assertEqual([each["user"] for each in made[1:]],
                         [self.ids["ada"], self.ids["ben"]])
        stream = made[0]["streamId"]
        self.run_verb("room", "add", stream, "cleo", "ada")
        self.run_verb("room", "remove", stream, "ben")
        members, _ = self.run_verb("room", "members", stream)
        self.assertEqual({each["user"] for each in members},
                         {self.ids[name] for name in ("demo-bot", "ada", "cleo")})
        self.assertEqual(self.run_verb("room", "info", stream)[0][0]["description"], "of two")
        self.assertEqual(self.run_verb("room", "search", "desk")[0][0]["streamId"], stream)

    def test_who_cannot_be_added_is_told_and_the_others_are_in(self):
        made, failed = self.run_verb("room", "create", "Ours", "xenia@their.bank", "ada", status=1)
        self.assertEqual(made[1]["user"], self.ids["ada"])
        self.assertEqual(failed[0]["participants"], [self.ids["xenia"]])
        self.assertEqual(failed[0]["error"], "not_entitled")

    def test_interrupted_it_tells_who_is_in(self):
        users = [name for name in self.ids if name not in ("demo-bot", "xenia", "yann", "zoe")]
        running = subprocess.Popen([TUTTI, "room", "create", "--config", DEMO, "Slow", *users],
                                   env=self.environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        while pod.get(self.base, "/emulator/requests")["paths"].get(
                "POST /pod/v1/room/{id}/membership/add", 0) < 2:
            self.assertIsNone(running.poll())
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        stdout, stderr = running.communicate(timeout=30)
        self.assertEqual(running.returncode, 1, stderr)
        self.assertEqual(len(lines(stdout)) - 1 + len(lines(stderr)), len(users))
        self.assertEqual({each["error"] for each in lines(stderr)}, {"cancelled"})

    def test_a_room_on_behalf_of_a_user_is_the_user_s(self):
        made, _ = self.run_verb("room", "create", "Adas", "--as", "ada")
        self.assertEqual(made[0]["creator"], self.ids["ada"])

    def test_streams_of_the_bot(self):
        opened = tutti("im", "open", "--config", DEMO, "ada", environment=self.environment)
        stream = lines(opened.stdout)[0]["streamId"]
        self.run_verb("room", "create", "Desk")
        listed, _ = self.run_verb("stream", "list")
        self.assertEqual([each["type"] for each in listed], ["IM", "ROOM"])
        self.assertEqual(len(self.run_verb("stream", "list", "--type", "IM")[0]), 1)
        self.assertEqual(self.run_verb("stream", "info", stream)[0][0]["members"],
                         sorted([self.ids["demo-bot"], self.ids["ada"]]))
        self.assertEqual(len(self.run_verb("stream", "members", stream)[0]), 2)
        self.assertNotIn("members", self.run_verb("stream", "list", "--type", "room")[0][0])
        _, failed = self.run_verb("stream", "info", "%%%", status=64)
        self.assertIn("no stream id", failed[0]["detail"])

    def test_connections_are_asked_for_and_ended(self):
        asked, _ = self.run_verb("connection", "request", "zoe@their.bank")
        self.assertEqual(asked, [{"user": self.ids["zoe"], "status": "PENDING_OUTGOING"}])
        self.assertEqual(self.run_verb("connection", "list", "--status", "PENDING_OUTGOING")[0],
                         asked)
        self.assertEqual(len(self.run_verb("connection", "list")[0]), 3)
        ended, _ = self.run_verb("connection", "remove", str(self.ids["xenia"]))
        self.assertEqual(ended[0]["status"], "NONE")
        self.run_verb("connection", "accept", "zoe@their.bank", status=1)
        both, _ = self.run_verb("connection", "info", "zoe@their.bank", "yann@their.bank")
        self.assertEqual(len(both), 2)
        shown = tutti("connection", "list", "--config", DEMO, "--as", "",
                      environment=self.environment)
        self.assertEqual(shown.returncode, 64, shown.stderr)
        self.assertEqual(self.run_verb("connection", "info", "ada")[0][0]["status"], "ACCEPTED")

    def test_an_im_can_ask_for_its_connection_and_wait(self):
        config = pathlib.Path(self.environment["TUTTI_POD_KEYS"], "bot.yaml")
        text = pathlib.Path(DEMO).read_text()
        config.write_text(text + "im: {connect: ask}\n")
        shown = tutti("im", "open", "--config", str(config), "zoe@their.bank",
                      environment=self.environment)
        self.assertEqual(shown.returncode, 1)
        failed = lines(shown.stderr)[0]
        self.assertEqual((failed["error"], failed["code"]), ("not_connected", "connection_asked"))
        self.assertIn("PENDING_OUTGOING", failed["detail"])
        config.write_text(text + "im: {connect: wait}\n")
        shown = tutti("im", "open", "--config", str(config), "--timeout", "2s", "zoe@their.bank",
                      environment=self.environment)
        self.assertEqual(lines(shown.stderr)[0]["code"], "connection_pending")


class keys_test(unittest.TestCase):
    def test_a_key_pair_and_what_to_register(self):
        with tempfile.TemporaryDirectory() as folder:
            shown = tutti("keys", "my-bot", "--bits", "2048", folder=folder)
            self.assertEqual(shown.returncode, 0, shown.stderr)
            key = pathlib.Path(folder, "my-bot.pem")
            self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
            public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True,
                                    capture_output=True, text=True).stdout
            self.assertEqual(pathlib.Path(folder, "my-bot.pub.pem").read_text(), public)
            self.assertIn("my-bot.pub.pem", shown.stdout)
            before = key.read_text()
            again = tutti("keys", "my-bot", folder=folder)
            self.assertEqual(again.returncode, 1)
            self.assertIn("is there already", again.stderr)
            self.assertEqual(key.read_text(), before)
            self.assertEqual(tutti("keys", "a/b", folder=folder).returncode, 64)

    def test_a_bot_added_to_a_seed_opens_an_im(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("first-bot", "second-bot"):
                made = subprocess.run([POD, "keys", name, "--seed", "pod.yaml", "--port", "0"],
                                      cwd=folder, capture_output=True, text=True)
                self.assertEqual(made.returncode, 0, made.stderr)
            seed = pathlib.Path(folder, "pod.yaml")
            with pod.running_pod(POD, SOURCE, "--seed", str(seed)) as (base, environment):
                for name in ("first-bot", "second-bot"):
                    config = pathlib.Path(folder, name + ".yaml")
                    config.write_text(config.read_text().replace(
                        "port: 0", "port: " + environment["TUTTI_POD_PORT"]))
                    shown = tutti("im", "open", "--config", str(config), "ada")
                    self.assertEqual(shown.returncode, 0, shown.stderr)
            odd = pathlib.Path(folder, "odd.yaml")
            odd.write_text("pods: [{id: 1}]\nusers: [{pod: 1, username: a}]\n")
            shown = subprocess.run([POD, "keys", "third-bot", "--seed", odd], cwd=folder,
                                   capture_output=True, text=True)
            self.assertEqual(shown.returncode, 1)
            self.assertIn("one '- ' line for each user", shown.stderr)
            self.assertFalse(pathlib.Path(folder, "third-bot.pem").exists())
            before = seed.read_text()
            again = subprocess.run([POD, "keys", "first-bot", "--seed", "pod.yaml"], cwd=folder,
                                   capture_output=True, text=True)
            self.assertEqual(again.returncode, 1)
            self.assertIn("first-bot", again.stderr)
            self.assertEqual(seed.read_text(), before)

    def test_a_bot_is_added_to_the_demo_s_seed_whose_comments_stay(self):
        with tempfile.TemporaryDirectory() as folder:
            seed = pathlib.Path(folder, "pod.yaml")
            before = pathlib.Path(SOURCE, "config/demo-pod.yaml").read_text()
            seed.write_text(before)
            subprocess.run([POD, "keys", "more", "--seed", seed, "--folder", folder], check=True,
                           capture_output=True)
            after = seed.read_text().splitlines()
            self.assertEqual([line for line in before.splitlines() if line not in after], [])
            with pod.running_pod(POD, SOURCE, "--seed", str(seed)) as (base, _):
                self.assertIn("more", pod.get(base, "/emulator/users"))


class face_test(unittest.TestCase):
    def test_help_version_and_what_there_is(self):
        self.assertRegex(tutti("--version").stdout, r"^tutti \d+\.\d+\.\d+\n$")
        self.assertRegex(subprocess.run([POD, "--version"], capture_output=True, text=True).stdout,
                         r"^tutti-pod \d+\.\d+\.\d+\n$")
        for verb in ([], ["im", "open"]):
            self.assertIn("Examples:", tutti(*verb, "--help").stdout)
        for words, said in ((["imm"], "no command 'imm'"), (["im", "opn"], "no command 'opn'")):
            shown = tutti(*words)
            self.assertEqual(shown.returncode, 64)
            self.assertIn(said, shown.stderr)
        for time in ("0", "25h", "1.5s", "x"):
            shown = tutti("im", "open", "--config", DEMO, "--timeout", time, "ada")
            self.assertEqual(shown.returncode, 64)
            self.assertIn("from 1ms to 24h", shown.stderr)

    def test_output_nobody_takes_is_told(self):
        for words in (["config", "reference"], ["completion", "bash"], ["doctor", "--config", DEMO]):
            with open("/dev/full", "w") as full:
                shown = subprocess.run([TUTTI, *words], stdout=full, stderr=subprocess.PIPE,
                                       text=True, timeout=60)
            self.assertNotEqual(shown.returncode, 0, words)

    def test_a_configuration_is_checked_without_a_pod(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder, "bot.yaml")
            tutti("keys", "b", "--folder", folder)
            whole = f"host: a\nbot: {{username: b, privateKey: {{path: {folder}/b.pem}}}}\n"
            for text, status, said in ((whole, 0, "good"),
                                       (whole + "manifest: m\n", 0, "without effect yet: manifest"),
                                       ("host: a\n", 78, "bot.username"),
                                       (whole.replace("b.pem", "c.pem"), 78, "tutti keys b"),
                                       (whole + "ssl: {trustStore: {path: none}}\n", 78, "none"),
                                       ("host:\ta\n\tport: 1\n", 78, "is it a tab?"),
                                       ("host: a\n  bot: x\n", 78, "missing colon"), ("", 78, "empty")):
                config.write_text(text)
                shown = tutti("config", "check", str(config))
                self.assertEqual(shown.returncode, status, text)
                self.assertIn(said, shown.stdout + shown.stderr)

    def test_the_reference_is_a_configuration(self):
        shown = tutti("config", "reference")
        self.assertEqual(shown.stdout, pathlib.Path(SOURCE, "config/tutti.yaml").read_text())
        json.loads(tutti("config", "schema").stdout)

    def complete(self, words):
        script = tutti("completion", "bash").stdout + f"""
COMP_WORDS=({words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
[ "${{COMP_WORDS[COMP_CWORD]}}" = _ ] && COMP_WORDS[COMP_CWORD]=''
_tutti; echo "${{COMPREPLY[@]}}"
"""
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True,
                              check=True).stdout.split()

    def test_bash_completes_verbs_and_options(self):
        self.assertLessEqual({"im", "doctor", "keys", "config"}, set(self.complete("tutti _")))
        self.assertEqual(self.complete("tutti im _")[0], "open")
        self.assertIn("--json-lines", self.complete("tutti im open ada --js"))
        self.assertEqual(self.complete("tutti doc"), ["doctor"])

    def test_zsh_reads_its_script(self):
        script = tutti("completion", "zsh").stdout
        shown = subprocess.run(["zsh", "-f", "-c", script + "; echo ${_comps[tutti]}"],
                               capture_output=True, text=True)
        self.assertEqual(shown.stderr, "")
        self.assertIn("_tutti", shown.stdout)
        self.assertEqual(tutti("completion", "fish").returncode, 64)

    def test_keys_of_the_kits_without_effect_are_one_warning(self):
        environment = dict(os.environ, PXP="x")
        with tempfile.TemporaryDirectory() as folder:
            for name in ("kit_java.yaml", "kit_python.yaml"):
                text = pathlib.Path(SOURCE, "tests/samples", name).read_text()
                key = pathlib.Path(folder, "k.pem")
                if not key.exists():
                    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True,
                                   capture_output=True)
                text = re.sub(r"/run/secrets/fx-im-bot.pem", str(key), text)
                text = re.sub(r"/etc/ssl/bank\.\w+", "/etc/ssl/certs/ca-certificates.crt", text)
                text = text.replace("pod.bank.example", "127.0.0.1").replace("port: 443", "port: 1")
                config = pathlib.Path(folder, name)
                config.write_text(text)
                shown = tutti("im", "open", "--config", str(config), "--timeout", "100ms", "ada",
                              environment=environment)
                warnings = [each for each in shown.stderr.splitlines() if " warn " in each]
                self.assertEqual(len(warnings), 1, shown.stderr)
                self.assertIn("datafeed.retry.maxAttempts", warnings[0])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
