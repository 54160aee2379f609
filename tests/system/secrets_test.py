#!/usr/bin/env python3
"""What a bot writes and answers holds no part of a token, and it warns of keys and links that
others can read.

usage: secrets_test.py TUTTI TUTTI_POD SOURCE_DIR [PLUGIN_DIR]
"""
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import unittest

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402
from bot_case import bot_case  # noqa: E402
from gateway import gateway  # noqa: E402
from service import TOKEN, ask, until  # noqa: E402

LOGIN = "/login/pubkey/authenticate"
CREATE = "/pod/v1/im/create"
# So many characters of a secret in a row are a leak.
PIECE = 16


def pieces_in(text, secrets):
    """A piece of a secret that the text holds, in a list; empty for none."""
    pieces = {each[at:at + PIECE] for each in secrets for at in range(len(each) - PIECE + 1)}
    return [text[at:at + PIECE] for at in range(len(text) - PIECE + 1)
            if text[at:at + PIECE] in pieces][:1]


class repeated_request_test(bot_case):
    def setUp(self):
        super().setUp()
        self.gateway = gateway(self.pod.port)
        self.stack.callback(self.gateway.stop)

    def start_behind_gateway(self, **more):
        running = self.start(port=self.gateway.port, log={"level": "trace"},
                             retry={"maxAttempts": 1}, **more)
        self.assertEqual(running.until_ready(), "READY=1")
        return running

    def leaks(self, running, *answers, since=0):
        """{where: a piece of a secret} in all that leaves the bot; `answers` are the relay's, and
        `since` is the length of the log to leave out."""
        self.assertTrue(self.gateway.secrets, "no secret was seen")
        seen = {"log": running.text()[since:], "health": json.dumps(self.health()),
                "metrics": ask(self.metrics, "/metrics")[1], "answer": json.dumps(answers)}
        return {place: found for place, text in seen.items()
                if (found := pieces_in(text, self.gateway.secrets))}

    def test_a_pod_that_repeats_session_token_and_jwt_in_its_error_leaks_neither(self):
        running = self.start_behind_gateway()
        self.assertEqual(self.open("ada")[0], 200)
        session, jwt = self.gateway.session, self.gateway.jwt
        self.assertTrue(session and jwt)
        answers = []
        for status in (400, 500):
            for message in (f"sessionToken: {session}", f"odd token {jwt}",
                            f"POST {CREATE} sessionToken={session}&token={jwt}"):
                pod.post(self.pod.address, "/emulator/faults", json.dumps([
                    {"path": CREATE, "status": status,
                     "body": json.dumps({"code": status, "message": message})}]))
                answers.append(self.open("ben"))
        # The pod's words arrive; only the secrets are left out.
        self.assertEqual([status for status, _ in answers], [403] * 3 + [502] * 3)
        self.assertIn("odd token", answers[1][1]["detail"])
        self.assertEqual(self.leaks(running, *answers), {})
        self.assert_stops(running, self.grace + 2)

    def test_a_gateway_that_repeats_the_request_leaks_no_secret(self):
        shapes = {
            "whole": lambda secret: f"<pre>sessionToken: {secret}</pre>",
            # An excerpt of 200 characters ends within the secret.
            "cut by the bot": lambda secret: "x" * 175 + secret,
            "cut by the gateway": lambda secret: f"header too long: {secret[:40]}",
            "without its beginning": lambda secret: f"...{secret[30:90]}",
        }
        running = self.start_behind_gateway()
        self.assertEqual(self.open("ada")[0], 200)
        for name, shape in shapes.items():
            for which in ("session", "jwt"):
                with self.subTest(secret=which, shape=name):
                    found = {}
                    for status in (200, 400, 401, 403, 503):
                        self.gateway.answer = lambda path, session, jwt: (
                            status, "text/html", shape(session if which == "session" else jwt)
                            .encode()) if path == CREATE else None
                        since = len(running.text())
                        answer = self.open("ben")
                        self.assertNotEqual(answer[0], 200)
                        found[status] = self.leaks(running, answer, since=since)
                    self.assertEqual({status: each for status, each in found.items() if each}, {})
        self.gateway.answer = lambda *asked: None
        self.assert_stops(running, self.grace + 2)

    def repeat_the_login(self, status):
        self.gateway.answer = lambda path, session, jwt: (
            status, "application/json", json.dumps({"message": f"token {jwt} is odd"}).encode()
        ) if path == LOGIN else None

    def test_a_login_whose_jwt_is_repeated_leaks_no_part_of_it(self):
        for status in (401, 500):
            with self.subTest(status=status):
                self.repeat_the_login(status)
                running = self.start_behind_gateway()
                until(lambda: self.health()[1]["troubles"])
                answer = self.open("ada")
                self.assertNotEqual(answer[0], 200)
                self.assertEqual(self.leaks(running, answer), {})
                self.assert_stops(running, self.grace + 2)

    def test_a_command_whose_login_or_request_is_repeated_leaks_no_part_of_it(self):
        config = self.write(port=self.gateway.port, retry={"maxAttempts": 1})
        self.repeat_the_login(401)
        login = self.im_open("--log-level", "trace", "ada", within=20, config=config)
        self.gateway.answer = lambda path, session, jwt: (
            400, "application/json", json.dumps({"message": f"token {session}"}).encode()
        ) if path == CREATE else None
        request = self.im_open("--log-level", "trace", "ada", within=20, config=config)
        for ended in (login, request):
            self.assertNotEqual(ended.returncode, 0)
            self.assertEqual(pieces_in(ended.stderr, self.gateway.secrets), [])


class warning_test(bot_case):
    def copy_of_key(self, mode):
        path = f"{self.folder}/key-{mode:o}.pem"
        shutil.copy(f"{self.keys.name}/demo-bot.pem", path)
        os.chmod(path, mode)
        return path

    def token_file(self, mode):
        path = pathlib.Path(self.folder, f"token-{mode:o}")
        path.write_text(TOKEN)
        path.chmod(mode)
        return str(path)

    def settings_of(self, key_mode, token_mode):
        """Settings, the path of the key and that of the token."""
        key, token = self.copy_of_key(key_mode), self.token_file(token_mode)
        plugins = self.settings()["plugins"]
        del plugins[0]["token"]
        plugins[0]["tokenPath"] = token
        return {"bot": {"username": "demo-bot", "privateKey": {"path": key}},
                "plugins": plugins}, key, token

    def check(self, **settings):
        """What `tutti config check` says about a configuration that is good."""
        ended = subprocess.run([TUTTI, "config", "check", self.write(**settings)],
                               capture_output=True, text=True, timeout=20)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout + ended.stderr

    def assert_warned(self, text, *paths):
        """Each file has a line that names it and the way out."""
        for path in paths:
            lines = [line for line in text.splitlines() if path in line and "chmod 600" in line]
            self.assertTrue(lines, f"no warning about {path} in:\n{text}")

    def test_a_key_or_a_token_that_others_can_read_is_warned_of_by_run_and_config_check(self):
        for key_mode, token_mode in ((0o644, 0o600), (0o600, 0o644), (0o644, 0o644)):
            with self.subTest(key=oct(key_mode), token=oct(token_mode)):
                settings, key, token = self.settings_of(key_mode, token_mode)
                loose = [path for path, mode in ((key, key_mode), (token, token_mode))
                         if mode != 0o600]
                tight = {key, token} - {*loose}
                running = self.start(**settings)
                self.assertEqual(running.until_ready(), "READY=1")
                self.until_logged_in()
                self.assert_stops(running, self.grace + 2)
                log = running.text()
                self.assert_warned(log, *loose)
                self.assertRegex(log, rf" warn .*{re.escape(loose[0])}")
                checked = self.check(**settings)
                self.assert_warned(checked, *loose)
                for line in (log + checked).splitlines():
                    self.assertFalse("chmod" in line and any(path in line for path in tight), line)

    def test_files_of_the_owner_alone_are_not_warned_of(self):
        settings, key, token = self.settings_of(0o600, 0o400)
        running = self.start(**settings)
        self.assertEqual(running.until_ready(), "READY=1")
        self.until_logged_in()
        self.assert_stops(running, self.grace + 2)
        self.assertNotIn("chmod", running.text() + self.check(**settings))

    def test_plain_http_to_another_host_is_warned_of(self):
        for host in ("pod.bank.example", "10.1.2.3"):
            self.assertRegex(self.check(host=host), rf"(?m)^.*{host}.*https|https.*{host}")

    def test_plain_http_to_this_host_and_tls_are_not_warned_of(self):
        for more in ({}, {"host": "localhost"}, {"host": "pod.bank.example", "scheme": "https"}):
            text = self.check(**more)
            self.assertNotIn("https", text)
            self.assertNotIn("warn", text.lower())


class core_file_test(bot_case):
    def test_a_crash_leaves_no_core_file_with_keys_in_it(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        if hard == 0:
            self.skipTest("core files are switched off for this test already")
        running = self.start(before=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)))
        self.assertEqual(running.until_ready(), "READY=1")
        limits = pathlib.Path(f"/proc/{running.process.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +")
        self.assert_stops(running, self.grace + 2)


if __name__ == "__main__":
    bot_case.use(TUTTI, POD, SOURCE)
    unittest.main(argv=sys.argv[:1] + [each for each in sys.argv[4:] if not os.path.isdir(each)])
