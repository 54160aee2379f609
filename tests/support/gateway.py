"""A gateway between a bot and its pod that sees every secret and can repeat them in its answers."""
import http.client
import http.server
import json
import threading


class gateway:
    """Forwards to the pod's port. `secrets` are the tokens that were sent to it so far; `answer`,
    when it is set, is asked (path, session token, login JWT) for (status, content type, body) to
    answer with instead of forwarding, and returns None for the pod's own answer."""

    def __init__(self, pod_port):
        self.secrets = set()
        self.session = self.jwt = ""
        self.answer = lambda *asked: None
        outer = self

        class handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *ignored):
                pass

            def take(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.note(self.headers, body)
                own = outer.answer(self.path, outer.session, outer.jwt)
                status, kind, text = own or self.forward(pod_port, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def forward(self, port, body):
                link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                link.request(self.command, self.path, body, dict(self.headers))
                answer = link.getresponse()
                text = answer.read()
                link.close()
                return answer.status, answer.getheader("Content-Type", "text/plain"), text

            do_GET = do_POST = take

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def note(self, headers, body):
        """Keeps the session token of the headers and the JWT of a login's body."""
        if headers.get("sessionToken"):
            self.session = headers["sessionToken"]
            self.secrets.add(self.session)
        if body.startswith(b'{"token":'):
            self.jwt = json.loads(body)["token"]
            self.secrets.add(self.jwt)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
