"""A small web server for a tree of feeds: on the loopback unless told, and nothing but feeds.

Whoever asks for anything else than a feed's whole name learns only that it is not there.
"""

from __future__ import annotations

import hashlib
import re
import socket
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from trainer.errors import FileProblem, Refused

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8768
PATIENCE: Final = 30
"""Seconds for which a reader may say nothing."""
PAUSE: Final = 0.5
"""Seconds after which the server looks whether it is to stop."""

_FEED: Final = re.compile(r"/([A-Za-z0-9_-]{32}\.ics)(?:\?.*)?")
_METHODS: Final = "GET, HEAD"


class FeedServer(ThreadingHTTPServer):
    """Serves the feeds of one folder; every request reads the file anew."""

    daemon_threads = True
    timeout = PAUSE

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self.folder = folder
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Reader)

    def server_bind(self) -> None:
        """Take the address; the name of the machine is nobody's business, and slow to look up."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    @property
    def address(self) -> str:
        """The address below which feeds are found."""
        host = f"[{self.server_name}]" if ":" in self.server_name else self.server_name
        return f"http://{host}:{self.server_port}/"

    def serve(self, until: Callable[[], bool]) -> None:
        """Answer readers until told to stop; it is asked twice a second."""
        while not until():
            self.handle_request()

    def handle_error(self, request: object, client_address: object) -> None:
        """Let go of a reader that went away; no name of a feed is ever written down."""


class _Reader(BaseHTTPRequestHandler):
    """Answers one reader: the feed, that it is the same as before, or that there is none."""

    server: FeedServer
    timeout = PATIENCE
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a feed."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send what a feed would be sent with."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        found = _FEED.fullmatch(self.path)
        data = self._read(self.server.folder / found[1]) if found else None
        if data is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content, changed = data
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        same = self._has(etag)
        self.send_response(HTTPStatus.NOT_MODIFIED if same else HTTPStatus.OK)
        self.send_header("ETag", etag)
        self.send_header("Last-Modified", formatdate(changed, usegmt=True))
        self.send_header("Cache-Control", "private, no-cache")
        if not same:
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("X-Robots-Tag", "noindex")
        self.end_headers()
        if with_body and not same:
            self.wfile.write(content)

    @staticmethod
    def _read(path: Path) -> tuple[bytes, float] | None:
        try:
            with path.open("rb") as file:
                return file.read(), path.stat().st_mtime
        except OSError:
            return None

    def _has(self, etag: str) -> bool:
        """Tell whether the reader says that it has this state already (RFC 9110, 13.1.2)."""
        known = self.headers.get("If-None-Match", "")
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return known.strip() == "*" or etag in tags

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Say no in a bare line: nothing of what was asked for comes back."""
        del message, explain
        if code == HTTPStatus.NOT_IMPLEMENTED:
            code = HTTPStatus.METHOD_NOT_ALLOWED
        # what else the reader sent is of no use, and might be taken for another request
        self.close_connection = True
        self.send_response(code)
        if code == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", _METHODS)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def version_string(self) -> str:
        """Return the name of the server, without what it is made of."""
        return "feeds"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Write nothing down: who knows a feed's name can read it."""


def open_feeds(folder: Path, host: str = LOOPBACK, port: int = PORT) -> FeedServer:
    """Return a server of the feeds in ``folder``, ready at its address.

    Raises FileProblem where there is no such folder, Refused where the address cannot be had.
    """
    if not folder.is_dir():
        raise FileProblem(
            "there is no folder {folder}; write the feeds first with “trainer calendar feeds”",
            folder=str(folder),
        )
    try:
        return FeedServer(folder, host, port)
    except (OSError, OverflowError) as error:
        raise Refused(
            "the address {host}, port {port}, cannot be had ({problem}); choose another with "
            "--host and --port",
            host=host,
            port=port,
            problem=getattr(error, "strerror", None) or type(error).__name__,
        ) from None
