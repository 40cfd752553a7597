"""Calendars onto a CalDAV server: what is new or changed goes there, what was dropped is removed.

What a server was given is remembered with the entity tags that it answered. An item that somebody
else has changed there meanwhile is left alone and told, unless the office insists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from sqlmodel import col, select

from db.tables import RemoteItem
from trainer.calendars.choice import Choice
from trainer.calendars.documents import Selection
from trainer.calendars.event import CalendarEvent
from trainer.calendars.filenames import file_names
from trainer.calendars.meaning import meaning_of
from trainer.calendars.server import Server
from trainer.calendars.wording import Kind
from trainer.calendars.write import write_item
from trainer.desk import Desk

ON_SERVERS: Final = (Kind.CLASS, Kind.TEACHER, Kind.VENUE)
"""Kinds of calendar that have a place on a server shared by many."""


@dataclass(slots=True)
class Outcome:
    """What was done to one calendar on the server; ``conflicts`` are titles of what was left."""

    collection: str
    choice: Choice | None = None
    put: int = 0
    deleted: int = 0
    unchanged: int = 0
    renamed: bool = False
    conflicts: list[str] = field(default_factory=list)


def publish_to_server(
    desk: Desk,
    selection: Selection,
    server: Server,
    *,
    every: Collection[Kind] = (),
    force: bool = False,
) -> Iterator[Outcome]:
    """Bring each calendar in line with the server and yield what was done, one at a time.

    Calendars of the kinds ``every`` that were published once and are no longer are emptied. What
    was done is remembered even where a later step fails; raises what the server's steps raise.
    """
    zone = selection.office.timezone
    visited: set[str] = set()
    for choice, collection in _collections(selection, server.url):
        visited.add(collection)
        outcome = Outcome(collection, choice)
        name = selection.wording.calendar_name(choice.kind, selection.names[choice])
        _bring_in_line(desk, server, outcome, selection.events_of(choice), zone, name, force=force)
        yield outcome
    for collection in _remembered(desk, server.url, every):
        if collection not in visited:
            outcome = Outcome(collection)
            _bring_in_line(desk, server, outcome, (), zone, "", force=force)
            yield outcome


def _collections(selection: Selection, url: str) -> Iterator[tuple[Choice, str]]:
    for kind in Kind:
        choices = [choice for choice in selection.choices if choice.kind is kind]
        names = file_names(choice.code for choice in choices)
        for choice in choices:
            yield choice, f"{url}{quote(f'{kind}-{names[choice.code]}')}/"


def _remembered(desk: Desk, url: str, every: Collection[Kind]) -> list[str]:
    with desk.reading() as session:
        found = session.exec(select(RemoteItem.collection).distinct()).all()
    starts = tuple(f"{url}{kind}-" for kind in every)
    return sorted(each for each in found if each.startswith(starts)) if starts else []


def _bring_in_line(
    desk: Desk,
    server: Server,
    outcome: Outcome,
    events: Sequence[CalendarEvent],
    zone: str,
    name: str,
    *,
    force: bool,
) -> None:
    with desk.reading() as session:
        rows = session.exec(
            select(RemoteItem).where(col(RemoteItem.collection) == outcome.collection)
        ).all()
    known = {row.uid: row for row in rows}
    there = server.contents(outcome.collection)
    if there is None:
        if events:
            server.make(outcome.collection, name)
    elif events and there.name != name:
        # a class that is called otherwise now; a server may keep names to itself
        outcome.renamed = server.rename(outcome.collection, name)
    tags = there.tags if there else {}
    visit = _Visit(server, outcome, known, tags, force, dict(known))
    try:
        for event in events:
            visit.give(event, zone)
        wanted = {event.uid for event in events}
        for item in rows:
            if item.uid not in wanted:
                visit.drop(item)
    finally:
        _remember(desk, outcome, known, visit.after)


def _remember(
    desk: Desk, outcome: Outcome, before: Mapping[str, RemoteItem], after: Mapping[str, RemoteItem]
) -> None:
    gone = [row.model_dump() for uid, row in before.items() if after.get(uid) is not row]
    new = [row.model_dump() for uid, row in after.items() if before.get(uid) is not row]
    if not gone and not new:
        return
    with desk.writing("calendar publish") as work:
        work.delete_many(RemoteItem, gone)
        work.insert_many(RemoteItem, new)
        work.note(
            "calendar publish",
            "remote_item",
            outcome.collection,
            put=outcome.put,
            deleted=outcome.deleted,
        )
        work.commit()


@dataclass(slots=True)
class _Visit:
    """One calendar on the server: what was known of it, what is there, and what is known after."""

    server: Server
    outcome: Outcome
    known: Mapping[str, RemoteItem]
    there: Mapping[str, str]
    force: bool
    after: dict[str, RemoteItem]

    def give(self, event: CalendarEvent, zone: str) -> None:
        """Bring one event to the server unless it has it already."""
        data = write_item(event, zone)
        digest = hashlib.sha256(data).hexdigest()
        known, etag = self.known.get(event.uid), self.there.get(event.uid)
        if known is not None and known.etag == etag:
            if known.digest == digest:
                self.outcome.unchanged += 1
            else:
                self._put(event, data, etag)
            return
        found = self.server.get(self.outcome.collection, event.uid) if etag else None
        if found is None:
            self._put(event, data, None)
            return
        # somebody has written it since, or this office before its database was restored
        etag, says = found[0], meaning_of(found[1])
        if says == meaning_of(data):
            self.outcome.unchanged += 1
            self.after[event.uid] = self._item(event.uid, etag, digest, says)
        elif known is not None and says != known.meaning and not self.force:
            self.outcome.conflicts.append(event.title)
        else:
            self._put(event, data, etag)

    def drop(self, item: RemoteItem) -> None:
        """Remove what is no longer shown, unless somebody has changed it there."""
        etag = self.there.get(item.uid)
        if etag is not None:
            changed = etag != item.etag and not self.force and self._says_else(item)
            if changed or not self.server.delete(self.outcome.collection, item.uid, etag):
                self.outcome.conflicts.append(item.uid)
                return
            self.outcome.deleted += 1
        del self.after[item.uid]

    def _says_else(self, item: RemoteItem) -> bool:
        found = self.server.get(self.outcome.collection, item.uid)
        return found is not None and meaning_of(found[1]) != item.meaning

    def _put(self, event: CalendarEvent, data: bytes, etag: str | None) -> None:
        collection = self.outcome.collection
        answered = self.server.put(collection, event.uid, data, etag)
        if answered is None:
            self.outcome.conflicts.append(event.title)
            return
        if not answered:
            # the server wrote it down in its own way, and tells the tag only when asked
            found = self.server.get(collection, event.uid)
            answered = found[0] if found else ""
        self.outcome.put += 1
        digest = hashlib.sha256(data).hexdigest()
        self.after[event.uid] = self._item(event.uid, answered, digest, meaning_of(data))

    def _item(self, uid: str, etag: str, digest: str, meaning: str) -> RemoteItem:
        return RemoteItem(
            collection=self.outcome.collection,
            uid=uid,
            etag=etag,
            digest=digest,
            meaning=meaning,
        )
