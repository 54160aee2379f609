#!/usr/bin/env python3
"""Runs one example against the emulator, as CI does.

usage: run.py TUTTI_POD EXAMPLE SOURCE_DIR. Each example gets the demo bot's configuration and the
arguments below, and has to end with status 0 and print the text expected below.
"""
import http.server
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

POD, EXAMPLE, SOURCE = sys.argv[1:4]
sys.path.insert(0, str(pathlib.Path(SOURCE, "tests/support")))
import pod  # noqa: E402


def run(arguments, environment, **more):
    """What it says; ends the test when it does not end well."""
    done = subprocess.run([EXAMPLE, f"{SOURCE}/config/demo.yaml", *arguments], env=environment,
                          capture_output=True, text=True, timeout=30, **more)
    print(done.stdout, done.stderr, sep="")
    if done.returncode != 0:
        sys.exit(f"it ended with status {done.returncode}")
    return done.stdout


def expect(pattern, text):
    if not re.fullmatch(pattern, text):
        sys.exit(f"expected {pattern}")


def embedded(here):
    """The pod restarts while the service works; users are asked for before, meanwhile and after."""
    ids = pod.get(here.address, "/emulator/users")
    service = subprocess.Popen([EXAMPLE, f"{SOURCE}/config/demo.yaml"], env=here.environment,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(*names):
        service.stdin.write("".join(f"{ids[name]}\n" for name in names))
        service.stdin.flush()

    ask("ada")
    first = service.stdout.readline()
    here.stop()
    ask("ben", "cleo", "ada") # Two of the four workers wait for the pod.
    known = service.stdout.readline() # Of what is known it can tell without a pod.
    here.start()
    ask("dan", "eve", "fay", "gil")
    rest, _ = service.communicate(timeout=60)
    print(first, known, rest, sep="")
    if service.returncode != 0:
        sys.exit(f"it ended with status {service.returncode}")
    expect(rf"{ids['ada']} open: \S+\n{ids['ada']} known: \S+\n", first + known)
    opened = set(re.findall(r"(\d+) open: \S+", rest))
    if opened != {str(ids[name]) for name in ("ben", "cleo", "dan", "eve", "fay", "gil")}:
        sys.exit("the restart of the pod lost something")
    expect("health: ready", rest.splitlines()[-1])


def said_by_all(here):
    """The texts of all messages, the oldest first."""
    return [row["text"] for rows in pod.get(here.address, "/emulator/messages").values()
            for row in rows]


def say(here, text):
    pod.post(here.address, "/emulator/messages",
             json.dumps({"from": "ada", "to": ["demo-bot"], "text": text}))


def wait_for_feed(here):
    until = time.monotonic() + 20
    while not pod.get(here.address, "/emulator/requests")["paths"].get("POST /agent/v5/datafeeds"):
        if time.monotonic() > until:
            sys.exit("the bot makes no feed")
        time.sleep(0.01)


class Model(http.server.BaseHTTPRequestHandler):
    """A stand-in of a model server: says how many turns it knows, in three parts."""
    protocol_version = "HTTP/1.1"
    asked = []

    def do_POST(self):
        turns = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["turns"]
        self.asked.append([turn["text"] for turn in turns])
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in (f"{len(turns)} turns, ", "the last of which ", f"was {turns[-1]['text']}"):
            self.wfile.write(f"{len(part):x}\r\n{part}\r\n".encode())
            self.wfile.flush()
            time.sleep(0.8)
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


def assistant(here):
    """Ada sees the answers grow, and the model knows what was said before."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(f"{SOURCE}/config/demo.yaml", f"{folder}/bot.yaml")
        here.environment["MODEL_URL"] = f"http://127.0.0.1:{server.server_port}/generate"
        bot = subprocess.Popen([EXAMPLE], env=here.environment, cwd=folder)
        wait_for_feed(here)
        for text, last in (("hello", "1 turns, the last of which was hello"),
                           ("again", "3 turns, the last of which was again")):
            say(here, text)
            until = time.monotonic() + 20
            while said_by_all(here)[-1:] != [last]:
                if time.monotonic() > until:
                    sys.exit(f"it said {said_by_all(here)}")
                time.sleep(0.01)
        seen = said_by_all(here)
        if "..." not in seen or "3 turns, the last of which " not in seen:
            sys.exit(f"the answer did not grow: {seen}")
        if Model.asked != [["hello"], ["hello", "1 turns, the last of which was hello", "again"]]:
            sys.exit(f"the model was asked {Model.asked}")
        bot.terminate()
        if bot.wait() != 0:
            sys.exit(f"it ended with {bot.returncode}")
        server.shutdown()


def without_code(here):
    """The folder's files, with the account of the demo."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(f"{SOURCE}/examples/17_without_code", folder, dirs_exist_ok=True)
        commands = pathlib.Path(folder, "commands.yaml")
        commands.write_text(commands.read_text().replace(":8080", f":{port}"))
        plugins = pathlib.Path(folder, "bot.yaml").read_text().partition("plugins:")[2]
        demo = pathlib.Path(f"{SOURCE}/config/demo.yaml").read_text()
        pathlib.Path(folder, "bot.yaml").write_text(f"{demo}\nplugins:{plugins}")
        service = subprocess.Popen([sys.executable, f"{folder}/price_service.py", port])
        try:
            until = time.monotonic() + 20
            while time.monotonic() < until:
                with socket.socket() as reached:
                    if reached.connect_ex(("127.0.0.1", int(port))) == 0:
                        break
                time.sleep(0.05)
            talk(here, ("/hello all of you", "Hello all of you!"),
                 ("/rules", "Rules of the desk Quotes are good for 30 seconds. "
                            "Orders above 1,000,000 need a second person."),
                 ("/price $VOD 2", "2 VOD at 71.5: 143.0"),
                 ("/price $XYZ", "I do not know XYZ."),
                 command=[EXAMPLE, "run", "--config", f"{folder}/bot.yaml"])
        finally:
            service.kill()
            service.wait()


def talk(here, *turns, killed=False, command=(EXAMPLE,)):
    """Ada says things to the bot of the example, each with the answer that is expected; `killed`:
    the bot is killed after each and started again, with a journal."""
    with tempfile.TemporaryDirectory() as folder:
        settings = pathlib.Path(f"{SOURCE}/config/demo.yaml").read_text()
        if killed:
            settings += f"\njournal: {{ path: {folder}/journal.db }}\n"
        pathlib.Path(folder, "bot.yaml").write_text(settings)

        def start():
            return subprocess.Popen(command, env=here.environment, cwd=folder)

        bot = start()
        try:
            wait_for_feed(here)
            expected = []
            for said, answer in turns:
                say(here, said)
                expected += [said, answer]
                until = time.monotonic() + 20
                while len(texts := said_by_all(here)) < len(expected) and time.monotonic() < until:
                    time.sleep(0.01)
                if [text.split() for text in texts] != [text.split() for text in expected]:
                    sys.exit(f"it said {texts}, and not {expected}")
                if killed and len(expected) < 2 * len(turns):
                    bot.kill()
                    bot.wait()
                    bot = start()
            bot.terminate()
            if bot.wait() != 0:
                sys.exit(f"it ended with {bot.returncode}")
        finally:
            bot.kill()


with pod.restartable_pod(POD, SOURCE) as here:
    ids = {name: str(id) for name, id in pod.get(here.address, "/emulator/users").items()}
    match pathlib.Path(EXAMPLE).name:
        case "example-0_first_bot":
            with tempfile.TemporaryDirectory() as folder:
                shutil.copy(f"{SOURCE}/config/demo.yaml", f"{folder}/bot.yaml")
                expect(r"\S{34}\n", run([], here.environment, cwd=folder))
        case "example-1_hello":
            expect(r"open: \S+\n", run([ids["ada"]], here.environment))
        case "example-2_open_im":
            text = run([ids["ada"], ids["ben"], ids["zoe"]], here.environment)
            expect(rf"{ids['zoe']} not_connected: .*\n{ids['ada']} open: \S+\n"
                   rf"{ids['ben']} open: \S+\n", "".join(sorted(text.splitlines(True))))
        case "example-9_echo":
            talk(here, ("hello", "You said: hello"))
        case "example-10_events":
            talk(here, ("today", "1 messages since yesterday"))
        case "example-12_commands":
            talk(here, ("/order new $VOD 3", "buy 3 VOD"))
        case "example-13_form":
            talk(here, ("/order", "New order\n100buysellUrgentPlace itLeave it"))
        case "example-14_dialogue":
            talk(here, ("/order", "Which instrument?"), ("$VOD", "How many?"),
                 ("3", "Which side?\nBuy\nSell"), ("1", "Buy 3 VOD?"),
                 ("yes", "Booked as B-3VOD-1. I ask again in a minute how it went."),
                 killed=True)
        case "example-15_remember":
            talk(here, ("/note tea", "Note 1"), ("/note milk", "Note 2"), ("/notes", "tea\nmilk\n"),
                 ("/remind 1s tea", "I will."), killed=True)
        case "example-16_assistant":
            assistant(here)
        case "tutti":
            without_code(here)
        case "example-3_custom_actor":
            expect(r"open: \S+\nnot_entitled: not on the list of the bank.*\n",
                   run([ids["ada"], ids["ben"]], here.environment))
        case "example-4_embed_in_service":
            embedded(here)
        case "example-6_coroutines":
            expect(r"open: \S+\nunknown_user: .*\n", run(["ada", "nobody"], here.environment))
        case "example-8_message":
            expect(r"<messageML><p>Hello <mention uid=.*&lt;b&gt;5 .*</messageML>\n"
                   r"Hello @8933531975682, you wrote: <b>5 > 4</b> & \$\{x\}\nSend\n"
                   r"<text-field>: maxlength: it is from 1 to 128\n/buy \$IBM names IBM\n",
                   run([], here.environment))
        case other:
            sys.exit(f"{other}: say here what it is given and has to say")
