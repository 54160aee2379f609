"""Starts a built tutti-pod and speaks to it, for tests of whole programs."""
import contextlib
import json
import os
import ssl
import subprocess
import tempfile
import urllib.request


@contextlib.contextmanager
def running_pod(program, source_dir, *options):
    """Yields (base URL, environment for config/demo.yaml); ends the pod afterwards."""
    with tempfile.TemporaryDirectory() as keys:
        pod = subprocess.Popen(
            [program, *([] if "--seed" in options else ["--seed", f"{source_dir}/config/demo-pod.yaml"]),
             "--port", "0", "--keys", keys, *options], stdout=subprocess.PIPE, text=True)
        try:
            address = json.loads(pod.stdout.readline())
            environment = dict(os.environ, TUTTI_POD_PORT=str(address["port"]), TUTTI_POD_KEYS=keys)
            yield address["address"], environment
        finally:
            pod.terminate()
            pod.wait()
            pod.stdout.close()


def get(base, path):
    trust = ssl._create_unverified_context() if base.startswith("https") else None
    with urllib.request.urlopen(base + path, context=trust) as answer:
        return json.load(answer)


def post(base, path, body):
    trust = ssl._create_unverified_context() if base.startswith("https") else None
    request = urllib.request.Request(base + path, data=body.encode(), method="POST")
    with urllib.request.urlopen(request, context=trust) as answer:
        return json.load(answer)
