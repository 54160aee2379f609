#!/usr/bin/env python3
"""What Tutti costs, beside wrk, bare sockets and the official kits, against the same servers.

Clients have one core, servers the other. Rounds are interleaved; figures are medians, ratios are to
the reference of the same round. Exits 1 when a budget is missed.
"""
import argparse
import contextlib
import os
import pathlib
import sys
import tempfile
import time

import clients
import echo
import kits
import pod
from figures import Figures

REQUESTS = {1: 30_000, 16: 100_000, 64: 150_000, 256: 150_000}


class Bench:
    def __init__(self, given, folder):
        self.given, self.folder = given, folder
        built = pathlib.Path(given.build, "bin").resolve()
        pod.make_keys(folder)
        self.tutti = clients.Tutti(built / "tutti-bench", folder / "key.pem", folder / "pod.pem")
        self.bare = built / "tutti-bench-bare"
        self.bot = built / "tutti-bench-bot"
        self.sign = built / "tutti-bench-sign"
        self.messages_program = built / "tutti-bench-messages"
        self.conversing_program = built / "tutti-bench-conversing"
        self.echo = built / "tutti-bench-echo"
        self.dialogue = built / "tutti-bench-dialogue"
        self.emulator = built / "tutti-pod"
        self.figures = Figures()
        self.foreign = []
        self.kits = [] if given.without_kits else kits.install(pathlib.Path(given.build, "bench").resolve())

    def run(self):
        self.nginx, self.ports = pod.start_nginx(self.folder)
        try:
            for number in range(self.given.rounds):
                began = time.monotonic()
                with ForeignLoad([self.nginx]) as load:
                    self.round(number)
                self.foreign.append(load.share)
                print(f"round {number + 1} of {self.given.rounds}: {time.monotonic() - began:.0f} s"
                      + (f", other processes had {load.share:.0%} of the machine"
                         if load.share > 0.05 else ""), flush=True)
        finally:
            self.nginx.stop()

    def round(self, number):
        for in_flight in self.given.in_flight:
            for tls in (False, True):
                self.distinct(in_flight, tls)
        self.waiting()
        self.small_ones()
        self.messages(number)
        self.commands()
        self.emulated()
        if number < 3:
            self.talks(number)
            self.peers(number)
        if not self.given.quick:
            self.open_loop()

    def port(self, tls):
        return self.ports.tls if tls else self.ports.plain

    def distinct(self, in_flight, tls):
        """Distinct Create IM requests, as fast as they are answered."""
        kind = "TLS" if tls else "plain"
        mark = "" if in_flight == 64 else f", {in_flight} on the wire"
        number = {"port": self.port(tls), "tls": tls, "requests": REQUESTS[in_flight],
                  "in_flight": in_flight}
        # wrk in the middle: the machine drifts.
        runs = {"asker on the loop": self.tutti("requests", **number),
                "bare epoll": clients.bare(self.bare, self.port(tls), REQUESTS[in_flight], in_flight,
                                           tls=tls),
                "wrk": clients.wrk(self.folder, self.port(tls), in_flight, 2, tls=tls),
                "author's actor": self.tutti("requests", on_scheduler=True, **number),
                "bot.ask from a thread": self.tutti("ask", **number)}
        for who, run in runs.items():
            name = f"Create IM, {who}, {kind}{mark}"
            self.figures.add_run(name, run, runs["wrk"]["cpu_us"])

    def waiting(self):
        number = {"port": self.ports.plain, "requests": 80_000, "in_flight": 64,
                  "users": pod.USERS + pod.WAITING}
        for _ in range(4):  # The difference is small: it wants more pairs than the others.
            none = self.tutti("requests", **number)
            many = self.tutti("requests", waiting=pod.WAITING, **number)
            self.figures.add("Create IM with 10,000 waiting", many["cpu_us"], none["cpu_us"])

    def small_ones(self):
        add = self.figures.add
        pair = self.tutti("caf-pair", requests=500_000)["cpu_us"]
        add("request between two CAF actors", pair)
        add("1,000 cold duplicates, each", self.tutti("cold")["cpu_us"])
        add("coalesced duplicate", self.tutti("warm", requests=200_000)["cpu_us"], pair)
        add("1,000 callers of an expired session, each", self.tutti("expired")["cpu_us"])
        add("known IM, through the actor", self.tutti("known", requests=500_000)["cpu_us"], pair)
        add("known IM, author's actor",
            self.tutti("known", requests=500_000, on_scheduler=True)["cpu_us"])
        add("known IM, from a host thread", self.tutti("find", requests=5_000_000)["cpu_us"],
            pair)
        add("memory, known IM", self.tutti("memory-known", requests=1_000_000)["bytes"])
        add("memory, waiting request", self.tutti("memory-waiting", requests=10_000)["bytes"])
        for _ in range(5):
            signed = clients.started([self.sign, self.tutti.key])[0]["cpu_ms"]
            first_im, whole = clients.one_im(self.bot, self.tutti.key, self.ports.lone)
            add("process that signs once", signed)
            add("process start to first IM", first_im, signed)
            add("process with one IM, start to end", whole)
        seconds = 3 if self.given.quick else 10
        idle = clients.run_json([self.bot, self.tutti.key, self.ports.lone, seconds])
        add("idle CPU", idle["cpu_ms_per_second"])
        add("memory, idle bot", idle["resident_kb"] / 1024)
        over_tls = clients.run_json([self.bot, self.tutti.key, self.ports.lone_tls, 1, self.tutti.authority])
        add("memory, idle bot over TLS", over_tls["resident_kb"] / 1024)

    def messages(self, number):
        """A message of 1 kB with five entities, and a long one; the kits read the same one."""
        run = clients.run_json([self.messages_program, self.folder])
        add, xml = self.figures.add, run["xml_us"]
        add("Expat alone, reading of 1 kB", xml)
        add("message of 1 kB, built", run["build_us"], xml)
        add("message with a form, built", run["build_form_us"], xml)
        add("message of 1 kB, read", run["read_us"], xml)
        add("message of 1 kB, checked and written", run["check_us"], xml)
        add("message of 50 kB, checked and written, each kB", 1e3 / run["large_mb_per_s"], xml)
        if number == 0:
            for kit in self.kits:
                read = kit.read(self.folder / "message.xml", self.folder / "data.json")["cpu_us"]
                add(f"{kit.name}, reading of that message", read, run["read_us"])

    def commands(self):
        """Which of 200 commands a message calls."""
        run = clients.run_json([self.conversing_program])
        add, xml = self.figures.add, run["xml_us"]
        add("Expat alone, reading of 60 bytes", xml)
        add("message that calls one of 200 commands", run["call_us"], xml)
        add("message beside 200 commands", run["other_us"], xml)

    def served(self, server, asks, port, requests):
        """CPU of the server for each of these requests; us."""
        before = server.cpu_seconds()
        asks("requests", port=port, requests=requests)
        return (server.cpu_seconds() - before) * 1e6 / (requests + pod.USERS)

    def emulated(self):
        requests = 60_000
        server, port, key = pod.start_emulator(self.emulator, self.folder)
        try:
            asks = clients.Tutti(self.tutti.program, key, "")
            asks("requests", port=port, requests=1_000)
            emulator = self.served(server, asks, port, requests)
        finally:
            server.stop()
        nginx = self.served(self.nginx, self.tutti, self.ports.plain, requests)
        self.figures.add("nginx, server CPU of a Create IM", nginx)
        self.figures.add("emulator, server CPU of a Create IM", emulator, nginx)

    def talks(self, number):
        """Bots that answer what 1,000 people say, 64 answers under way; the kits' once."""
        call = self.tutti("requests", port=self.ports.plain, requests=50_000, in_flight=64)["cpu_us"]
        add = self.figures.add
        heard = lambda events: lambda talk, bot: echo.measure(talk, bot, events)
        memory = self.talk("memory", lambda talk: talk.tutti(self.echo, False), heard(10_000))
        add("event heard and answered, journal in memory", memory["cpu_us"], call)
        add("memory, idle bot with a feed", memory["idle_kb"] / 1024)
        file = self.talk("file", lambda talk: talk.tutti(self.echo, True), heard(10_000))
        add("event heard and answered, journal in a file", file["cpu_us"], call)
        add("memory, idle bot with a feed and a file", file["idle_kb"] / 1024)
        for where, journal, echoed in (("memory", False, memory), ("a file", True, file)):
            step = self.talk("dialogue", lambda talk, journal=journal: talk.tutti(self.dialogue, journal),
                             echo.measure_dialogues)
            add(f"step of a dialogue, journal in {where}", step, echoed["cpu_us"])
        if number == 0:
            add("memory, bot with 100,000 waiting dialogues", self.waiting_dialogues(100_000))
        if number == 0:
            for kit in self.kits:
                run = self.talk(kit.name, lambda talk, kit=kit: talk.kit(kit.echo), heard(2_000))
                add(f"{kit.name}, event heard and answered", run["cpu_us"], memory["cpu_us"])

    @contextlib.contextmanager
    def talking(self, name, **more):
        talk = echo.Talk(self.emulator, pathlib.Path(self.folder, f"talk-{name}-{time.monotonic_ns()}"), **more)
        try:
            yield talk
        finally:
            talk.stop()

    def talk(self, name, start, measure):
        """What is measured of a talk and a bot."""
        with self.talking(name) as talk:
            bot = start(talk)
            run = measure(talk, bot)
            echo.end(bot)
            return run

    def waiting_dialogues(self, count):
        """In MB, after a restart: they are in the journal's file only."""
        with self.talking("waiting", people=count) as talk:
            return echo.measure_waiting(talk, lambda: talk.tutti(self.dialogue, True)) / 1024

    def peers(self, number):
        """The official kits: three rounds, their cold duplicates once."""
        for tls in (False,) if self.given.quick else (False, True):
            where = {"port": self.port(tls), "tls": tls}
            thread = self.tutti("ask", requests=100_000, **where)["cpu_us"]
            for kit in self.kits:
                # Before and after the kit: the machine drifts.
                before = self.tutti("requests", requests=50_000, **where)["cpu_us"]
                run = kit(self.port(tls), self.tutti.key, authority=self.tutti.authority if tls else None)
                loop = (before + self.tutti("requests", requests=50_000, **where)["cpu_us"]) / 2
                name = f"{kit.name}, CPU of a Create IM{', TLS' if tls else ''}"
                self.figures.add_run(name, run, loop)
                self.figures.add(f"{kit.name}, beside bot.ask{', TLS' if tls else ''}", run["cpu_us"], thread)
        if number == 0 and not self.given.quick:
            for kit in self.kits:
                self.figures.add(f"{kit.name}, 1,000 cold duplicates, each",
                                 kit.cold(self.ports.plain, self.tutti.key)["cpu_us"])

    def open_loop(self):
        """Latency at half of the rate the asker on the loop has just reached, both paced the same way."""
        rate = int(self.figures.last_rate("Create IM, asker on the loop, plain") / 2)
        bare = clients.bare(self.bare, self.ports.plain, rate * 2, 64, per_second=rate)
        loop = self.tutti("requests", port=self.ports.plain, requests=rate * 2, per_second=rate)
        for who, run in {"bare epoll": bare, "asker on the loop": loop}.items():
            self.figures.add_run(f"at half of saturation, {who}", run)


class ForeignLoad:
    """How much of the machine others had meanwhile."""

    def __init__(self, servers):
        self.servers = servers
        self.share = 0.0

    def _now(self):
        fields = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        user, nice, system, idle, wait, irq, softirq, steal = fields
        busy = (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
        times = os.times()
        own = (times.user + times.system + times.children_user + times.children_system
               + sum(each.cpu_seconds() for each in self.servers))
        return busy - own, time.monotonic()

    def __enter__(self):
        self.before = self._now()
        return self

    def __exit__(self, *_):
        after = self._now()
        took = (after[1] - self.before[1]) * os.cpu_count()
        self.share = max(0.0, (after[0] - self.before[0]) / took)


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", default="build-release", help="build folder")
    options.add_argument("--quick", action="store_true",
                         help="64 on the wire only, 3 rounds, every budget: under 10 minutes")
    options.add_argument("--without-kits", action="store_true", help="leave the official kits out")
    options.add_argument("--rounds", type=int, help="5, or 3 with --quick")
    options.add_argument("--json", help="write one object per figure there")
    given = options.parse_args()
    given.rounds = given.rounds or (3 if given.quick else 5)
    given.in_flight = [64] if given.quick else sorted(REQUESTS)
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(given, pathlib.Path(name))
        bench.run()
    print(f"\nMedians of {given.rounds} rounds; CPU of the client, 64 on the wire unless said.\n")
    print(bench.figures.table())
    print(f"\nRate, latency and memory of the same.\n\n{bench.figures.details_table()}")
    if given.json:
        pathlib.Path(given.json).write_text(bench.figures.json_lines())
    if missed := bench.figures.missed(given.without_kits):
        sys.exit(f"\nbench: missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
