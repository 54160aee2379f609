"""The clients that are measured: Tutti, wrk, and bare sockets. Each run answers a dict of figures."""
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from pod import CLIENT_CORE, TOKEN, pinned

WRK = """
wrk.method = "POST"
wrk.body = "[7215545058313]"
wrk.headers["Accept"] = "application/json"
wrk.headers["User-Agent"] = "tutti"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["sessionToken"] = "{token}"
wrk.headers["X-Trace-Id"] = "AAAAAA"
done = function(summary, latency, requests)
  io.write(string.format("p50=%.1f p99=%.1f p999=%.1f\\n", latency:percentile(50),
                         latency:percentile(99), latency:percentile(99.9)))
end
"""
# The system's authorities are not needed: plain HTTP uses none, and the pod's is given.
QUIET = {**os.environ, "SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/dev/null"}


def run_json(command, patience=120):
    """The last line of its output."""
    run = subprocess.run(pinned(CLIENT_CORE, *command), capture_output=True, text=True, env=QUIET,
                         timeout=patience)
    if run.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))} failed: {run.stderr or run.stdout}")
    return json.loads(run.stdout.splitlines()[-1])


class Tutti:
    def __init__(self, program, key, authority):
        self.program, self.key, self.authority = program, key, authority

    def __call__(self, what, *, port=0, tls=False, **numbers):
        flags = ["--key", self.key, "--port", port]
        flags += ["--tls", self.authority] if tls else []
        for name, value in numbers.items():
            flags += [f"--{name.replace('_', '-')}"] + ([] if value is True else [value])
        return run_json([self.program, what, *flags])


def started(command):
    """What a process of a few milliseconds says, and all CPU it has used, in ms."""
    # Not by taskset: its own start would count.
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CLIENT_CORE})
    try:
        process = subprocess.Popen([str(each) for each in command], stdout=subprocess.PIPE, env=QUIET)
    finally:
        os.sched_setaffinity(0, cores)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        sys.exit(f"bench: {command[0]} failed; what it printed is above")
    return json.loads(said), (usage.ru_utime + usage.ru_stime) * 1e3


def one_im(bot, key, port):
    """CPU of a process that opens one IM: from its first instruction to the IM, and to its last; ms."""
    said, whole = started([bot, key, port, 0])
    return said["first_im_ms"], whole


def bare(program, port, requests, in_flight, *, tls=False, per_second=0):
    return run_json([program, port, requests, in_flight, per_second, *(["tls"] if tls else [])])


def wrk(folder, port, in_flight, seconds, *, tls=False):
    """CPU of a request once it is under way: a long run less a short one, because its start, its
    connections and their handshakes count nowhere else either."""
    short, long = (_wrk_run(folder, port, in_flight, each, tls) for each in (1, 1 + seconds))
    used = long.pop("cpu_seconds") - short["cpu_seconds"]
    return {"cpu_us": used * 1e6 / (long.pop("requests") - short["requests"]), **long}


def _wrk_run(folder, port, in_flight, seconds, tls):
    script = pathlib.Path(folder) / "wrk.lua"
    script.write_text(WRK.format(token=TOKEN))
    process = subprocess.Popen(
        pinned(CLIENT_CORE, "wrk", "-t1", f"-c{in_flight}", f"-d{seconds}s", "-s", script,
               f"http{'s' if tls else ''}://127.0.0.1:{port}/pod/v1/im/create"),
        stdout=subprocess.PIPE, text=True)
    time.sleep(seconds * 0.8)
    peak = re.search(r"VmHWM:\s*(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    count = re.search(r"(\d+) requests in ([\d.]+)s", output)
    if status != 0 or not count or "Non-2xx" in output or "Socket errors" in output:
        sys.exit(f"bench: wrk failed:\n{output}")
    requests, took = int(count[1]), float(count[2])
    times = {f"{name}_us": float(value) for name, value in re.findall(r"(p\d+)=([\d.]+)", output)}
    return {"cpu_seconds": usage.ru_utime + usage.ru_stime, "requests": requests, "per_second": requests / took,
            "peak_kb": int(peak[1]) if peak else 0, **times}
