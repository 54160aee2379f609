#!/usr/bin/env python3
"""Kills a bot while people talk to it, and looks whether each message is answered once, in order.

usage: killed.py ECHO_BOT TUTTI_POD [--streams N] [--messages N] [--kills N] [--seed N]

The bot keeps its journal in a file. Between the kills its feed loses answers, brings events twice
and in the wrong order, and the agent loses what it was asked. At the end, in each stream: every
message has one answer, and those that are not marked `late` are in order.
"""
import argparse
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import pod  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("bot")
parser.add_argument("pod")
parser.add_argument("--streams", type=int, default=50)
parser.add_argument("--messages", type=int, default=2_000, help="in all")
parser.add_argument("--kills", type=int, default=5)
parser.add_argument("--seed", type=int, default=1)
given = parser.parse_args()
luck = random.Random(given.seed)

READ = "/agent/v5/datafeeds/{datafeedId}/read"
SEND = "/agent/v4/stream/{sid}/message/create"
FAULTS = [
    {"path": READ, "reset": "before", "probability": 0.05},  # Handed out, and lost.
    {"path": READ, "cut": True, "probability": 0.03},
    {"path": READ, "duplicate": True, "probability": 0.05},
    {"path": READ, "status": 503, "probability": 0.05},
    {"path": SEND, "reset": "before", "acts": True, "probability": 0.02},  # Sent, and not known.
    {"path": SEND, "reset": "before", "acts": False, "probability": 0.02},
    {"path": SEND, "status": 502, "acts": True, "probability": 0.01},
    {"path": SEND, "status": 503, "probability": 0.01},
]


def seed_of(people):
    users = "".join(f"  - {{pod: 1, username: p{i}, displayName: P{i}}}\n" for i in range(people))
    return ("pods: [{id: 1, name: Desk}]\n"
            "options: {feedVisibilitySeconds: 1, sessionSeconds: 86400}\nusers:\n"
            f"  - {{pod: 1, username: bot, serviceAccount: true}}\n{users}")


def configuration(port, keys, folder):
    return (f"scheme: http\nhost: 127.0.0.1\nport: {port}\nbot:\n  username: bot\n"
            f"  privateKey: {{path: {keys}/bot.pem}}\njournal: {{path: {folder}/journal.db}}\n"
            "log: {level: warn}\n")


def answers_of(base):
    """By stream: what was said to the bot, and what it said."""
    return {stream: ([(row["at"], row["text"]) for row in rows if row["from"] != "bot"],
                     [row["text"] for row in rows if row["from"] == "bot"])
            for stream, rows in pod.get(base, "/emulator/messages").items()}


def flaws_of(said, answers):
    """(lost, doubled, out of order, late) of one stream."""
    texts = [answer.split(" ", 1)[1] for answer in answers]
    order = {text: at for at, text in said}  # Within a millisecond there is none.
    lost = len(set(order) - set(texts))
    doubled = len(texts) - len(set(texts))
    prompt = [order[answer.split(" ", 1)[1]] for answer in answers if answer.startswith("echo ")]
    crossed = sum(1 for one, next in zip(prompt, prompt[1:]) if next < one)
    return lost, doubled, crossed, len(answers) - len(prompt)


def run():
    folder = pathlib.Path(stack)
    (folder / "seed.yaml").write_text(seed_of(given.streams))
    here = pod.process(given.pod, None, f"{folder}/keys", "--seed", f"{folder}/seed.yaml")
    log = open(folder / "bot.log", "w+")
    try:
        (folder / "bot.yaml").write_text(configuration(here.port, f"{folder}/keys", folder))

        def start():
            return subprocess.Popen([given.bot, f"{folder}/bot.yaml"], stderr=log)

        bot = start()
        while not pod.get(here.address, "/emulator/requests")["paths"].get(
                "POST /agent/v5/datafeeds"):
            time.sleep(0.01)
        pod.post(here.address, "/emulator/requests/clear", "")
        pod.post(here.address, "/emulator/faults", json.dumps(
            [dict(fault, seed=given.seed + at) for at, fault in enumerate(FAULTS)]))
        batch = max(1, given.messages // 200)
        kill_after = sorted(luck.sample(range(1, given.messages // batch), given.kills))
        began = time.monotonic()
        for turn in range(given.messages // batch):
            pod.post(here.address, "/emulator/messages", json.dumps(
                [{"from": f"p{luck.randrange(given.streams)}", "to": ["bot"],
                  "text": f"m{turn * batch + at}"} for at in range(batch)]))
            pod.post(here.address, "/emulator/requests/clear", "")
            if kill_after and kill_after[0] == turn:
                kill_after.pop(0)
                bot.send_signal(signal.SIGKILL)
                bot.wait()
                bot = start()
            time.sleep(0.02)
        pod.post(here.address, "/emulator/faults", "[]")
        while True:  # The test runner ends this when answers are lost.
            seen = answers_of(here.address)
            if all(len(set(said)) <= len(set(answers)) for said, answers in seen.values()):
                break
            time.sleep(0.1)
        took = time.monotonic() - began
        bot.terminate()
        status = bot.wait()
        seen = answers_of(here.address)
        sums = [sum(column) for column in zip(*(flaws_of(*each) for each in seen.values()))]
        said = sum(len(each[0]) for each in seen.values())
        print(f"{said} messages in {len(seen)} streams, {given.kills} kills, {took:.1f} s: "
              f"{sums[0]} lost, {sums[1]} doubled, {sums[2]} out of order, {sums[3]} marked late, "
              f"status {status}")
        return 0 if sums[:3] == [0, 0, 0] and status == 0 else 1
    finally:
        here.stop()
        log.seek(0)
        print("".join(log.readlines()[-20:]))


with tempfile.TemporaryDirectory() as stack:
    status = run()
sys.exit(status)
