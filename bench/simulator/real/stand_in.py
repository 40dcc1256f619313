"""A server that takes a second to start and computes for 20 ms per request, one at a time; for trying --check without a build."""

import http.server
import sys
import time

START, WORK = 1.0, 0.02


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:  # noqa: N802, the library's name
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        end = time.process_time() + WORK
        while time.process_time() < end:
            pass
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


if __name__ == "__main__":
    time.sleep(START)
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
