#!/usr/bin/env python3
"""`tutti run` with its plugins, as a user runs it: outages, signals, crashes.

usage: run_test.py TUTTI TUTTI_POD SOURCE_DIR PLUGIN_DIR
"""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import unittest

TUTTI, POD, SOURCE, PLUGINS = (os.path.abspath(each) for each in sys.argv[1:5])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402
from ports import free_port  # noqa: E402
from service import TOKEN, ask, folder, service, until  # noqa: E402


class run_case(unittest.TestCase):
    def setUp(self):
        self.pod_guard = pod.restartable_pod(POD, SOURCE)
        self.pod = self.pod_guard.__enter__()
        self.folder_guard = folder()
        self.folder = self.folder_guard.__enter__()
        self.ids = pod.get(self.pod.address, "/emulator/users")
        self.relay, self.metrics = free_port(), free_port()
        self.service = None

    def tearDown(self):
        if self.service:
            self.service.end(signal.SIGKILL)
        self.pod_guard.__exit__(None, None, None)
        self.folder_guard.__exit__(None, None, None)

    def start(self, plugins, more=""):
        self.config = f"{self.folder}/bot.yaml"
        self.write(plugins, more)
        self.service = service(TUTTI, self.config, self.folder, self.pod.environment)
        return self.service

    def write(self, plugins, more=""):
        pathlib.Path(self.config).write_text(f"""
scheme: http
host: 127.0.0.1
port: {self.pod.port}
bot: {{ username: demo-bot, privateKey: {{ path: "{self.pod.environment['TUTTI_POD_KEYS']}/demo-bot.pem" }} }}
plugins:
{plugins}
{more}
""")

    def both(self, more=""):
        return (f"  - {{ name: relay, port: {self.relay}, token: {TOKEN}{more} }}\n"
                f"  - {{ name: metrics, port: {self.metrics} }}\n")

    def open(self, *users):
        return ask(self.relay, "/v1/im", json.dumps({"users": users}))

    def health(self):
        return ask(self.metrics, "/health")[1]

    def count(self, route):
        return pod.get(self.pod.address, "/emulator/requests")["paths"].get(route, 0)


class service_test(run_case):
    def test_a_pod_that_restarts_loses_nothing_and_health_tells_the_outage_and_its_end(self):
        service = self.start(self.both())
        self.assertEqual(service.until_ready(), "READY=1")
        until(lambda: self.health()["state"] == "ready")
        self.assertEqual(ask(self.metrics, "/ready")[0], 200)
        names = ["ada", "ben", "cleo", "dan", "eve", "fay", "gil", "hal", "ida"]
        asking = threading.Event()
        asking.set()
        answers = []

        def caller(number):
            own = []
            while asking.is_set():
                # Another user each time, so that most requests reach for the pod.
                own.append(self.open(names[(number + len(own)) % len(names)]))
            return own

        with concurrent.futures.ThreadPoolExecutor(8) as callers:
            # Some requests begin before the outage, some within, all end after it.
            self.pod.stop()
            running = [callers.submit(caller, number) for number in range(8)]
            degraded = until(lambda: (h := self.health())["state"] == "degraded" and h)
            self.assertEqual(degraded["troubles"][0]["what"], f"host 127.0.0.1:{self.pod.port}")
            self.assertRegex(degraded["troubles"][0]["since"], r"^20\d\d-\d\d-\d\dT[\d:.]+Z$")
            self.assertIn("refused", degraded["troubles"][0]["why"].lower())
            self.assertEqual(ask(self.metrics, "/ready")[0], 503)
            self.pod.start()
            until(lambda: self.health()["state"] == "ready")
            until(lambda: sum(self.count(f"POST {path}") for path in
                              ("/pod/v1/im/create", "/login/pubkey/authenticate")) > 1)
            asking.clear()
            for each in running:
                answers += each.result()
        self.assertGreaterEqual(len(answers), 8)
        self.assertEqual([each for each in answers if each[0] != 200], [])
        text = ask(self.metrics, "/metrics")[1]
        self.assertGreater(self.value(text, r"tutti_retries_total"), 0)
        self.assertEqual(self.value(text, r"tutti_im_waiting"), 0)
        self.assertEqual(service.end(), 0)
        log = service.text()
        self.assertIn("host_lost", log)
        self.assertIn("host_back", log)

    @staticmethod
    def value(text, series):
        return sum(float(each) for each in re.findall(rf"(?m)^{series}(?:{{.*}})? (\S+)$", text))

    @contextlib.contextmanager
    def one_under_way(self, milliseconds):
        """An IM that the pod takes that long to create; yields what the relay answers."""
        self.assertEqual(self.open("ada")[0], 200)
        pod.post(self.pod.address, "/emulator/service-times",
                 json.dumps({"/pod/v1/im/create": milliseconds}))
        with concurrent.futures.ThreadPoolExecutor() as callers:
            late = callers.submit(self.open, "ben")
            until(lambda: self.value(ask(self.metrics, "/metrics")[1], "tutti_im_waiting") == 1)
            yield late

    def test_what_is_under_way_ends_before_it_stops(self):
        service = self.start(self.both())
        service.until_ready()
        with self.one_under_way(500) as late:
            self.assertEqual(service.end(), 0)
            self.assertEqual(late.result()[0], 200)

    def test_what_is_under_way_for_too_long_is_told_and_nobody_waits_for_it(self):
        service = self.start(self.both(", stopGrace: 200ms"), "life: { stopGrace: 20s }")
        service.until_ready()
        with self.one_under_way(20_000) as late:
            self.assertEqual(service.end(timeout=10), 0)
            status, answer = late.result()
            self.assertEqual((status, answer["error"]), (503, "shutting_down"))

    def test_a_signal_that_comes_twice_at_once_is_one(self):
        for _ in range(5):
            service = self.start(self.both())
            service.until_ready()
            service.process.send_signal(signal.SIGTERM)
            self.assertEqual(service.end(), 0)
            self.assertIn("stopped status=0", service.text())

    def has_ended_after_another_signal(self, service):
        """One that comes right behind the first counts as the same."""
        if service.process.poll() is None:
            service.process.send_signal(signal.SIGTERM)
        return service.process.poll() is not None

    def test_a_second_signal_ends_a_stop_that_takes_long(self):
        service = self.start(self.both(", stopGrace: 20s"), "life: { stopGrace: 20s }")
        service.until_ready()
        with self.one_under_way(20_000) as late:
            service.process.send_signal(signal.SIGTERM)
            service.until_says("stopping")
            self.assertIsNone(service.process.poll())
            until(lambda: self.has_ended_after_another_signal(service))
            self.assertEqual(service.end(timeout=5), -signal.SIGTERM)
            self.assertIsNotNone(late.exception())

    def test_a_pod_that_hangs_is_told_long_before_requests_are_given_up(self):
        service = self.start(self.both())
        service.until_ready()
        until(lambda: self.health()["state"] == "ready")
        self.pod.running.send_signal(signal.SIGSTOP)
        try:
            with concurrent.futures.ThreadPoolExecutor() as callers:
                late = callers.submit(self.open, "ada")
                seen = until(lambda: (h := self.health())["state"] == "degraded" and h)
                self.assertIn("no answer", seen["troubles"][0]["why"])
                self.pod.running.send_signal(signal.SIGCONT)
                self.assertEqual(late.result()[0], 200)
        finally:
            self.pod.running.send_signal(signal.SIGCONT)
        until(lambda: self.health()["state"] == "ready")
        self.assertEqual(service.end(), 0)

    def test_a_pod_that_does_not_take_the_bot_any_more_is_told_without_a_request(self):
        service = self.start(self.both())
        service.until_ready()
        until(lambda: self.health()["state"] == "ready")
        self.pod.stop()
        # Another key for the bot: what it has is refused from now on.
        key = pathlib.Path(self.pod.environment["TUTTI_POD_KEYS"], "demo-bot.pem")
        kept = key.read_bytes()
        subprocess.run(["openssl", "genrsa", "-out", f"{self.folder}/other.pem", "2048"],
                       check=True, capture_output=True)
        key.write_bytes(pathlib.Path(self.folder, "other.pem").read_bytes())
        with concurrent.futures.ThreadPoolExecutor() as callers:
            late = callers.submit(self.open, "ada")
            until(lambda: self.health()["state"] == "degraded")
            self.pod.start()
            key.write_bytes(kept)
            until(lambda: [each["what"] for each in self.health()["troubles"]] == ["login"])
            self.assertEqual(late.result()[0], 502)
        logins = self.count("POST /login/pubkey/authenticate")
        for _ in range(20):
            self.assertEqual(self.open("ben")[0], 502)
        # The pod need not hear of each of them.
        self.assertLessEqual(self.count("POST /login/pubkey/authenticate"), logins + 2)
        self.assertEqual(service.end(), 0)

    def test_a_start_that_waits_for_the_pod_can_be_stopped(self):
        self.pod.running.send_signal(signal.SIGSTOP)
        try:
            service = self.start(self.both(), "life: { start: fail }\nlog: { level: debug }")
            until(lambda: service.process.poll() is None and
                  pathlib.Path(f"/proc/{service.process.pid}/task").exists() and
                  len(os.listdir(f"/proc/{service.process.pid}/task")) > 3)
            self.assertEqual(service.end(timeout=10), 0)
        finally:
            self.pod.running.send_signal(signal.SIGCONT)

    def test_a_pod_that_is_away_at_start_is_waited_for(self):
        self.pod.stop()
        service = self.start(self.both())
        service.until_ready()
        self.assertEqual(self.health()["state"], "starting")
        self.assertEqual(ask(self.metrics, "/ready")[0], 503)
        self.pod.start()
        until(lambda: self.health()["state"] == "ready")
        self.assertEqual(service.end(signal.SIGINT), 0)

    def test_a_pod_that_is_away_may_end_the_start(self):
        self.pod.stop()
        service = self.start(self.both(), "life: { start: fail }\nretry: { maxAttempts: 1 }")
        self.assertEqual(service.process.wait(30), 1)
        self.assertIn("refused", service.text().lower())
        self.pod.start()

    def test_log_levels_are_read_again(self):
        service = self.start(self.both())
        service.until_ready()
        until(lambda: self.health()["state"] == "ready")
        self.assertNotIn("exchange", service.text())
        self.write(self.both(), "log: { level: debug }")
        service.process.send_signal(signal.SIGHUP)
        service.until_says("log_levels_reloaded")
        self.assertEqual(self.open("ada")[0], 200)
        service.until_says("exchange")
        pathlib.Path(self.config).write_text("log: { level: loud }")
        service.process.send_signal(signal.SIGHUP)
        service.until_says("not_reloaded")
        self.assertEqual(self.open("ben")[0], 200)
        self.assertEqual(service.end(), 0)

    def test_it_needs_a_plugin(self):
        service = self.start("  []")
        self.assertEqual(service.process.wait(30), 78)
        self.assertIn("tutti plugins", service.text())


class relay_test(run_case):
    def setUp(self):
        super().setUp()
        self.start(f"  - {{ name: relay, port: {self.relay}, token: {TOKEN}, maxBody: 200, "
                   "requestsPerSecond: 20 }\n", "retry: { maxAttempts: 1 }").until_ready()

    def test_an_im_by_id_name_and_address_and_then_from_the_directory(self):
        status, opened = self.open("ada")
        self.assertEqual(status, 200)
        self.assertEqual(opened["participants"], [self.ids["ada"]])
        self.assertEqual(opened["origin"], "pod")
        for spelt in ("ada@our.bank", str(self.ids["ada"]), self.ids["ada"]):
            status, again = self.open(spelt)
            self.assertEqual((status, again["streamId"], again["origin"]),
                             (200, opened["streamId"], "directory"))
        status, known = ask(self.relay, f"/v1/im?users={self.ids['ada']}")
        self.assertEqual((status, known["streamId"]), (200, opened["streamId"]))
        self.assertEqual(self.count("POST /pod/v1/im/create"), 1)
        status, unknown = ask(self.relay, f"/v1/im?users={self.ids['ben']}")
        self.assertEqual((status, unknown["code"]), (404, "not_known"))
        self.assertEqual(self.count("POST /pod/v1/im/create"), 1)

    def test_a_byte_order_mark_before_the_body_is_passed_over(self):
        status, opened = ask(self.relay, "/v1/im", '\ufeff{"users":["ada"]}')
        self.assertEqual((status, opened["participants"]), (200, [self.ids["ada"]]))

    def test_refusals_have_a_status_and_a_reason(self):
        for users, status, error in ((["zoe@their.bank"], 403, "not_connected"),
                                     (["nobody"], 404, "unknown_user"),
                                     (["ada", "ben"], 400, "multi_party_unsupported"),
                                     (["demo-bot"], 400, "invalid_participants")):
            seen, body = self.open(*users)
            self.assertEqual((seen, body["error"]), (status, error))
            self.assertTrue(body["detail"])

    def test_only_the_token_opens(self):
        self.assertEqual(ask(self.relay, "/v1/im?users=1", token=None,
                             authorization=f"bearer {TOKEN}")[0], 404, "in any case")
        for token in ("", "wrong", TOKEN[:-1], TOKEN + "x"):
            self.assertEqual(ask(self.relay, "/v1/im", '{"users":["ada"]}', token=token)[0], 401)
        self.assertEqual(self.count("POST /pod/v1/im/create"), 0)
        self.assertNotIn(TOKEN, self.service.text())

    def test_bodies_that_are_none(self):
        for body, word in (("", "no JSON"), ("[]", "no JSON"), ("{}", "missing"),
                           ('{"users":"ada"}', "array"), ('{"users":[]}', "no user"),
                           ('{"users":[1.5]}', "no user"), ('{"user":["ada"]}', "unknown member")):
            status, answer = ask(self.relay, "/v1/im", body)
            self.assertEqual((status, answer["code"]), (400, "usage"), body)
            self.assertIn(word, answer["detail"])
        self.assertEqual(ask(self.relay, "/v1/im", "x" * 300)[0], 413)
        self.assertEqual(ask(self.relay, "/v1/im", "{}", method="PUT")[0], 405)
        self.assertEqual(ask(self.relay, "/v2", "{}")[0], 404)
        self.assertEqual(ask(self.relay, "/v1/im")[0], 400)

    def test_too_many_are_told_to_come_later(self):
        self.assertIn(429, {ask(self.relay, "/v1/im?users=1")[0] for _ in range(60)})

    def test_what_is_no_http_is_refused(self):
        import socket
        with socket.create_connection(("127.0.0.1", self.relay)) as raw:
            raw.sendall(b"this is no HTTP\r\n\r\n")
            self.assertTrue(raw.recv(1000).startswith(b"HTTP/1.1 400 "))


class refused_settings_test(run_case):
    def refused(self, plugins, *words):
        service = self.start(plugins)
        self.assertEqual(service.process.wait(30), 78, service.text())
        for word in words:
            self.assertIn(word, service.text())
        service.end()
        # The same without starting anything, where the settings alone are wrong.
        return subprocess.run([TUTTI, "config", "check", self.config], capture_output=True,
                              text=True)

    def test_unknown_and_misfitting_settings_name_place_and_way_out(self):
        check = self.refused("  - { name: relay, tokn: x }", "bot.yaml:7:", "relay", "tokn",
                             "did you mean 'token'?")
        self.assertEqual(check.returncode, 78)
        self.assertIn("did you mean 'token'?", check.stderr)
        self.refused("  - { name: metrics, port: http }", "bot.yaml:7:", "not a TCP port")
        self.refused("  - { name: metrcs }", "there is no plugin 'metrcs'", "metrics")

    def test_a_relay_without_a_token_or_with_a_short_one_or_for_everybody(self):
        check = self.refused("  - { name: relay }", "token", "openssl rand", "bot.yaml:7:")
        self.assertEqual(check.returncode, 78)
        self.refused("  - { name: relay, token: short }", "16 characters")
        self.refused(f"  - {{ name: relay, token: {TOKEN}, address: 0.0.0.0 }}", "loopback")
        self.refused("  - { name: relay, tokenPath: /no/such/file }", "/no/such/file")

    def test_a_port_in_use(self):
        # The process that holds it may release it: the exit status must allow a restart.
        service = self.start(f"  - {{ name: metrics, port: {self.pod.port} }}")
        self.assertEqual(service.process.wait(30), 1, service.text())
        self.assertIn(str(self.pod.port), service.text())
        self.assertIn("choose another", service.text())

    def test_shared_objects_that_are_none(self):
        self.refused("  - path: ./none.so", "none.so", "no such file")
        nothing = f"{self.folder}/nothing.so"
        pathlib.Path(nothing).write_text("nothing")
        self.refused(f"  - path: {nothing}", "cannot be loaded")


class shared_object_test(run_case):
    def plugin(self, name, more=""):
        return f"  - {{ path: {PLUGINS}/{name}.so{more} }}\n"

    def test_one_of_this_version_or_an_older_minor_one_is_loaded(self):
        for name in ("tutti-test-plugin", "tutti-test-plugin-older"):
            service = self.start(self.plugin(name, ", greeting: hello"))
            service.until_ready()
            self.assertEqual(service.end(), 0)
            self.assertRegex(service.text(), r"started greeting=hello")

    def test_one_of_a_newer_minor_version_or_another_major_one_is_refused(self):
        for name, words in (("tutti-test-plugin-newer", "newer than this"),
                            ("tutti-test-plugin-major", "build it against this version"),
                            ("tutti-test-plugin-abi", "interface in memory")):
            service = self.start(self.plugin(name))
            self.assertEqual(service.process.wait(30), 78)
            self.assertIn(words, service.text())
            self.assertIn(f"{name}.so", service.text())
            service.end()

    def test_its_settings_are_checked_like_the_rest(self):
        service = self.start(self.plugin("tutti-test-plugin", ", greting: x"))
        self.assertEqual(service.process.wait(30), 78)
        self.assertIn("did you mean 'greeting'?", service.text())

    def test_a_plugin_that_throws_does_not_take_the_bot_with_it(self):
        service = self.start(self.plugin("tutti-test-plugin", ", throw: start") + self.both())
        service.until_ready()
        until(lambda: self.health()["state"] == "degraded")
        self.assertEqual(self.health()["troubles"][0]["what"], "plugin test")
        self.assertEqual(self.open("ada")[0], 200)
        self.assertEqual(service.end(), 0)
        service = self.start(self.plugin("tutti-test-plugin", ", throw: stop") + self.both())
        service.until_ready()
        self.assertEqual(self.open("ada")[0], 200)
        self.assertEqual(service.end(), 0)
        self.assertIn("plugin_threw", service.text())

    def say(self, text):
        pod.post(self.pod.address, "/emulator/messages",
                 json.dumps({"from": "ada", "to": ["demo-bot"], "text": text}))

    def heard(self):
        """What the bot has said."""
        return [row["text"] for rows in pod.get(self.pod.address, "/emulator/messages").values()
                for row in rows if row["from"] == "demo-bot"]

    def until_it_has_a_feed(self):
        until(lambda: self.count("POST /agent/v5/datafeeds") > 0)

    def test_one_that_hears_answers_and_its_health_is_shown(self):
        service = self.start(self.plugin("tutti-test-plugin", ", answer: heard_") + self.both())
        self.until_it_has_a_feed()
        self.say("one")
        until(lambda: self.heard() == ["heard_one"])
        feed = self.health()["feed"]
        self.assertEqual((feed["tag"], feed["backlog"], feed["missingSince"]), ("demo-bot", 0, None))
        numbers = ask(self.metrics, "/metrics")[1]
        # The IM and the message.
        self.assertIn('tutti_events_total{outcome="handled"} 2', numbers)
        self.assertIn('tutti_messages_total{outcome="sent"} 1', numbers)
        self.assertEqual(service.end(), 0)

    def test_one_that_throws_at_its_start_hears_nothing(self):
        service = self.start(self.plugin("tutti-test-plugin", ", answer: heard_, throw: start") +
                             self.plugin("tutti-test-plugin", ", name: other, answer: other_") +
                             self.both())
        self.until_it_has_a_feed()
        self.say("one")
        until(lambda: self.heard() == ["other_one"])
        self.assertEqual(service.end(), 0)

    def test_an_actor_of_a_plugin_that_dies_is_made_again(self):
        service = self.start(self.plugin("tutti-test-plugin", ", throw: actor") + self.both())
        service.until_ready()
        until(lambda: "tutti_actor_restarts_total" in ask(self.metrics, "/metrics")[1])
        self.assertEqual(self.open("ada")[0], 200)
        self.assertEqual(service.end(), 0)

    def test_plugins_stop_in_reverse(self):
        service = self.start(self.plugin("tutti-test-plugin", ", name: first") +
                             self.plugin("tutti-test-plugin", ", name: second"))
        service.until_ready()
        service.end()
        self.assertEqual(re.findall(r"(first|second) (started|stopped)", service.text()),
                         [("first", "started"), ("second", "started"), ("second", "stopped"),
                          ("first", "stopped")])

    def test_one_crash_of_the_core_is_survived_and_the_second_ends_with_70(self):
        service = self.start(self.plugin("tutti-test-plugin", ", crashes: 1") + self.both())
        service.until_ready()
        service.until_says("core_restarted")
        until(lambda: self.open("ada")[0] == 200)
        text = ask(self.metrics, "/metrics")[1]
        self.assertIn("tutti_core_restarts_total 1", text)
        self.assertEqual(service.end(), 0)
        service = self.start(self.plugin("tutti-test-plugin", ", crashes: 2") + self.both())
        self.assertEqual(service.process.wait(30), 70)
        self.assertIn("core_given_up", service.text())
        service.end()


class open_at_start_test(run_case):
    def test_opens_what_is_configured_and_reports_each(self):
        service = self.start("  - name: open_at_start\n"
                             "    ims: [ada, [ben@our.bank], zoe@their.bank, nobody]\n")
        service.until_ready()
        until(lambda: len(re.findall(r"open_at_start (not_)?opened", service.text())) == 4)
        self.assertEqual(service.end(), 0)
        log = service.text()
        self.assertRegex(log, r"opened users=ada stream=\S+")
        self.assertRegex(log, r"opened users=ben@our.bank stream=\S+")
        self.assertRegex(log, r"not_opened users=zoe@their.bank why=\"not_connected")
        self.assertRegex(log, r"not_opened users=nobody why=\"unknown_user")

    def test_waits_for_a_pod_and_can_be_stopped_meanwhile(self):
        self.pod.stop()
        service = self.start("  - { name: open_at_start, ims: [ada, ben] }\n")
        service.until_ready()
        self.assertEqual(service.end(), 0)
        self.pod.start()
        self.pod.stop()
        service = self.start("  - { name: open_at_start, ims: [ada], timeout: 200ms, pause: 50ms }\n")
        service.until_ready()
        service.until_says("not_opened_yet users=ada")
        self.pod.start()
        service.until_says(" opened users=ada")
        self.assertEqual(service.end(), 0)


class metrics_test(run_case):
    def test_the_dashboard_shows_series_that_exist(self):
        service = self.start(self.both())
        service.until_ready()
        self.assertEqual(self.open("ada")[0], 200)
        self.assertEqual(self.open("nobody")[0], 404)
        text = ask(self.metrics, "/metrics")[1]
        # What appears only in trouble.
        rare = {"tutti_actor_restarts_total", "tutti_trouble_since_seconds",
                "tutti_im_not_opened_total"}
        # Of a bot that hears.
        rare |= {f"tutti_{each}" for each in (
            "events_read_total", "events_total", "events_marked_total", "handlers_failed_total",
            "feeds_lost_total", "events_backlog", "handlers_running", "feed_read_age_seconds",
            "events_oldest_age_seconds")}
        there = set(re.findall(r"(?m)^# TYPE (\S+)", text)) | rare
        shown = pathlib.Path(SOURCE, "plugins/metrics/dashboard.json").read_text()
        used = {re.sub("_(bucket|sum|count)$", "", each) for each in re.findall(r"tutti_\w+", shown)}
        self.assertEqual(used - there, set())
        # All there is has a place in it.
        self.assertEqual(there - used, set())
        json.loads(shown)

    def test_numbers_are_those_of_what_happened(self):
        service = self.start(self.both())
        service.until_ready()
        for _ in range(3):
            self.assertEqual(self.open("ada")[0], 200)
        text = ask(self.metrics, "/metrics")[1]
        for line in ('tutti_im_opened_total{origin="pod"} 1',
                     'tutti_im_opened_total{origin="directory"} 2',
                     'tutti_logins_total{outcome="ok"} 1', "tutti_directory_size 1",
                     'tutti_exchanges_total{endpoint="/pod/v1/im/create",outcome="ok"} 1',
                     'tutti_exchange_seconds_count{endpoint="/pod/v1/im/create"} 1',
                     'tutti_health{state="ready"} 1'):
            self.assertIn(line + "\n", text)
        self.assertEqual(ask(self.metrics, "/metrics", "x")[0], 405)
        self.assertEqual(ask(self.metrics, "/")[0], 404)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[5:])
