"""The small server of feeds: a feed to who knows its whole name, nothing to anybody else."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trainer.calendars.doorway import FeedServer, open_feeds
from trainer.errors import FileProblem, Refused

NAME = "aB3_-" + "x" * 27
DATA = "BEGIN:VCALENDAR\r\nNAME:课表\r\nEND:VCALENDAR\r\n".encode()
Ask = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tree with one feed, and things beside it that are nobody's business."""
    tree = tmp_path / "www"
    tree.mkdir()
    (tree / f"{NAME}.ics").write_bytes(DATA)
    (tree / "index.html").write_bytes(b"")
    (tree / "notes.ics").write_bytes(b"secret")
    (tmp_path / f"{NAME}.ics").write_bytes(b"outside")
    return tree


@pytest.fixture
def server(folder: Path) -> Iterator[FeedServer]:
    """A server on a free port, stopped in the end."""
    stopped = threading.Event()
    with open_feeds(folder, port=0) as made:
        thread = threading.Thread(target=made.serve, args=(stopped.is_set,))
        thread.start()
        yield made
        stopped.set()
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def ask(server: FeedServer) -> Ask:
    """Return what sends a request and returns status, headers and body."""

    def send(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        try:
            connection.request(
                method,
                path,
                headers={name.replace("_", "-"): text for name, text in headers.items()},
            )
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    return send


def test_feed_is_served_as_a_calendar(ask: Ask) -> None:
    """Whole, with its type, its tag, and no leave for others to keep or index it."""
    status, headers, body = ask(f"/{NAME}.ics")
    assert (status, body) == (200, DATA)
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["X-Robots-Tag"] == "noindex"
    assert "Python" not in headers["Server"]
    status, same, body = ask(f"/{NAME}.ics", "HEAD")
    assert (status, body, same["Content-Length"]) == (200, b"", str(len(DATA)))


def test_feed_that_is_the_same_is_not_sent_again(ask: Ask, folder: Path) -> None:
    """Until it says something new: then with another tag."""
    _, headers, _ = ask(f"/{NAME}.ics")
    for known in (headers["ETag"], f"W/{headers['ETag']}", f'"x", {headers["ETag"]}', "*"):
        status, _, body = ask(f"/{NAME}.ics", If_None_Match=known)
        assert (status, body) == (304, b"")
    (folder / f"{NAME}.ics").write_bytes(DATA + b"X-A:b\r\n")
    status, changed, body = ask(f"/{NAME}.ics", If_None_Match=headers["ETag"])
    assert (status, len(body)) == (200, len(DATA) + 7)
    assert changed["ETag"] != headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/index.html",
            "/notes.ics",
            f"/{NAME[:-1]}.ics",
            f"/{NAME}",
            f"/{NAME.lower()}.ics",
        ),
        *(f"/../{NAME}.ics", f"/%2e%2e/{NAME}.ics", f"/{NAME}.ics/", "*"),
        *(f"/{NAME}.ics%00", f"http://other.example/{NAME}.ics"),
    ],
)
def test_everything_else_is_not_there(ask: Ask, path: str) -> None:
    """No listing, no other file, and the same bare answer each time."""
    status, headers, body = ask(path)
    assert (status, body) == (404, b"")
    assert "ETag" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND", "OPTIONS"])
def test_nothing_can_be_changed(ask: Ask, folder: Path, method: str) -> None:
    """Only reading is allowed, and nothing is echoed."""
    status, headers, body = ask(f"/{NAME}.ics", method)
    assert (status, body) == (405, b"")
    assert headers["Allow"] == "GET, HEAD"
    assert (folder / f"{NAME}.ics").read_bytes() == DATA


@pytest.mark.parametrize("sent", [b"\r\n\r\n", b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b""])
def test_nonsense_stops_nothing(
    ask: Ask, server: FeedServer, sent: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """The next reader is served as ever, and no name is written down anywhere."""
    with socket.create_connection(("127.0.0.1", server.server_port), 10) as line:
        line.sendall(sent)
    assert ask(f"/{NAME}.ics")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_it_listens_to_this_machine_alone(server: FeedServer) -> None:
    """Unless told otherwise."""
    assert server.server_address[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_port}/"


def test_what_cannot_be_served_is_said(folder: Path, server: FeedServer) -> None:
    """A folder that is not there, an address that is taken or none."""
    with pytest.raises(FileProblem):
        open_feeds(folder / "none")
    with pytest.raises(FileProblem):
        open_feeds(folder / "index.html")
    for host in ("192.0.2.1", "no such host"):
        with pytest.raises(Refused):
            open_feeds(folder, host, 0)
    with pytest.raises(Refused):
        open_feeds(folder, port=70000)
