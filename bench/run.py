#!/usr/bin/env python3
"""CPU per Create IM through the actors beside wrk, against the same nginx in the same run.

nginx answers a fixed body on one core, the client has the other. Runs are interleaved; figures are
medians, ratios are to wrk of the same round.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

USERS = 2000
TOKEN = "t" * 760  # as long as a real session token: the request is just under 1 kB
ANSWER = '{"id":"xhGxbTcvTDK6EIMMrwdOrX___quztr2HdA"}'

NGINX = """
worker_processes 1;
daemon off;
{user}
error_log stderr warn;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location = /pod/v1/im/create {{ return 200 '{answer}'; }}
    location = /login/pubkey/authenticate {{ return 200 '{{"name":"sessionToken","token":"{token}"}}'; }}
    location = /pod/v2/sessioninfo {{ return 200 '{{"id":999999999,"username":"bench"}}'; }}
    location = /pod/v1/connection/list {{ alias {folder}/connections.json; }}
    location = /pod/v3/users {{ alias {folder}/users.json; }}
  }}
}}
"""

WRK = """
wrk.method = "POST"
wrk.body = "[{user}]"
wrk.headers["Accept"] = "application/json"
wrk.headers["User-Agent"] = "tutti"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["sessionToken"] = "{token}"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pinned(cpu, *command):
    return ["taskset", "-c", str(cpu), *command] if os.cpu_count() > 1 else list(command)


def start_nginx(folder, port):
    connections = [{"userId": i, "status": "ACCEPTED"} for i in range(1, USERS + 1)]
    users = {"users": [{"id": i} for i in range(1, USERS + 1)]}
    (folder / "connections.json").write_text(json.dumps(connections))
    (folder / "users.json").write_text(json.dumps(users))
    (folder / "nginx.conf").write_text(NGINX.format(
        folder=folder, port=port, answer=ANSWER, token=TOKEN,
        user="user root;" if os.geteuid() == 0 else ""))
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or sys.exit(
        "bench: nginx is not installed; run ./dev install bench")
    nginx = subprocess.Popen(pinned(1, program, "-p", str(folder), "-e", "stderr", "-c",
                                    str(folder / "nginx.conf")))
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return nginx
        if nginx.poll() is not None:
            sys.exit("bench: nginx did not start; its words stand above")
        time.sleep(0.05)
    nginx.terminate()
    sys.exit("bench: nginx does not accept connections")


def run_wrk(folder, port, in_flight, seconds):
    script = folder / "wrk.lua"
    script.write_text(WRK.format(user=7215545058313, token=TOKEN))
    process = subprocess.Popen(
        pinned(0, "wrk", "-t1", f"-c{in_flight}", f"-d{seconds}s", "-s", str(script),
               f"http://127.0.0.1:{port}/pod/v1/im/create"), stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    if status != 0 or "Non-2xx" in output or "Socket errors" in output:
        sys.exit(f"bench: wrk failed:\n{output}")
    return {"cpu_us": (usage.ru_utime + usage.ru_stime) * 1e6 / requests,
            "per_second": requests / seconds}


def run_tutti(program, mode, port, key, in_flight, requests):
    run = subprocess.run(pinned(0, program, mode, str(port), key, str(requests), str(in_flight)),
                         capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"bench: tutti-bench {mode} failed: {run.stderr}")
    return json.loads(run.stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--build", default="build", help="build folder")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--requests", type=int, default=200_000, help="per run of Tutti")
    options.add_argument("--seconds", type=int, default=3, help="per run of wrk")
    options.add_argument("--in-flight", type=int, default=64)
    options.add_argument("--json", help="write the figures there, one object each")
    given = options.parse_args()

    program = str(pathlib.Path(given.build, "bin/tutti-bench").resolve())
    names = {"wrk": "wrk", "loop": "Tutti, asker on the loop",
             "scheduler": "Tutti, asker on CAF's scheduler"}
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        key = str(folder / "key.pem")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = free_port()
        nginx = start_nginx(folder, port)
        try:
            for number in range(given.rounds):
                figures = {"wrk": run_wrk(folder, port, given.in_flight, given.seconds)}
                for mode in ("loop", "scheduler"):
                    figures[mode] = run_tutti(program, mode, port, key, given.in_flight,
                                              given.requests)
                rounds.append(figures)
                print(f"round {number + 1} of {given.rounds}: " + ", ".join(
                    f"{mode} {figures[mode]['cpu_us']:.2f} us" for mode in names), flush=True)
        finally:
            nginx.terminate()
            nginx.wait()

    print(f"\nclient CPU per Create IM, {given.in_flight} in flight, plain HTTP, everything on; "
          f"medians of {given.rounds}\n")
    print(f"  {'':<34} {'CPU us':>8} {'spread':>14} {'x wrk':>7} {'requests/s':>11}")
    figures = []
    for mode, title in names.items():
        cpu = [each[mode]["cpu_us"] for each in rounds]
        ratio = statistics.median(each[mode]["cpu_us"] / each["wrk"]["cpu_us"] for each in rounds)
        rate = statistics.median(each[mode]["per_second"] for each in rounds)
        print(f"  {title:<34} {statistics.median(cpu):>8.2f} {min(cpu):>6.2f}-{max(cpu):<7.2f} "
              f"{ratio:>7.2f} {rate:>11.0f}")
        figures.append({"figure": f"CPU per Create IM, {title}", "value": statistics.median(cpu),
                        "unit": "us", "reference": "wrk", "ratio": ratio})
    if given.json:
        pathlib.Path(given.json).write_text("".join(json.dumps(each) + "\n" for each in figures))


if __name__ == "__main__":
    main()
