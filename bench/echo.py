"""Bots that answer what people say: what an event costs them, heard and answered.

Each is a process that gets PORT KEY USERNAME (Tutti's a configuration); people are made at a tutti-pod,
and talk through its own routes.
"""
import importlib.util
import json
import pathlib
import signal
import subprocess
import time

from pod import CLIENT_CORE, pinned

_PATH = pathlib.Path(__file__).resolve().parent.parent / "tests" / "support" / "pod.py"
_SPEC = importlib.util.spec_from_file_location("desk", _PATH)
desk = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(desk)

STREAMS = 1_000
BURST = 200


def cpu_seconds(process):
    """Of the process, threads that have ended included."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def rss_kb(process):
    lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


class Talk:
    """A pod with people, and one bot."""

    def __init__(self, emulator, folder, people=STREAMS):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        seed = self.folder / "seed.yaml"
        seed.write_text("pods: [{id: 1, name: Desk}]\noptions: {sessionSeconds: 86400}\nusers:\n"
                        "  - {pod: 1, username: bot, serviceAccount: true}\n")
        self.pod = desk.process(emulator, None, f"{self.folder}/keys", "--seed", str(seed))
        self.key = self.folder / "keys" / "bot.pem"
        self.people = [f"p{i}" for i in range(people)]
        desk.post(self.pod.address, "/emulator/users", json.dumps({"pod": 1, "usernames": self.people}))
        self.said = 0

    def stop(self):
        self.pod.stop()

    def tutti(self, program, journal):
        config = self.folder / "bot.yaml"
        lines = ["scheme: http", "host: 127.0.0.1", f"port: {self.pod.port}", "bot:", "  username: bot",
                 f"  privateKey: {{path: {self.key}}}", "log: {level: warn}"]
        if journal:
            lines.append(f"journal: {{path: {self.folder / 'journal.db'}}}")
        config.write_text("\n".join(lines) + "\n")
        return self.start([program, config])

    def kit(self, command):
        return self.start([*command, self.pod.port, self.key, "bot"])

    def start(self, command):
        """Waits until it reads its feed."""
        desk.post(self.pod.address, "/emulator/requests/clear", "")
        process = subprocess.Popen(pinned(CLIENT_CORE, *command), stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not self.feeds_read():
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                raise RuntimeError(f"{command[0]} does not read its feed")
            time.sleep(0.05)
        return process

    def feeds_read(self):
        seen = desk.get(self.pod.address, "/emulator/requests")["paths"]
        return any("datafeeds" in path and path.startswith("POST") for path in seen)

    def say(self, count, text="hello {}"):
        """So many messages, each person in turn, some at a time."""
        for first in range(0, count, BURST):
            rows = [{"from": self.people[(self.said + i) % len(self.people)], "to": ["bot"],
                     "text": text.format(self.said + i)} for i in range(min(BURST, count - first))]
            desk.post(self.pod.address, "/emulator/messages", json.dumps(rows))
            self.said += len(rows)

    def wait_for_answers(self, patience=120):
        """True when each message has been answered."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self.answered() >= self.said:
                return True
            time.sleep(0.5)
        return False

    def answered(self):
        """By requests: looking at all messages would keep the pod busier."""
        seen = desk.get(self.pod.address, "/emulator/requests")["paths"]
        return sum(count for path, count in seen.items() if path.endswith("/message/create"))

    def distinct_answers(self):
        """How many messages have an answer, and how many answers there are."""
        texts = [row["text"] for rows in desk.get(self.pod.address, "/emulator/messages").values()
                 for row in rows if row["from"] == "bot"]
        return len(set(texts)), len(texts)


def end(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def measure(talk, process, events):
    """CPU of an event heard and answered, and memory, of a bot that reads its feed."""
    idle = rss_kb(process)
    talk.say(min(1_000, events))
    talk.wait_for_answers()
    before = cpu_seconds(process)
    talk.say(events)
    if not talk.wait_for_answers():
        raise RuntimeError(f"not all of {talk.said} messages were answered")
    return {"cpu_us": (cpu_seconds(process) - before) * 1e6 / events, "idle_kb": idle,
            "peak_kb": rss_kb(process)}


def measure_dialogues(talk, process):
    """CPU of a message in dialogues of ten questions, one with each person; in us."""
    for _ in range(2):  # The first time opens everything.
        before, began = cpu_seconds(process), talk.said
        for text in ("/order", *["{}"] * 10):
            talk.say(len(talk.people), text)
            if not talk.wait_for_answers():
                raise RuntimeError(f"not all of {talk.said} messages were answered")
    return (cpu_seconds(process) - before) * 1e6 / (talk.said - began)


def measure_waiting(talk, start):
    """Memory of a bot, in kB, that is started with a dialogue that waits for each person."""
    bot = start()
    talk.say(len(talk.people), "/order")
    if not talk.wait_for_answers(600):
        raise RuntimeError(f"{talk.answered()} of {talk.said} dialogues were begun")
    end(bot)
    bot = start()
    time.sleep(2)
    waiting = rss_kb(bot)
    # They do wait: an answer is answered.
    talk.said = 0
    talk.say(10, "7")
    if not talk.wait_for_answers():
        raise RuntimeError("the dialogues do not go on")
    end(bot)
    return waiting
