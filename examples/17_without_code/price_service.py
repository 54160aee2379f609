#!/usr/bin/env python3
"""The desk's own service, in any language: one question in, one answer out.

It gets {"command", "arguments", "user", "streamId", "messageId", "text"} and answers
{"text": ...} or {"messageml": ...}; 204 says nothing.
"""
import http.server
import json
import sys

PRICES = {"VOD": 71.5, "IBM": 230.25}


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        ticker, count = asked["arguments"]["ticker"], asked["arguments"]["count"]
        price = PRICES.get(ticker)
        said = f"{count} {ticker} at {price}: {count * price}" if price else f"I do not know {ticker}."
        body = json.dumps({"text": said}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080),
                                Service).serve_forever()
