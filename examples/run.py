#!/usr/bin/env python3
"""Runs one example against the emulator, as CI does.

usage: run.py TUTTI_POD EXAMPLE SOURCE_DIR. Each example gets the demo bot's configuration and the
arguments below, and has to end with status 0 and print the text expected below.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
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


def talk(here, *turns, killed=False):
    """Ada says things to the bot of the example, each with the answer that is expected; `killed`:
    the bot is killed after each and started again, with a journal."""
    with tempfile.TemporaryDirectory() as folder:
        settings = pathlib.Path(f"{SOURCE}/config/demo.yaml").read_text()
        if killed:
            settings += f"\njournal: {{ path: {folder}/journal.db }}\n"
        pathlib.Path(folder, "bot.yaml").write_text(settings)

        def start():
            return subprocess.Popen([EXAMPLE], env=here.environment, cwd=folder)

        bot = start()
        try:
            while not pod.get(here.address, "/emulator/requests")["paths"].get(
                    "POST /agent/v5/datafeeds"):
                time.sleep(0.01)
            expected = []
            for said, answer in turns:
                pod.post(here.address, "/emulator/messages",
                         json.dumps({"from": "ada", "to": ["demo-bot"], "text": said}))
                expected += [said, answer]
                until = time.monotonic() + 20
                while len(texts := said_by_all(here)) < len(expected) and time.monotonic() < until:
                    time.sleep(0.01)
                if texts != expected:
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
