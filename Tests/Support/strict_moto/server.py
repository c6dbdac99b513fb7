"""moto's own application behind a layer that checks requests, remembers calls, and has AWS's moods."""

import io
import json
import os
import threading

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from . import (
    copying, filters, imaging, launching, machines, model, moods, patches, public, retiring, sharing, strangers, volumes)


class Quiet(WSGIRequestHandler):
    """Says nothing, and answers several requests over one connection, as AWS does."""

    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


class Server(ThreadedWSGIServer):
    """Remembers which connections were made since the last reset: a process that was killed may have sent a request that
    nobody has read yet, and it shall not meet the account of the next test."""

    def __init__(self, port, application):
        self.current = set()
        super().__init__("127.0.0.1", port, application, Quiet)

    def process_request(self, request, client_address):
        self.current.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self.current.discard(request)
        super().shutdown_request(request)


class Strict:
    """The WSGI application."""

    server = None

    def __init__(self):
        for module in (patches, volumes, imaging, copying, launching, sharing, public, retiring):
            module.apply()
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.Lock()
        self.machines = machines.Machines()
        self.reset()

    def reset(self):
        self.calls = []
        self.moods = moods.Moods()
        self.machines.close()
        self.machines = machines.Machines()
        if self.server:
            self.server.current.clear()

    def is_late(self, environ):
        """Whether the request came before the last reset."""
        return environ["werkzeug.socket"] not in self.server.current

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path = environ["PATH_INFO"]
        if path.startswith("/strict/"):
            return self.control(path, body, start_response)
        call = model.Call.read(environ, body)
        if call is None:
            return self.forward(environ, body, start_response)
        with self.lock:
            if self.is_late(environ):
                return self.hang_up(start_response)
            answer = model.check(call) or filters.check(call) or self.moods.refuse(call) or self.machines.answer(call)
        if isinstance(answer, tuple):
            status, text, kind = answer
            self.remember(call, status)
            start_response(f"{status} OK", [("Content-Type", kind), ("Content-Length", str(len(text)))])
            return [text]
        if answer:
            self.remember(call, answer.status)
            return answer.respond(call, start_response)
        return self.answer(call, environ, body, start_response)

    def answer(self, call, environ, body, start_response):
        """Passes the call to moto and changes its answer as the moods want it. One at a time: moto is not made for more."""
        seen = {}

        def capture(status, headers, exc_info=None):
            seen.update(status=status, headers=list(headers))

        with self.lock:
            if self.is_late(environ):
                return self.hang_up(start_response)
            text = b"".join(self.forward(environ, body, capture))
            status, text = self.moods.amend(call, int(seen["status"].split()[0]), text)
            self.remember(call, status)
        headers = [(name, value) for name, value in seen["headers"] if name.lower() != "content-length"]
        start_response(f"{status} OK" if status < 300 else seen["status"], headers + [("Content-Length", str(len(text)))])
        return [text]

    @staticmethod
    def hang_up(start_response):
        start_response("503 Service Unavailable", [("Content-Length", "0"), ("Connection", "close")])
        return []

    def forward(self, environ, body, start_response):
        environ["wsgi.input"] = io.BytesIO(body)
        return self.moto(environ, start_response)

    def remember(self, call, status):
        self.calls.append(
            {
                "service": call.service,
                "action": call.action,
                "region": call.region,
                "status": status,
                "mutating": call.mutating,
                "parameters": call.flat,
            }
        )

    def control(self, path, body, start_response):
        with self.lock:
            result = {}
            if path == "/strict/calls":
                result = self.calls
            elif path == "/strict/forget":
                self.calls = []
            elif path == "/strict/moods":
                self.moods.set(**json.loads(body))
            elif path == "/strict/machine":
                result = self.machines.set(**json.loads(body))
            elif path in ("/strict/give", "/strict/offer"):
                result = getattr(strangers, path.split("/")[-1])(**json.loads(body))
            elif path == "/strict/reset":
                self.reset()
                patches.reset()
        text = json.dumps(result).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
        return [text]


def serve(port, port_file):
    """Serves until the process is ended."""
    application = Strict()
    patches.reset()
    server = application.server = Server(port, application)
    temporary = f"{port_file}.new"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(str(server.server_port))
    os.rename(temporary, port_file)
    server.serve_forever()
