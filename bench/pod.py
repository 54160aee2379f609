"""The pods of the benchmark: nginx with fixed answers, plain and TLS, and the emulator."""
import collections
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/support"))
from ports import free_port  # noqa: E402

# Users that are asked for in turns, and those who wait beside them.
USERS = 2_000
WAITING = 10_000
TOKEN = "t" * 760  # as long as a real session token: a request is just under 1 kB
ANSWER = '{"id":"xhGxbTcvTDK6EIMMrwdOrX___quztr2HdA"}'

# Clients have the first core, servers the second; the same when there is one.
CORES = sorted(os.sched_getaffinity(0))
CLIENT_CORE, SERVER_CORE = CORES[0], CORES[1 % len(CORES)]

NGINX = """
worker_processes 1;
daemon off;
{user}
error_log stderr warn;
pid {folder}/nginx.pid;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  map $server_port $people {{ {lone} one; {lone_tls} one; default all; }}
  server {{
    listen 127.0.0.1:{plain};
    listen 127.0.0.1:{lone};
    listen 127.0.0.1:{tls} ssl;
    listen 127.0.0.1:{lone_tls} ssl;
    ssl_certificate {folder}/pod.pem;
    ssl_certificate_key {folder}/pod-key.pem;
    location = /pod/v1/im/create {{ return 200 '{answer}'; }}
    location = /login/pubkey/authenticate {{ return 200 '{{"name":"sessionToken","token":"{token}"}}'; }}
    location = /relay/pubkey/authenticate {{ return 200 '{{"name":"keyManagerToken","token":"{token}"}}'; }}
    location = /pod/v2/sessioninfo {{ return 200 '{{"id":999999999,"username":"bench"}}'; }}
    location = /pod/v1/connection/list {{ alias {folder}/connections-$people.json; }}
    location = /pod/v3/users {{ alias {folder}/users-$people.json; }}
  }}
}}
"""


def pinned(core, *command):
    return ["taskset", "-c", str(core), *map(str, command)]


def make_keys(folder):
    """key.pem of the bot; pod.pem and pod-key.pem of the pod, which is its own authority."""
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["openssl", "genrsa", "-out", folder / "key.pem", "2048"], **quiet)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout",
                    folder / "pod-key.pem", "-out", folder / "pod.pem"], **quiet)


class Server:
    """A server of the benchmark's own, with what it has used of the CPU."""

    def __init__(self, command, ports, *, says_when_ready=False):
        self.process = subprocess.Popen(pinned(SERVER_CORE, *command), stdout=subprocess.PIPE)
        if says_when_ready and self.process.stdout.readline():
            return
        for _ in range(400):
            if all(self._accepts(port) for port in ports):
                return
            if self.process.poll() is not None:
                sys.exit(f"bench: {command[0]} did not start; its words stand above")
            time.sleep(0.05)
        self.stop()
        sys.exit(f"bench: {command[0]} does not accept connections")

    @staticmethod
    def _accepts(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def cpu_seconds(self):
        """Of it and its children."""
        ticks = 0
        for each in [self.process.pid, *self._children()]:
            try:
                fields = pathlib.Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _children(self):
        task = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return task.read_text().split() if task.exists() else []

    def stop(self):
        self.process.terminate()
        self.process.wait()


Ports = collections.namedtuple("Ports", "plain tls lone lone_tls")


def start_nginx(folder):
    """(server, ports); every user asked about is connected. A client that asks for user 1 alone
    uses the ports `lone`: at the others, fixed answers list all users, whatever a request asks."""
    for name, count in (("all", USERS + WAITING), ("one", 1)):
        people = range(1, count + 1)
        (folder / f"connections-{name}.json").write_text(
            json.dumps([{"userId": i, "status": "ACCEPTED"} for i in people]))
        (folder / f"users-{name}.json").write_text(json.dumps({"users": [{"id": i} for i in people]}))
    ports = Ports(*(free_port() for _ in Ports._fields))
    (folder / "nginx.conf").write_text(NGINX.format(
        folder=folder, **ports._asdict(), answer=ANSWER, token=TOKEN,
        user="user root;" if os.geteuid() == 0 else ""))
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or sys.exit(
        "bench: nginx is not installed; run ./dev install bench")
    nginx = Server([program, "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"], ports)
    return nginx, ports


def start_emulator(program, folder):
    """(server, port, key): a pod of `USERS` users and the bot `bench`."""
    keys = folder / "emulator-keys"
    keys.mkdir(exist_ok=True)
    seed = ["pods:", "  - { id: 130, name: Bench }", "users:",
            "  - { pod: 130, username: bench, serviceAccount: true, roles: [INDIVIDUAL] }"]
    seed += [f"  - {{ pod: 130, id: {i}, username: user-{i} }}" for i in range(1, USERS + 1)]
    (folder / "pod.yaml").write_text("\n".join(seed) + "\n")
    port = free_port()
    server = Server([program, "--seed", folder / "pod.yaml", "--keys", keys, "--port", port],
                    [port], says_when_ready=True)
    return server, port, keys / "bench.pem"
