"""Websites for tests: a server on the loopback, and a net in which public addresses lead to it."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from urllib3.connection import HTTPConnection

from organisations.website_checks import ask

PUBLIC = "93.184.215.14"


class Server(ThreadingHTTPServer):
    """Answers by path, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {"/": (200, {}, b"hello")}
        self.asked = []
        self.sent = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.headers["Host"], self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path, (404, {}, b""))
        if callable(answer):
            answer(self)
            return
        status, headers, body = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Net:
    """A resolver with a table, and connections that lead a public address to the test's server."""

    def __init__(self, server):
        self.port = server.server_address[1]
        self.names = {"example.org": [PUBLIC], "www.example.org": [PUBLIC], "other.org": [PUBLIC]}
        self.resolved = []
        self.connected = []

    def resolve(self, host):
        self.resolved.append(host)
        found = self.names[host]
        if callable(found):
            found = found()
        if isinstance(found, Exception):
            raise found
        return found

    def connect(self, parts, address, timeout):
        self.connected.append((parts.hostname, address))
        return HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, url, **options):
        return ask(url, resolve=self.resolve, connect=self.connect, **options)
