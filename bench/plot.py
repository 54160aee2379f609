#!/usr/bin/env python3
"""How cost grows with concurrency, known IMs and identities, drawn as SVG into docs/performance.

Measures what it draws, medians of 3 interleaved rounds; prints the points, too.
"""
import argparse
import json
import pathlib
import re
import statistics
import tempfile

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402 the backend comes first

import clients  # noqa: E402
import pod  # noqa: E402

ROUNDS = 3
CONCURRENCY = (1, 4, 16, 64, 256)
KNOWN = (1_000, 10_000, 100_000, 1_000_000)
IDENTITIES = (1, 10, 100, 1_000, 10_000)


class Series:
    """Medians by name and place on the x axis."""

    def __init__(self):
        self.values = {}

    def add(self, name, x, value):
        self.values.setdefault(name, {}).setdefault(x, []).append(value)

    def lines(self):
        return {name: {x: statistics.median(all_) for x, all_ in sorted(points.items())}
                for name, points in self.values.items()}


def by_concurrency(tutti, bare, ports, folder):
    found = {"plain": Series(), "TLS": Series()}
    for _ in range(ROUNDS):
        for kind, series in found.items():
            tls = kind == "TLS"
            port = ports.tls if tls else ports.plain
            for count in CONCURRENCY:
                number = {"port": port, "tls": tls, "in_flight": count,
                          "requests": 20_000 if count < 16 else 60_000}
                series.add("wrk", count, clients.wrk(folder, port, count, 1, tls=tls)["cpu_us"])
                series.add("bare epoll", count,
                           clients.bare(bare, port, number["requests"], count, tls=tls)["cpu_us"])
                series.add("asker on the loop", count, tutti("requests", **number)["cpu_us"])
                series.add("author's actor", count,
                           tutti("requests", on_scheduler=True, **number)["cpu_us"])
                series.add("bot.ask", count, tutti("ask", **number)["cpu_us"])
    return found


def by_concurrency_of(figures):
    """The same from what `run.py --json` has written."""
    found = {"plain": Series(), "TLS": Series()}
    for line in pathlib.Path(figures).read_text().splitlines():
        row = json.loads(line)
        named = re.fullmatch(r"Create IM, (.+), (plain|TLS)(?:, (\d+) on the wire)?", row["figure"])
        if named:
            found[named[2]].add(named[1], int(named[3] or 64), row["value"])
    return found


def by_known(tutti):
    cost, memory = Series(), Series()
    for _ in range(ROUNDS):
        for count in KNOWN:
            if count < 1_000_000:  # A response that lists so many users is longer than allowed.
                cost.add("through the actor", count,
                         tutti("known", users=count, requests=500_000)["cpu_us"])
            cost.add("from a host thread", count,
                     tutti("find", users=count, requests=2_000_000)["cpu_us"])
            memory.add("bytes of each", count, tutti("memory-known", requests=count)["bytes"])
    return {"CPU of an answer, us": cost, "memory of each, bytes": memory}


def by_identities(tutti):
    cost, memory = Series(), Series()
    for _ in range(ROUNDS):
        for count in IDENTITIES:
            run = tutti("identities", identities=count, users=100, requests=200_000)
            cost.add("Create IM in memory", count, run["cpu_us"])
            if count >= 100:  # Fewer are lost in what the bot itself holds.
                memory.add("session and 100 entitlements", count, run["bytes"] / 1024)
    return {"CPU of a request, us": cost, "memory of each, kB": memory}


def draw(path, title, what, panels, *, log=False):
    """A panel for each series; all of them over `what`."""
    figure, axes = plt.subplots(1, len(panels), figsize=(9, 3.6), layout="constrained")
    figure.suptitle(title)
    for axis, (name, series) in zip(axes, panels.items()):
        for label, points in series.lines().items():
            axis.plot(list(points), list(points.values()), marker="o", label=label)
            print(f"{path.stem}, {name}, {label}: "
                  + ", ".join(f"{x:,}: {y:.4g}" for x, y in points.items()), flush=True)
        axis.margins(y=0.15)
        measured = sorted({x for points in series.lines().values() for x in points})
        axis.set(xscale="log", xlabel=what, title=name)
        axis.set_xticks(measured, [f"{x:,}" for x in measured])
        axis.minorticks_off()
        if log:
            axis.set_yscale("log", base=2)
            axis.yaxis.set_major_formatter("{x:g}")
        else:
            axis.set_ylim(0, None)
        axis.grid(alpha=0.3)
        axis.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", default="build-release", help="build folder")
    options.add_argument("--into", default="docs/performance", help="folder of the plots")
    options.add_argument("--only", choices=("concurrency", "known", "identities"))
    options.add_argument("--figures", help="concurrency from this file of ./dev bench --json")
    given = options.parse_args()
    matplotlib.rcParams.update({"svg.hashsalt": "tutti", "svg.fonttype": "none",
                                "font.family": "sans-serif"})
    built = pathlib.Path(given.build, "bin").resolve()
    into = pathlib.Path(given.into)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pod.make_keys(folder)
        tutti = clients.Tutti(built / "tutti-bench", folder / "key.pem", folder / "pod.pem")
        drawn = {given.only} if given.only else {"concurrency", "known", "identities"}
        if "concurrency" in drawn and given.figures:
            draw(into / "concurrency.svg", "CPU of a Create IM, us", "requests on the wire",
                 by_concurrency_of(given.figures), log=True)
        elif "concurrency" in drawn:
            nginx, ports = pod.start_nginx(folder)
            try:
                found = by_concurrency(tutti, built / "tutti-bench-bare", ports, folder)
            finally:
                nginx.stop()
            draw(into / "concurrency.svg", "CPU of a Create IM, us", "requests on the wire", found, log=True)
        if "known" in drawn:
            draw(into / "known.svg", "An IM that is known", "known IMs", by_known(tutti))
        if "identities" in drawn:
            draw(into / "identities.svg", "Acting in the names of many users", "identities",
                 by_identities(tutti))


if __name__ == "__main__":
    main()
