"""Starts a built tutti-pod and speaks to it, for tests of whole programs."""
import contextlib
import json
import os
import ssl
import subprocess
import tempfile
import urllib.request


class process:
    """A tutti-pod that can be ended and started again, with the same keys and on the same port."""

    def __init__(self, program, source_dir, keys, *options):
        seed = [] if "--seed" in options else ["--seed", f"{source_dir}/config/demo-pod.yaml"]
        self.command = [program, *seed, "--keys", keys, *options]
        self.port = 0
        self.start()
        self.environment = dict(os.environ, TUTTI_POD_PORT=str(self.port), TUTTI_POD_KEYS=keys)

    def start(self):
        self.running = subprocess.Popen([*self.command, "--port", str(self.port)],
                                        stdout=subprocess.PIPE, text=True)
        address = json.loads(self.running.stdout.readline())
        self.address, self.port = address["address"], address["port"]

    def stop(self):
        self.running.terminate()
        self.running.wait()
        self.running.stdout.close()


@contextlib.contextmanager
def restartable_pod(program, source_dir, *options):
    """Yields a `process`; ends it afterwards."""
    with tempfile.TemporaryDirectory() as keys:
        pod = process(program, source_dir, keys, *options)
        try:
            yield pod
        finally:
            pod.stop()


@contextlib.contextmanager
def running_pod(program, source_dir, *options):
    """Yields (base URL, environment for config/demo.yaml); ends the pod afterwards."""
    with restartable_pod(program, source_dir, *options) as pod:
        yield pod.address, pod.environment


def get(base, path):
    trust = ssl._create_unverified_context() if base.startswith("https") else None
    with urllib.request.urlopen(base + path, context=trust) as answer:
        return json.load(answer)


def post(base, path, body):
    trust = ssl._create_unverified_context() if base.startswith("https") else None
    request = urllib.request.Request(base + path, data=body.encode(), method="POST")
    with urllib.request.urlopen(request, context=trust) as answer:
        return json.load(answer)
