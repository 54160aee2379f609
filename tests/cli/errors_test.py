#!/usr/bin/env python3
"""Bad input and faults against the real programs: what a user gets to see for each.

usage: errors_test.py TUTTI TUTTI_POD SOURCE_DIR [--write]. What was seen has to be what
docs/errors.md says; --write replaces that page.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

TUTTI, POD, SOURCE = (os.path.abspath(each) for each in sys.argv[1:4])
WRITE = "--write" in sys.argv
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402

PAGE = pathlib.Path(SOURCE, "docs/errors.md")
CREATE = "/pod/v1/im/create"
HTML = {"body": "<html><body>Bad gateway</body></html>", "contentType": "text/html"}
ERROR = '{"code":%d,"message":"said by the pod"}'


class bench:
    """One case's folder, pod and configuration."""

    def __init__(self, folder, keys):
        self.folder = folder
        self.keys = keys
        self.settings = {
            "host": "127.0.0.1", "scheme": "http",
            "bot": {"username": "demo-bot", "privateKey": {"path": f"{keys}/demo-bot.pem"}},
            "retry": {"maxAttempts": 2, "initialIntervalMillis": 10},
        }
        self.command = ["im", "open", "--log-level", "off"]
        self.arguments = ["ada"]
        self.input = None
        self.environment = dict(os.environ)
        self.config_text = None
        self.base = None
        self.process = None
        self.during = None

    def path(self, name, text=None):
        file = pathlib.Path(self.folder, name)
        if text is not None:
            file.write_text(text)
        return str(file)

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=self.folder)

    def serve(self, *options, seed=None):
        seed = seed or f"{SOURCE}/config/demo-pod.yaml"
        self.process = subprocess.Popen([POD, "--seed", seed, "--port", "0", "--keys", self.keys,
                                         *options], stdout=subprocess.PIPE, text=True)
        address = json.loads(self.process.stdout.readline())
        self.base = address["address"]
        self.settings["port"] = address["port"]
        return address

    def post(self, path, body):
        pod.post(self.base, path, json.dumps(body))

    def fault(self, **what):
        self.post("/emulator/faults", [what])

    def serve_tls(self, *certificate):
        address = self.serve("--tls", *certificate)
        self.settings["scheme"] = "https"
        return address

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()


CASES = []


def case(group, title, error, code, status, *words, http=None):
    """Registers a case: its errc and code (None: no JSON line), exit status, and words of its text."""
    def add(prepare):
        CASES.append((group, title, error, code, status, words, http, prepare))
        return prepare
    return add


# -- the command line and its input ------------------------------------------------------------

@case("Input", "no user", None, None, 64, "USER (or --json-lines) is required")
def _(b):
    b.arguments = []


@case("Input", "an option that does not exist", None, None, 64, "--eech")
def _(b):
    b.arguments = ["--eech", "ada"]


for ID in ("0", "-7", "9223372036854775808"):
    @case("Input", f"the id {ID}", "invalid_participants", "usage", 64, "positive number")
    def _(b, given=ID):
        b.serve()
        b.arguments = ["--", given]


@case("Input", "a line that is no array", "invalid_participants", "usage", 64, "standard input:2",
      '["ada", 8933531975682]')
def _(b):
    b.serve()
    b.arguments = ["--json-lines"]
    b.input = '["ada"]\n{"users": "ada"}\n'


@case("Input", "an empty list of users", "invalid_participants", "usage", 64, "no user in it")
def _(b):
    b.serve()
    b.arguments = ["--json-lines"]
    b.input = "[]\n"


@case("Input", "only the bot itself", "invalid_participants", "", 1, "other than the caller")
def _(b):
    b.serve()
    b.arguments = ["demo-bot"]


@case("Input", "several participants", "multi_party_unsupported", "", 1, "create a room",
      "im.multiParty: allow")
def _(b):
    b.serve()
    b.arguments = ["ada", "ben"]


# -- the configuration ---------------------------------------------------------------------------

@case("Configuration", "no such file", "misconfigured", "", 78, "cannot be read")
def _(b):
    b.config_text = ""


@case("Configuration", "a typo in a key", "misconfigured", "", 78, "bot.yaml:2:3: bot.usernam",
      "did you mean bot.username?")
def _(b):
    b.config_text = "bot:\n  usernam: demo-bot\nhost: a\n"


@case("Configuration", "a variable that is not set", "misconfigured", "", 78, "TUTTI_UNSET",
      "${TUTTI_UNSET:-default}")
def _(b):
    b.config_text = "host: ${TUTTI_UNSET}\n"


@case("Configuration", "a port that is none", "misconfigured", "", 78, "1 to 65535")
def _(b):
    b.config_text = "host: a\nport: 0\n"


@case("Configuration", "an address instead of a name", "misconfigured", "", 78, "scheme: https")
def _(b):
    b.config_text = "host: https://pod.bank.example\n"


@case("Configuration", "no host", "misconfigured", "", 78, "set host")
def _(b):
    del b.settings["host"]


@case("Configuration", "several things at once", "misconfigured", "", 78, "bot.yaml:1:1: hots",
      "bot.yaml:2:7: port", "bot.yaml:3:19: bot.privateKey", "'privateKey: {path: FILE}'")
def _(b):
    b.config_text = "hots: a\nport: 0\nbot: {privateKey: k.pem}\n"


@case("Configuration", "a default as Spring writes it", "misconfigured", "", 78, "${HOST:-default}")
def _(b):
    b.config_text = "host: ${HOST:a}\n"


@case("Configuration", "a second document", "misconfigured", "", 78, "bot.yaml:3:1",
      "a configuration is one")
def _(b):
    b.config_text = "host: a\n---\nhost: b\n"


@case("Configuration", "a proxy's address with its port", "misconfigured", "", 78, "proxy.port: 3128")
def _(b):
    b.config_text = "host: a\nproxy: { host: '[::1]:3128' }\n"


# -- the key -------------------------------------------------------------------------------------

def key(b, path):
    b.serve()
    b.settings["bot"]["privateKey"] = {"path": path}


@case("Key", "no such file", "login_refused", "key_file", 78, "No such file", "tutti keys demo-bot")
def _(b):
    key(b, b.path("none.pem"))


@case("Key", "a folder", "login_refused", "key_file", 78, "cannot read")
def _(b):
    key(b, b.folder)


@case("Key", "encrypted, without a password", "login_refused", "key_encrypted", 78,
      "bot.privateKey.password")
def _(b):
    b.openssl("genrsa", "-aes256", "-passout", "pass:secret", "-out", "k.pem", "2048")
    key(b, b.path("k.pem"))


@case("Key", "encrypted, with a wrong password", "login_refused", "key_encrypted", 78,
      "cannot be decrypted")
def _(b):
    b.openssl("genrsa", "-aes256", "-passout", "pass:secret", "-out", "k.pem", "2048")
    key(b, b.path("k.pem"))
    b.settings["bot"]["privateKey"]["password"] = "other"


@case("Key", "not RSA", "login_refused", "key_not_rsa", 78, "RS512", "tutti keys")
def _(b):
    b.openssl("ecparam", "-genkey", "-name", "prime256v1", "-out", "k.pem")
    key(b, b.path("k.pem"))


@case("Key", "too short", "login_refused", "key_too_short", 78, "1024 bits", "tutti keys")
def _(b):
    b.openssl("genrsa", "-out", "k.pem", "1024")
    key(b, b.path("k.pem"))


@case("Key", "the public half", "login_refused", "key", 78, "public half")
def _(b):
    b.openssl("genrsa", "-out", "k.pem", "2048")
    b.openssl("rsa", "-in", "k.pem", "-pubout", "-out", "k.pub.pem")
    key(b, b.path("k.pub.pem"))


@case("Key", "no key at all in it", "login_refused", "key", 78, "-----BEGIN")
def _(b):
    key(b, b.path("k.pem", "just words\n"))


# -- the login -----------------------------------------------------------------------------------

@case("Login", "another key than the registered one", "login_refused", "", 2, "bot.privateKey",
      http=401)
def _(b):
    b.openssl("genrsa", "-out", "k.pem", "2048")
    key(b, b.path("k.pem"))


@case("Login", "a user name the pod does not know", "login_refused", "", 2, "case-sensitive",
      http=401)
def _(b):
    b.serve()
    b.settings["bot"]["username"] = "Demo-Bot"


@case("Login", "a clock ten minutes behind", "login_refused", "clock_skew", 2, "behind the pod's",
      http=401)
def _(b):
    b.serve()
    b.post("/emulator/clock", {"aheadSeconds": 600})


@case("Login", "a clock two minutes ahead", "login_refused", "clock_skew", 2, "ahead of the pod's",
      http=401)
def _(b):
    b.serve()
    b.post("/emulator/clock", {"aheadSeconds": -120})


# -- TLS -------------------------------------------------------------------------------------------

def certificate(b, name, *more):
    b.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "t.key", "-out", "t.pem",
              "-subj", f"/CN={name}", "-addext", f"subjectAltName={name}", *more)
    b.settings["ssl"] = {"trustStore": {"path": b.path("t.pem")}}
    return b.path("t.pem"), b.path("t.key")


@case("TLS", "an authority nobody trusts", "tls_failed", "tls_untrusted", 1, "tutti-pod authority",
      "ssl.trustStore.path")
def _(b):
    b.serve_tls("self")


@case("TLS", "a certificate for another name", "tls_failed", "tls_name_mismatch", 1,
      "pod.other.example, not 127.0.0.1")
def _(b):
    b.serve_tls(*certificate(b, "DNS:pod.other.example"))


@case("TLS", "an expired certificate", "tls_failed", "tls_expired", 1, "has expired", "renew")
def _(b):
    certificate(b, "IP:127.0.0.1")
    b.path("v3", "subjectAltName=IP:127.0.0.1\n")
    b.openssl("req", "-new", "-key", "t.key", "-subj", "/CN=old", "-out", "t.csr")
    b.openssl("x509", "-req", "-in", "t.csr", "-signkey", "t.key", "-days", "-1", "-extfile", "v3",
              "-out", "t.pem")
    b.serve_tls(b.path("t.pem"), b.path("t.key"))


@case("TLS", "a port that speaks plain HTTP", "tls_failed", "tls_not_spoken", 1, "scheme: http")
def _(b):
    b.serve()
    b.settings["scheme"] = "https"


@case("TLS", "plain HTTP to a port that speaks TLS", "unreachable", "connection_lost", 1,
      "scheme: https")
def _(b):
    b.serve_tls("self")
    b.settings["scheme"] = "http"


@case("TLS", "a trust store in Java's format", "misconfigured", "trust_store", 78,
      "keytool -importkeystore")
def _(b):
    pathlib.Path(b.folder, "bank.jks").write_bytes(b"\xfe\xed\xfe\xed\x00\x00\x00\x02")
    b.settings.update(scheme="https", port=1, ssl={"trustStore": {"path": b.path("bank.jks")}})


@case("TLS", "a damaged certificate in a bundle", "misconfigured", "trust_store", 78,
      "certificate 2 (line 2")
def _(b):
    path, _ = certificate(b, "IP:127.0.0.1")
    whole = pathlib.Path(path).read_text()
    pathlib.Path(path).write_text(whole + whole.replace("\nMI", "\n%%", 1) + whole)
    b.settings.update(scheme="https", port=1)


@case("TLS", "a trust store that is not there", "misconfigured", "trust_store", 78, "cannot be read")
def _(b):
    b.settings.update(scheme="https", port=1, ssl={"trustStore": {"path": b.path("ca.pem")}})


# -- reaching the pod ------------------------------------------------------------------------------

@case("Network", "a refused connection", "unreachable", "no_connection", 1, "Connection refused",
      "check host and port")
def _(b):
    b.settings["port"] = 1


@case("Network", "a host that does not exist", "unreachable", "host_unknown", 1,
      "check the host in the configuration")
def _(b):
    b.settings["host"] = "no-such-host.localdomain.invalid."


@case("Network", "the pod is killed while it works", "unreachable", "no_connection", 1,
      "Connection refused")
def _(b):
    b.serve("--delay", "300")

    def kill():
        while not pod.get(b.base, "/emulator/requests")["total"]:
            pass
        b.process.kill()
    b.during = kill


@case("Network", "the pod hangs", "deadline_exceeded", "", 1, "4000 ms")
def _(b):
    b.serve()
    b.fault(path=CREATE, hang=True)
    b.arguments = ["--timeout", "4s", "ada"]


# -- what the pod answers -----------------------------------------------------------------------------

for STATUS, ERRC, EXIT, WORDS in (
        (400, "rejected", 1, ()), (401, "unauthorized", 2, ("renewed session",)),
        (403, "not_entitled", 1, ("administrator",)), (404, "rejected", 1, ()),
        (429, "rate_limited", 1, ()), (500, "unreachable", 1, ("try again later",)),
        (503, "unreachable", 1, ("try again later",))):
    for BODY, NAME, SEEN in (({"body": ERROR % STATUS}, "with JSON", "said by the pod"),
                             (HTML, "with HTML", "Bad gateway"), ({}, "without a body", "")):
        @case("Answers", f"{STATUS} {NAME}", ERRC, "", EXIT, f"HTTP {STATUS}", SEEN, *WORDS,
              http=STATUS)
        def _(b, status=STATUS, body=BODY):
            b.serve()
            b.fault(path=CREATE, status=status, **body)


@case("Answers", "429 with Retry-After beyond the deadline", "rate_limited", "", 1,
      "try again in 60 s", http=429)
def _(b):
    b.serve()
    b.fault(path=CREATE, status=429, retryAfter=60)


for BODY, NAME in ((HTML, "200 with HTML"), ({"body": '{"id":""}'}, "200 without an id"),
                   ({"body": '{"id":'}, "200 with half an object"),
                   ({"body": '{"id":7}'}, "200 with an id of the wrong type")):
    @case("Answers", NAME, "protocol_error", "", 1, "not what the API documents", http=200)
    def _(b, body=BODY):
        b.serve()
        b.fault(path=CREATE, **body)


# -- users -----------------------------------------------------------------------------------------

@case("Users", "an id nobody has", "unknown_user", "", 3, "4711")
def _(b):
    b.serve()
    b.arguments = ["4711"]


@case("Users", "a name nobody has", "unknown_user", "", 3, "no user 'nobody'")
def _(b):
    b.serve()
    b.arguments = ["nobody"]


@case("Users", "an address of two accounts", "invalid_participants", "ambiguous", 3, "2 active users",
      "give the id")
def _(b):
    seed = pathlib.Path(SOURCE, "config/demo-pod.yaml").read_text()
    b.serve(seed=b.path("seed.yaml", seed.replace("email: ben@our.bank", "email: ada@our.bank")))
    b.arguments = ["ada@our.bank"]


@case("Users", "an external user without a connection", "not_connected", "", 1, "connection")
def _(b):
    b.serve()
    b.arguments = ["zoe@their.bank"]


@case("Users", "an external user without the entitlement", "not_entitled", "", 1,
      "isExternalIMEnabled")
def _(b):
    seed = pathlib.Path(SOURCE, "config/demo-pod.yaml").read_text()
    b.serve(seed=b.path("seed.yaml", seed.replace(
        "roles: [INDIVIDUAL, USER_PROVISIONING], features: { isExternalIMEnabled: true }",
        "roles: [INDIVIDUAL, USER_PROVISIONING]")))
    xenia = pod.get(b.base, "/emulator/users")["xenia"]
    b.arguments = [str(xenia)]


@case("Users", "the admin form without the role", "not_entitled", "", 1, "User Provisioning",
      http=403)
def _(b):
    seed = pathlib.Path(SOURCE, "config/demo-pod.yaml").read_text()
    b.serve(seed=b.path("seed.yaml", seed.replace("INDIVIDUAL, USER_PROVISIONING", "INDIVIDUAL")))
    b.arguments = ["--admin", "ada", "ben"]


# -- on behalf of users ----------------------------------------------------------------------------

def acts(b, app="{ pod: 130, id: demo-app }", who="ada"):
    seed = pathlib.Path(SOURCE, "config/demo-pod.yaml").read_text()
    b.serve(seed=b.path("seed.yaml", seed.replace("{ pod: 130, id: demo-app }", app)))
    b.settings["app"] = {"appId": "demo-app", "privateKey": {"path": f"{b.keys}/demo-app.pem"}}
    b.arguments = ["--as", who, "ben"]


@case("On behalf of users", "without an app", "unauthorized", "obo", 2, "set app.appId")
def _(b):
    acts(b)
    del b.settings["app"]


@case("On behalf of users", "an app without `ACT_AS_USER`", "not_entitled", "obo", 1, "ACT_AS_USER",
      http=403)
def _(b):
    acts(b, "{ pod: 130, id: demo-app, permissions: [SEND_MESSAGES] }")


@case("On behalf of users", "an app that may not ask who the user is", "not_entitled", "obo", 1,
      "GET_BASIC_USER_INFO", http=403)
def _(b):
    acts(b, "{ pod: 130, id: demo-app, permissions: [ACT_AS_USER, SEND_MESSAGES] }")


@case("On behalf of users", "an app that may not open IMs", "not_entitled", "obo", 1, "SEND_MESSAGES",
      http=403)
def _(b):
    acts(b, "{ pod: 130, id: demo-app, permissions: [ACT_AS_USER, GET_BASIC_USER_INFO, "
            "GET_USER_CONNECTIONS, GET_BASIC_CONTACT_INFO] }")


@case("On behalf of users", "an app that is not installed for the user", "not_entitled", "obo", 1,
      "installed", http=403)
def _(b):
    acts(b, "{ pod: 130, id: demo-app, installedFor: [ben] }")


@case("On behalf of users", "a user nobody knows", "unknown_user", "", 3, "nobody",
      "the pod has no such user", http=401)
def _(b):
    acts(b, who="nobody")


@case("On behalf of users", "a key that is not the app's", "login_refused", "", 2, "app.privateKey",
      http=401)
def _(b):
    acts(b)
    b.settings["app"]["privateKey"]["path"] = f"{b.keys}/demo-bot.pem"


@case("On behalf of users", "no bot and no `--as`", "unauthorized", "no_bot", 2, "set bot.username")
def _(b):
    acts(b)
    b.settings["bot"] = {}
    b.arguments = ["8933531975682"]


# -- client certificates ---------------------------------------------------------------------------

def shows(b, **certificate):
    b.serve_tls("self")
    b.settings["ssl"] = {"trustStore": {"path": f"{b.keys}/tutti-pod-ca.pem"}}
    b.settings["bot"] = {"username": "demo-bot", "certificate": certificate}


@case("Client certificates", "a file that is not there", "login_refused", "key_certificate", 78,
      "bot.certificate", "none.pem")
def _(b):
    shows(b, path=b.path("none.pem"))


@case("Client certificates", "a key without its certificate", "login_refused", "key_certificate", 78,
      "no certificate in it")
def _(b):
    shows(b, path=f"{b.keys}/demo-bot.pem")


@case("Client certificates", "a PKCS#12 store and a wrong password", "login_refused",
      "key_certificate", 78, "the password is wrong", "bot.certificate.password")
def _(b):
    shows(b, path=b.path("store.p12"), password="wrong")
    b.openssl("pkcs12", "-export", "-in", f"{b.keys}/demo-bot-certificate.pem", "-out", "store.p12",
              "-passout", "pass:right")


@case("Client certificates", "one of another authority", "tls_failed", "tls_client_certificate", 1,
      "refuses the client certificate of demo-bot")
def _(b):
    b.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "t.key", "-out", "t.pem",
              "-subj", "/CN=demo-bot")
    b.path("own.pem", pathlib.Path(b.path("t.pem")).read_text() +
           pathlib.Path(b.path("t.key")).read_text())
    shows(b, path=b.path("own.pem"))


@case("Client certificates", "a pod host that asks for none", "misconfigured", "", 78,
      "sessionAuth.scheme: https")
def _(b):
    shows(b, path=f"{b.keys}/demo-bot-certificate.pem")
    b.settings["sessionAuth"] = {"scheme": "http"}


# -- running ---------------------------------------------------------------------------------------

# -- tutti run and its plugins -------------------------------------------------------------------

def runs(b, *plugins):
    b.serve()
    b.command, b.arguments = ["run"], []
    b.settings["plugins"] = list(plugins)
    b.settings["log"] = {"level": "off"}


@case("Plugins", "`tutti run` without one", None, None, 78, "bot.yaml: plugins: there is none",
      "tutti plugins")
def _(b):
    runs(b)


@case("Plugins", "a name that does not exist", None, None, 78, "there is no plugin 'relai'", "relay")
def _(b):
    runs(b, {"name": "relai"})


@case("Plugins", "neither name nor path", None, None, 78, "each entry needs a name")
def _(b):
    runs(b, {"port": 8181})


@case("Plugins", "a misspelt setting", None, None, 78, "plugin relay: tokne",
      "did you mean 'token'?")
def _(b):
    runs(b, {"name": "relay", "tokne": "x"})


@case("Plugins", "a setting of another type", None, None, 78, "plugin metrics: port: 'http'")
def _(b):
    runs(b, {"name": "metrics", "port": "http"})


@case("Plugins", "a relay without a token", None, None, 78, "plugin relay: give exactly one of token and tokenPath")
def _(b):
    runs(b, {"name": "relay"})


@case("Plugins", "a relay for everybody", None, None, 78, "no IP address of the loopback")
def _(b):
    runs(b, {"name": "relay", "token": "0123456789abcdef", "address": "0.0.0.0"})


@case("Plugins", "a port that is in use", None, None, 1, "plugin metrics did not start",
      "choose another address or port")
def _(b):
    runs(b, {"name": "metrics"})
    b.settings["plugins"][0]["port"] = b.settings["port"]


@case("Plugins", "a shared object that is not there", None, None, 78, "x.so", "no such file")
def _(b):
    runs(b, {"path": "./x.so"})


@case("Plugins", "a file that is no shared object", None, None, 78, "cannot be loaded")
def _(b):
    runs(b, {"path": b.path("x.so", "nothing")})


@case("Plugins", "a shared object that is no plugin", None, None, 78, "TUTTI_PLUGIN")
def _(b):
    b.path("x.c", "int x;")
    subprocess.run(["gcc", "-shared", b.path("x.c"), "-o", b.path("x.so")], check=True)
    runs(b, {"path": b.path("x.so")})


def run(one, keys):
    """What was seen, and what is wrong with it."""
    group, title, error, code, status, words, http, prepare = one
    with tempfile.TemporaryDirectory() as folder:
        b = bench(folder, keys)
        try:
            prepare(b)
            config = b.path("bot.yaml")
            if b.config_text != "":
                b.path("bot.yaml", b.config_text or json.dumps(b.settings))
            helper = threading.Thread(target=b.during) if b.during else None
            if helper:
                helper.start()
            shown = subprocess.run([TUTTI, *b.command, "--config", config, *b.arguments], input=b.input or "", capture_output=True,
                                   text=True, timeout=60, env=b.environment)
            if helper:
                helper.join()
        finally:
            b.end()
    wrong = []
    lines = [json.loads(line) for line in shown.stderr.splitlines() if line.startswith("{")]
    detail = lines[-1]["detail"] if lines else shown.stderr
    if shown.returncode != status:
        wrong.append(f"exit status {shown.returncode}, not {status}")
    if error is None and lines:
        wrong.append(f"an error line: {lines}")
    if error is not None:
        if len(lines) != 1:
            wrong.append(f"{len(lines)} error lines")
        else:
            got = lines[0]
            if set(got) != {"error", "code", "detail", "status", "participants"}:
                wrong.append(f"members {sorted(got)}")
            if (got["error"], got["code"], got["status"]) != (error, code, http):
                wrong.append(f"{got['error']}/{got['code']}/{got['status']}, not "
                             f"{error}/{code}/{http}")
    wrong += [f"'{word}' is missing" for word in words if word not in detail]
    # What changes from run to run.
    for pattern, text in ((re.escape(folder), "DIR"), (re.escape(keys), "KEYS"),
                          (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"), (r"trace \w{6}", "trace XXXXXX"),
                          (r"valid until [\d :-]+UTC", "valid until DATE"),
                          (r"clock is \d+ s", "clock is N s"), (r"\(\w{3}, \d.*?GMT\)", "(DATE)")):
        detail = re.sub(pattern, text, detail)
    return (group, title, error or "(usage)", code or "", status, " ".join(detail.split())), wrong


def page(rows):
    """docs/errors.md."""
    text = ["# What goes wrong, and what it looks like", "",
            "Generated by `tests/cli/errors_test.py` from what the programs said "
            "(`./dev docs` writes it again).", "",
            "Each row is a run of `tutti im open`: `error`, `code` and `detail` of the JSON line on "
            "standard", "error, and the exit status; under Plugins one of `tutti run`. A bot gets the same `errc`, code and detail as "
            "`tutti::failure`.", ""]
    group = None
    for row in rows:
        if row[0] != group:
            group = row[0]
            text += ["" if text[-1] else None, f"## {group}", "",
                     "| what | error | code | exit | detail |", "|---|---|---|---|---|"]
        cells = [row[1], f"`{row[2]}`", f"`{row[3]}`" if row[3] else "", str(row[4]),
                 row[5].replace("|", "\\|").replace("<", "&lt;")]
        text.append("| " + " | ".join(cells) + " |")
    return "\n".join(line for line in text if line is not None) + "\n"


def main():
    with tempfile.TemporaryDirectory() as keys:
        subprocess.run(["openssl", "genrsa", "-out", f"{keys}/demo-bot.pem", "2048"], check=True,
                       capture_output=True)
        os.chmod(f"{keys}/demo-bot.pem", 0o600)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda one: run(one, keys), CASES))
    failed = 0
    for (row, wrong) in results:
        for each in wrong:
            failed += 1
            print(f"{row[0]}, {row[1]}: {each}\n    {row[5]}")
    text = page([row for row, _ in results])
    if WRITE:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        failed += 1
        print("docs/errors.md is not what was seen; ./dev docs writes it again")
        old = PAGE.read_text().splitlines() if PAGE.exists() else []
        for line in text.splitlines():
            if line not in old:
                print("    seen: " + line)
    print(f"{len(CASES)} cases, {failed} complaints")
    return 1 if failed else 0


sys.exit(main())
