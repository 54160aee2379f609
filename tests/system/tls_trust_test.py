#!/usr/bin/env python3
"""Which TLS hosts a bot trusts: names, revocation lists, stapled OCSP answers, ciphers, and files
that are replaced while it runs.

usage: tls_trust_test.py TUTTI TUTTI_POD SOURCE_DIR [PLUGIN_DIR]
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402
from authority import authority, openssl, tls_host  # noqa: E402
from bot_case import bot_case  # noqa: E402
from ports import free_port  # noqa: E402
from service import ask, folder, service, until  # noqa: E402

VERSIONS = ("-tls1_2", "-tls1_3")
NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1"
MUST_STAPLE = "tlsfeature=status_request"


class trust_case(unittest.TestCase):
    """Runs `tutti im open` against hosts with certificates of `cls.ours`."""

    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.folder = pathlib.Path(place.name)
        cls.ours, cls.other = (authority(cls.folder, name) for name in ("ours", "other"))
        # Of all hosts, and of the bot: making keys takes long.
        cls.key = cls.folder / "key.pem"
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", cls.key)
        cls.good, cls.bad = (cls.ours.issue(cls.key, NAMES) for _ in range(2))
        # Both are trusted, so that no case fails for want of that alone.
        cls.trusted = cls.folder / "trusted.pem"
        cls.trusted.write_text("".join(each.certificate.read_text()
                                       for each in (cls.ours, cls.other)))

    def config(self, port=1, host="127.0.0.1", **ssl):
        path = self.folder / "bot.json"
        path.write_text(json.dumps({
            "scheme": "https", "host": host, "port": port,
            "bot": {"username": "demo-bot", "privateKey": {"content": self.key.read_text()}},
            "ssl": {"trustStore": {"path": str(self.trusted)},
                    **{name: str(value) for name, value in ssl.items()}}}))
        return path

    def lines(self, certificate, *options, users=1, host="127.0.0.1", **ssl):
        """What `tutti im open` says, for each user, about a host with that certificate."""
        server = tls_host(certificate, self.key, *options)
        try:
            ended = subprocess.run(
                [TUTTI, "im", "open", "--config", self.config(server.port, host, **ssl),
                 "--timeout", "3s", "--each", "--concurrency", "1",
                 *(str(12345 + each) for each in range(users))],
                capture_output=True, text=True, timeout=20)
        finally:
            server.stop()
        # Between them stand lines of the log.
        said = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("{")]
        self.assertEqual(len(said), users, ended.stderr)
        return said

    def assert_refused(self, code, *arguments, **more):
        line, = self.lines(*arguments, **more)
        self.assertEqual((line["error"], line["code"]), ("tls_failed", code), line)
        return line["detail"]

    def assert_accepted(self, *arguments, **more):
        for line in self.lines(*arguments, **more):
            # The host has answered the request, though not in HTTP.
            self.assertEqual(line["error"], "protocol_error", line)
            self.assertIn("not HTTP", line["detail"])


class name_test(trust_case):
    def test_a_host_named_as_common_name_only_is_refused_with_the_way_out(self):
        shown = self.ours.issue(self.key, common_name="localhost")
        for version in VERSIONS:
            with self.subTest(version=version):
                detail = self.assert_refused("tls_name_mismatch", shown, version, host="localhost")
                self.assertIn("common name", detail)
                self.assertIn("subject alternative name", detail)

    def test_a_common_name_does_not_count_beside_other_alternative_names(self):
        shown = self.ours.issue(self.key, "subjectAltName=DNS:pod.other.example",
                                common_name="localhost")
        detail = self.assert_refused("tls_name_mismatch", shown, host="localhost")
        self.assertIn("pod.other.example, not localhost", detail)

    def test_a_host_named_as_subject_alternative_name_is_accepted(self):
        shown = self.ours.issue(self.key, NAMES, common_name="something else")
        for host in ("localhost", "127.0.0.1"):
            with self.subTest(host=host):
                self.assert_accepted(shown, host=host)


class chain_test(trust_case):
    """What a trust store has to hold: any certificate of the chain, as curl and Java have it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.middle = cls.ours.intermediate("middle")
        cls.shown = cls.middle.issue(cls.key, NAMES)

    def test_any_certificate_of_the_chain_is_enough(self):
        for store in (self.ours.certificate, self.middle.certificate, self.shown):
            for version in VERSIONS:
                with self.subTest(store=store.name, version=version):
                    self.trusted = store
                    self.assert_accepted(self.shown, version, "-cert_chain", self.middle.certificate)

    def test_a_host_that_shows_no_chain_needs_its_issuer_in_the_store(self):
        self.trusted = self.middle.certificate
        self.assert_accepted(self.shown)
        self.trusted = self.ours.certificate
        self.assert_refused("tls_untrusted", self.shown)

    def test_another_authority_is_not(self):
        self.trusted = self.other.certificate
        self.assert_refused("tls_untrusted", self.shown, "-cert_chain", self.middle.certificate)


class revocation_list_test(trust_case):
    def list_of(self, which=None, **more):
        """A list of our authority that names `bad`."""
        return (which or self.ours).revocation_list(self.bad, True, **more)

    def folder_of(self, *files):
        made = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        for each in files:
            shutil.copy(each, made)
        return made

    def test_a_revoked_certificate_is_refused_and_a_good_one_accepted(self):
        ours, others = self.list_of(), self.list_of(self.other)
        both = self.folder / "both.crl"
        both.write_text(others.read_text() + ours.read_text())
        readme = self.folder / "README"
        readme.write_text("Lists of our authorities.\n")
        places = {"file": ours, "file of two lists": both,
                  "folder": self.folder_of(others, ours, readme)}
        for name, place in places.items():
            for version in VERSIONS:
                with self.subTest(place=name, version=version):
                    self.assert_refused("tls_revoked", self.bad, version, crl=place)
                    self.assert_accepted(self.good, version, crl=place)

    def test_a_certificate_of_an_authority_without_a_list_is_refused(self):
        self.assertIn("ssl.crl", self.assert_refused("tls_crl", self.good,
                                                     crl=self.list_of(self.other)))

    def test_a_certificate_whose_list_has_expired_is_refused(self):
        self.assertIn("ssl.crl", self.assert_refused("tls_crl", self.good,
                                                     crl=self.ours.expired_list(self.bad)))

    def test_a_list_that_another_authority_signed_under_that_name_is_refused(self):
        same_name = authority(self.folder_of(), "ours")
        lists = same_name.revocation_list(self.bad, False)
        line, = self.lines(self.good, crl=lists)
        self.assertEqual(line["error"], "tls_failed", line)
        self.assertIn("CRL", line["detail"])

    def test_config_check_names_a_place_without_usable_lists(self):
        good = self.list_of().read_text()
        lines = good.splitlines(keepends=True)
        contents = {
            "file without a list": self.good.read_text(),
            "empty file": "",
            # Without one line of its base64.
            "damaged list": "".join(lines[:2] + lines[3:]),
            "list that breaks off": good[:len(good) // 2],
            "good list before a damaged one": good + "".join(lines[:2] + lines[3:]),
        }
        places = {"not there": self.folder / "no-such.crl", "empty folder": self.folder_of()}
        for name, text in contents.items():
            places[name] = self.folder / f"{name.replace(' ', '-')}.crl"
            places[name].write_text(text)
        places["damaged list in a folder"] = self.folder_of(self.list_of(), places["damaged list"])
        for name, place in places.items():
            with self.subTest(place=name):
                ended = subprocess.run([TUTTI, "config", "check", self.config(crl=place)],
                                       capture_output=True, text=True, timeout=20)
                said = ended.stdout + ended.stderr
                self.assertEqual(ended.returncode, 78, said)
                self.assertIn("ssl.crl", said)
                self.assertIn(str(place), said)

    def test_config_check_accepts_a_file_and_a_folder_of_lists(self):
        for place in (self.list_of(), self.folder_of(self.list_of())):
            ended = subprocess.run([TUTTI, "config", "check", self.config(crl=place)],
                                   capture_output=True, text=True, timeout=20)
            self.assertEqual(ended.returncode, 0, ended.stderr)


class stapled_answer_test(trust_case):
    def stapled(self, certificate, **more):
        return ("-status_file", self.ours.answer(certificate, **more))

    def test_a_good_answer_is_accepted_and_a_revoked_one_refused(self):
        good, revoked = self.stapled(self.good), self.stapled(self.bad, revoked=True)
        for version in VERSIONS:
            with self.subTest(version=version):
                self.assert_accepted(self.good, version, *good)
                self.assert_refused("tls_revoked", self.bad, version, *revoked)

    def test_an_answer_of_a_responder_of_the_authority_is_accepted(self):
        responder = self.ours.issue(self.key, "extendedKeyUsage=OCSPSigning",
                                    common_name="responder")
        self.assert_accepted(self.good, *self.stapled(self.good, signer=(responder, self.key)))

    def test_an_answer_that_names_the_certificate_by_sha256_counts(self):
        self.assert_accepted(self.good, *self.stapled(self.good, hashed="sha256"))
        self.assert_refused("tls_revoked", self.bad,
                            *self.stapled(self.bad, revoked=True, hashed="sha256"))

    def test_an_answer_that_proves_nothing_is_refused(self):
        answers = {
            "expired": self.ours.expired_answer(self.good),
            "signed by another authority": self.ours.answer(
                self.good, signer=(self.other.certificate, self.other.key)),
            # A stolen key must not vouch for itself.
            "signed by the host": self.ours.answer(self.good, signer=(self.good, self.key)),
            "about another certificate": self.ours.answer(self.bad),
        }
        for name, answer in answers.items():
            for version in VERSIONS:
                with self.subTest(answer=name, version=version):
                    self.assert_refused("tls_staple", self.good, version, "-status_file", answer)

    def test_a_certificate_without_must_staple_needs_no_answer(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                self.assert_accepted(self.good, version)

    def test_a_certificate_with_must_staple_needs_a_good_answer(self):
        demands = self.ours.issue(self.key, NAMES, MUST_STAPLE)
        for version in VERSIONS:
            with self.subTest(version=version):
                self.assertIn("must-staple", self.assert_refused("tls_staple", demands, version))
                self.assert_refused("tls_staple", demands, version, "-status_file",
                                    self.ours.expired_answer(demands))
                self.assert_accepted(demands, version, *self.stapled(demands))

    def test_a_session_taken_up_again_needs_no_second_answer(self):
        demands = self.ours.issue(self.key, NAMES, MUST_STAPLE)
        for version in VERSIONS:
            with self.subTest(version=version):
                # Three connections; the host shows certificate and answer in the first one only.
                self.assert_accepted(demands, version, *self.stapled(demands), users=3)


class forward_secrecy_test(trust_case):
    def test_a_host_without_forward_secrecy_is_refused(self):
        for cipher in ("AES128-GCM-SHA256", "AES256-SHA256"):
            with self.subTest(cipher=cipher):
                detail = self.assert_refused("tls_handshake", self.good, "-tls1_2", "-cipher",
                                             cipher)
                self.assertIn("forward secrecy", detail)

    def test_a_host_with_forward_secrecy_is_accepted(self):
        for cipher in ("ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256"):
            with self.subTest(cipher=cipher):
                self.assert_accepted(self.good, "-tls1_2", "-cipher", cipher)


def ready(metrics):
    return ask(metrics, "/ready", timeout=10)[0]


class replaced_file_test(bot_case):
    """The bot looks at its files every 10 s, when it opens a connection; it does so for a login,
    which it repeats every 5 s."""

    def setUp(self):
        super().setUp()
        self.ours, self.other = (authority(self.folder, name) for name in ("ours", "other"))
        self.key = pathlib.Path(self.keys.name, "demo-bot.pem")
        self.shown = self.ours.issue(self.key, NAMES)
        self.pod = pod.process(POD, SOURCE, self.keys.name, "--tls", self.shown, self.key)
        self.stack.callback(self.pod.stop)

    def replace(self, path, text):
        """As an administrator does: no reader sees half of it."""
        new = pathlib.Path(self.folder, "new")
        new.write_text(text)
        new.rename(path)

    def start_beside(self, **more):
        """A second `tutti run`, and the port of its metrics."""
        place, metrics = self.stack.enter_context(folder()), free_port()
        config = self.write("beside.yaml", plugins=[{"name": "metrics", "port": metrics}], **more)
        running = service(TUTTI, config, place, self.pod.environment)
        self.stack.callback(running.end, signal.SIGKILL)
        return running, metrics

    def settings_with(self, **ssl):
        return {"scheme": "https", "ssl": ssl, "bot": {
            "username": "demo-bot", "privateKey": {"content": self.key.read_text()}}}

    def test_replaced_authorities_and_lists_take_effect_without_a_restart(self):
        store, lists = pathlib.Path(self.folder, "store.pem"), pathlib.Path(self.folder, "lists")
        shutil.copy(self.other.certificate, store)
        lists.mkdir()
        shutil.copy(self.ours.expired_list(self.shown), lists / "ours.crl")
        # Two bots at a time: most of this is waiting.
        of_store = self.start(**self.settings_with(trustStore={"path": str(store)}))
        of_lists, metrics = self.start_beside(**self.settings_with(
            trustStore={"path": str(self.ours.certificate)}, crl=str(lists)))
        of_store.until_says("is not trusted")
        of_lists.until_says("CRL has expired")
        self.assertNotEqual(ready(self.metrics), 200)
        self.assertNotEqual(ready(metrics), 200)

        self.replace(store, "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n")
        self.replace(lists / "ours.crl",
                     self.ours.revocation_list(self.shown, False).read_text())
        of_store.until_says(" trust_not_reloaded ")
        self.assertRegex(of_store.text(), rf" trust_not_reloaded .*{re.escape(str(store))}")
        self.assertNotEqual(ready(self.metrics), 200)

        self.replace(store, self.ours.certificate.read_text())
        until(lambda: ready(metrics) == 200)
        self.assertRegex(of_lists.text(), rf" trust_reloaded .*{re.escape(str(lists))}")
        until(lambda: ready(self.metrics) == 200)
        self.assertRegex(of_store.text(), rf" trust_reloaded .*{re.escape(str(store))}")
        self.assert_stops(of_store, self.grace + 2)
        self.assert_stops(of_lists, self.grace + 2)


if __name__ == "__main__":
    bot_case.use(TUTTI, POD, SOURCE)
    unittest.main(argv=sys.argv[:1] + [each for each in sys.argv[4:] if not os.path.isdir(each)])
