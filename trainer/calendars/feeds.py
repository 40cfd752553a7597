"""Feeds: a tree of files for any web server, each under a name that nobody can guess.

Who knows a feed's name can read it, so names are secrets: 192 random bits, kept in the database,
renewed when one got into the wrong hands. The index, which ties names to people, stands outside the
tree and is readable by the office alone.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import col, select

from db.tables import Feed
from trainer.calendars.choice import Choice
from trainer.calendars.documents import Selection
from trainer.calendars.export import make_folders, write_whole
from trainer.calendars.wording import Kind
from trainer.calendars.write import write_calendar
from trainer.desk import Desk
from trainer.errors import FileProblem

SECRET_BYTES: Final = 24
COVER: Final = "index.html"
"""An empty page, lest a web server list the folder."""


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """A feed in the tree; ``written`` is False where its file was up to date already."""

    choice: Choice
    name: str
    path: Path
    written: bool


@dataclass(frozen=True, slots=True)
class FeedTree:
    """What a tree holds now, and how many files were removed from it."""

    feeds: tuple[ServedFeed, ...]
    removed: int


def write_feeds(
    desk: Desk,
    selection: Selection,
    folder: Path,
    *,
    every: Collection[Kind] = (),
    renew: bool = False,
    on_file: Callable[[], None] = lambda: None,
) -> FeedTree:
    """Write the chosen calendars into the tree, and remove what must no longer be read.

    That is every feed whose name was renewed, and of the kinds ``every`` each feed that has no
    calendar any more. Raises FileProblem where a file cannot be written or removed.
    """
    chosen = {choice for choice in selection.choices if selection.events_of(choice)}
    live, ended = _secrets(desk, chosen, renew=renew)
    make_folders([folder])
    removed = _remove(folder, ended)
    if not (folder / COVER).exists():
        write_whole(folder / COVER, b"")
    feeds = []
    for choice, document in selection.documents():
        path = folder / f"{live[choice]}.ics"
        written = _write_changed(path, write_calendar(document))
        feeds.append(ServedFeed(choice, selection.names[choice], path, written))
        on_file()
    empty = [
        secret for choice, secret in live.items() if choice.kind in every and choice not in chosen
    ]
    return FeedTree(tuple(feeds), removed + _remove(folder, empty))


def write_index(feeds: Iterable[ServedFeed], path: Path, base: str = "") -> None:
    """Write the office's index (CSV: kind, code, name, address), readable by its owner alone.

    ``base`` is the tree's address on the web. Raises FileProblem where it cannot be written.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(("kind", "code", "name", "address"))
    for feed in feeds:
        address = f"{base.rstrip('/')}/{feed.path.name}" if base else feed.path.name
        rows.writerow((feed.choice.kind, _cell(feed.choice.code), _cell(feed.name), address))
    make_folders([path.parent])
    write_whole(path, text.getvalue().encode("utf-8-sig"), mode=0o600)


def _cell(text: str) -> str:
    # a spreadsheet takes such a cell for a formula
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text


def _secrets(
    desk: Desk, chosen: Collection[Choice], *, renew: bool
) -> tuple[Mapping[Choice, str], list[str]]:
    """Return the secret of every live feed, new ones made, and the secrets that were ended."""
    with desk.writing("calendar feeds") as work:
        rows = work.session.exec(select(Feed).order_by(col(Feed.number))).all()
        live = {Choice(Kind(row.kind), row.code): row for row in rows if row.ended_at is None}
        ended = [row.secret for row in rows if row.ended_at is not None]
        if renew:
            old = [live.pop(choice) for choice in sorted(chosen) if choice in live]
            work.update_many(Feed, [(row.model_dump(), {"ended_at": work.now}) for row in old])
            ended += [row.secret for row in old]
        made = {
            choice: {
                "kind": str(choice.kind),
                "code": choice.code,
                "secret": secrets.token_urlsafe(SECRET_BYTES),
                "made_at": work.now,
            }
            for choice in sorted(chosen)
            if choice not in live
        }
        # a digest: the audit trail is read by people who need not know the names
        work.insert_many(Feed, list(made.values()), digest=True)
        work.commit()
    names = {choice: row.secret for choice, row in live.items()}
    return names | {choice: str(row["secret"]) for choice, row in made.items()}, ended


def _write_changed(path: Path, data: bytes) -> bool:
    """Write a file unless it holds the same: its date tells readers whether to fetch it again."""
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        # there is none, or none that can be read: writing will tell
        pass
    write_whole(path, data)
    return True


def _remove(folder: Path, names: Iterable[str]) -> int:
    removed = 0
    for name in names:
        try:
            (folder / f"{name}.ics").unlink()
            removed += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            raise FileProblem(
                "a feed in {folder} whose name was ended cannot be removed ({problem}); remove it "
                "yourself, since it can still be read",
                folder=str(folder),
                problem=error.strerror or type(error).__name__,
            ) from None
    return removed
