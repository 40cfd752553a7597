"""A CalDAV server (RFC 4791) as plain requests: what it has, and one item at a time to and fro.

Every change names the entity tag of what it replaces, so that nobody's work is overwritten unseen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit
from xml.sax.saxutils import escape

from trainer.errors import Refused, UsageError

USER: Final = "TRAINER_CALDAV_USER"
PASSWORD: Final = "TRAINER_CALDAV_PASSWORD"  # noqa: S105 - the variable's name
KEYRING: Final = "county-trainer caldav"
TIMEOUT: Final = 30

MULTI_STATUS: Final = 207
NOT_FOUND: Final = (404, 410)
CHANGED_MEANWHILE: Final = 412
DONE: Final = range(200, 300)

_WHAT_IT_HAS: Final = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/><d:displayname/></d:prop></d:propfind>'
)
_NEW_CALENDAR: Final = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<d:set><d:prop><d:displayname>{name}</d:displayname>"
    '<c:supported-calendar-component-set><c:comp name="VEVENT"/>'
    "</c:supported-calendar-component-set></d:prop></d:set></c:mkcalendar>"
)
_NEW_NAME: Final = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>{name}</d:displayname>'
    "</d:prop></d:set></d:propertyupdate>"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """A calendar on a server: the name under which clients show it, and its items' entity tags."""

    name: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name and password for a server; neither is ever stored or shown."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Credentials(…)"


def checked_url(url: str) -> str:
    """Return the address of a calendar home, ended by a slash; raise UsageError for a wrong one."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that is no number
    except ValueError:
        parts = urlsplit("")
    if parts.username or parts.password:
        raise UsageError(
            "the address of the server holds a name or password, which would be seen by others; "
            "leave them out, and set {user} and {password} in the environment or the keyring",
            user=USER,
            password=PASSWORD,
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(
            "“{url}” is not the address of a calendar server; write it as "
            "https://server/calendars/office/",
            url=url,
        )
    return url.rstrip("/") + "/"


def find_credentials(url: str, environ: Mapping[str, str] = os.environ) -> Credentials | None:
    """Return the credentials from the environment, else the keyring, or None where there are none.

    The keyring's service is ``county-trainer caldav`` followed by the server's host.
    """
    user, password = environ.get(USER), environ.get(PASSWORD)
    if user and password is not None:
        return Credentials(user, password)
    try:
        # an extra, and slow to look for its back ends
        import keyring
        import keyring.errors
    except ImportError:
        return None
    try:
        found = keyring.get_credential(f"{KEYRING} {urlsplit(url).hostname}", user or None)
    except keyring.errors.KeyringError:
        return None
    return Credentials(found.username, found.password) if found else None


class Server:
    """One CalDAV server during one visit."""

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self.url = url

    def contents(self, collection: str) -> Contents | None:
        """Return a calendar's name and its items' entity tags by uid; None where there is none."""
        answer = self._ask("PROPFIND", collection, _WHAT_IT_HAS, {"Depth": "1"})
        if answer.status in NOT_FOUND:
            return None
        self._expect(answer, collection, answer.status == MULTI_STATUS)
        return Contents(_name(answer.tree), dict(_tags(answer.tree)))

    def rename(self, collection: str, name: str) -> bool:
        """Give a calendar another name; False where the server keeps its own."""
        answer = self._ask("PROPPATCH", collection, _NEW_NAME.format(name=escape(name)), _XML)
        if answer.status != MULTI_STATUS:
            return False
        states = answer.tree.iterfind("{DAV:}response/{DAV:}propstat/{DAV:}status")
        return all(" 200 " in f"{state.text} " for state in states)

    def make(self, collection: str, name: str) -> None:
        """Make a calendar with the name under which clients show it."""
        body = _NEW_CALENDAR.format(name=escape(name))
        answer = self._ask("MKCALENDAR", collection, body, _XML)
        self._expect(answer, collection, answer.status in DONE)

    def get(self, collection: str, uid: str) -> tuple[str, bytes] | None:
        """Return an item's entity tag and bytes, or None where it is gone."""
        answer = self._ask("GET", item_url(collection, uid))
        if answer.status in NOT_FOUND:
            return None
        self._expect(answer, collection, answer.status in DONE)
        raw = answer.raw
        return _tag(answer), raw.encode() if isinstance(raw, str) else bytes(raw)

    def put(self, collection: str, uid: str, data: bytes, etag: str | None) -> str | None:
        """Put an item that replaces the one with ``etag``, or none; return its new entity tag.

        The tag is blank where the server keeps it to itself. None: somebody was faster.
        """
        guard = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
        headers = {"Content-Type": "text/calendar; charset=utf-8", **guard}
        answer = self._ask("PUT", item_url(collection, uid), data.decode(), headers)
        if answer.status == CHANGED_MEANWHILE:
            return None
        self._expect(answer, collection, answer.status in DONE)
        return _tag(answer)

    def delete(self, collection: str, uid: str, etag: str) -> bool:
        """Delete an item as it is at ``etag``; False: somebody was faster."""
        answer = self._ask("DELETE", item_url(collection, uid), "", {"If-Match": etag})
        if answer.status == CHANGED_MEANWHILE:
            return False
        gone = answer.status in NOT_FOUND
        self._expect(answer, collection, gone or answer.status in DONE)
        return True

    def _ask(
        self, method: str, url: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> Any:
        # the library's errors come with it, late
        from caldav.lib import error

        try:
            return self._client.request(url, method, body, dict(headers or {}))
        except error.AuthorizationError:
            raise Refused(
                "the server at {url} does not let us in; set {user} and {password} in the "
                "environment or the keyring, and ask for the right to write there",
                url=self.url,
                user=USER,
                password=PASSWORD,
            ) from None
        except (OSError, error.DAVError) as problem:
            raise Refused(
                "the server at {url} cannot be reached ({kind}); check the address and the network "
                "and repeat the command: what was done is kept",
                url=self.url,
                kind=type(problem).__name__,
            ) from None

    def _expect(self, answer: Any, collection: str, good: bool) -> None:  # noqa: FBT001
        if not good:
            raise Refused(
                "the server answered {status} for {collection}; check that the address is a "
                "calendar home of yours, and ask its administrator",
                status=answer.status,
                collection=collection,
            )


_XML: Final = {"Content-Type": "application/xml; charset=utf-8"}


@contextmanager
def visit(url: str, credentials: Credentials | None) -> Iterator[Server]:
    """Yield the server; raise Refused where the library that speaks to it is not installed."""
    try:
        # an extra; and slow to import
        from caldav.davclient import DAVClient
    except ImportError:
        raise Refused(
            "publishing to a server needs the extra “caldav”; install it with: "
            "pip install 'county-trainer[caldav]'"
        ) from None
    client = DAVClient(
        url,
        username=credentials.user if credentials else None,
        password=credentials.password if credentials else None,
        timeout=TIMEOUT,
        enable_rfc6764=False,
    )
    with client:
        yield Server(client, url)


def item_url(collection: str, uid: str) -> str:
    """Return the address of an event in a calendar."""
    return f"{collection}{quote(uid, safe='')}.ics"


def _name(tree: Any) -> str:
    for response in tree.iterfind("{DAV:}response"):
        # items may have names too, but only the calendar itself is a folder
        if (response.findtext("{DAV:}href") or "").endswith("/"):
            return response.findtext("{DAV:}propstat/{DAV:}prop/{DAV:}displayname") or ""
    return ""


def _tags(tree: Any) -> Iterator[tuple[str, str]]:
    for response in tree.iterfind("{DAV:}response"):
        href = unquote(response.findtext("{DAV:}href") or "")
        etag = response.findtext("{DAV:}propstat/{DAV:}prop/{DAV:}getetag")
        name = href.rsplit("/", 1)[-1]
        if etag and name.endswith(".ics"):
            yield name.removesuffix(".ics"), _strong(etag)


def _tag(answer: Any) -> str:
    return _strong(str(answer.headers.get("ETag") or ""))


def _strong(etag: str) -> str:
    # a proxy that compresses marks tags as weak, and a weak one guards no writing
    return etag.strip().removeprefix("W/")
