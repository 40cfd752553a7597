"""``trainer calendar publish`` and ``feeds``: calendars where others subscribe to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say
from tui.cli.calendar.choosing import HOW, WHOSE, Json, Options, choosing
from tui.cli.progress import progress
from tui.cli.state import desk, leave, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.calendars.remote import Outcome


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    noun.command("publish", help=say("Bring the calendars in line on a CalDAV server."))(publish)
    noun.command("feeds", help=say("Write a tree of feeds with secret names for a web server."))(
        feeds
    )
    noun.command("serve", help=say("Serve the feeds of a folder from this machine."))(serve)


@choosing("class_", "teacher", "venue", "everything", "draft", "short", "alarm")
def publish(
    url: Annotated[
        str, typer.Argument(metavar="URL", help=say("The calendar home on the server."))
    ],
    options: Options,
    force: Annotated[
        bool, typer.Option("--force", help=say("Also overwrite what others changed there."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Publish one calendar per class, teacher and venue; only what changed is sent.

    Name and password come from TRAINER_CALDAV_USER and TRAINER_CALDAV_PASSWORD or the keyring.
    """
    # sqlmodel takes half a second to import
    from trainer.calendars.remote import ON_SERVERS, publish_to_server
    from trainer.calendars.select import choose
    from trainer.calendars.server import checked_url, find_credentials, visit

    home = checked_url(url)
    here = desk()
    if not (options.class_ or options.teacher or options.venue) or options.everything:
        kinds = [str(kind) for kind in ON_SERVERS]
        options = replace(options, everything=False, every=kinds)
    asked = options.asked()
    selection = choose(here, asked)
    outcomes: list[Outcome] = []
    with (
        visit(home, find_credentials(home)) as server,
        progress(say("calendars"), len(selection.choices)) as step,
    ):
        for outcome in publish_to_server(here, selection, server, every=asked.every, force=force):
            outcomes.append(outcome)
            step()
    _say_outcomes(outcomes, as_json=as_json)
    if any(outcome.conflicts for outcome in outcomes):
        leave(1)


def _say_outcomes(outcomes: list[Outcome], *, as_json: bool) -> None:
    if as_json:
        names = ("collection", "put", "deleted", "unchanged", "renamed", "conflicts")
        found = [{name: getattr(outcome, name) for name in names} for outcome in outcomes]
        print_json({"collections": found})
        return
    print_line(
        say(
            "{count} calendars on the server: {put} events sent, {deleted} removed, {unchanged} "
            "unchanged",
            count=len(outcomes),
            put=sum(outcome.put for outcome in outcomes),
            deleted=sum(outcome.deleted for outcome in outcomes),
            unchanged=sum(outcome.unchanged for outcome in outcomes),
        )
    )
    for outcome in outcomes:
        for title in outcome.conflicts:
            tell(
                say(
                    "{collection}: “{title}” was changed there by somebody else and was left as it "
                    "is; look at it, or repeat with --force",
                    collection=outcome.collection,
                    title=title,
                )
            )


@choosing(*WHOSE, *HOW)
def feeds(
    out: Annotated[Path, typer.Option(metavar="DIR", help=say("The folder that is served."))],
    options: Options,
    renew: Annotated[
        bool, typer.Option("--renew", help=say("New names; the old ones are removed."))
    ] = False,
    base: Annotated[
        str, typer.Option(metavar="URL", help=say("The folder's address on the web."))
    ] = "",
    index: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=say("The office's list of who has which feed (DIR-index.csv).")
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write feeds for any web server under names that nobody can guess.

    The list of who has which feed is written beside the folder, for the office alone.
    """
    # sqlmodel takes half a second to import
    from trainer.calendars.feeds import write_feeds, write_index
    from trainer.calendars.select import choose

    here = desk()
    asked = options.asked()
    selection = choose(here, asked)
    with progress(say("calendars"), len(selection.choices)) as step:
        tree = write_feeds(here, selection, out, every=asked.every, renew=renew, on_file=step)
    folder = out.resolve()
    listed = index or folder.with_name(f"{folder.name}-index.csv")
    write_index(tree.feeds, listed, base)
    if as_json:
        found = [
            {"kind": str(feed.choice.kind), "code": feed.choice.code, "path": str(feed.path)}
            for feed in tree.feeds
        ]
        print_json({"feeds": found, "removed": tree.removed, "index": str(listed)})
        return
    print_line(
        say(
            "{count} feeds are in {folder}: {written} written anew, {removed} removed; who has "
            "which stands in {index}",
            count=len(tree.feeds),
            folder=str(out),
            written=sum(feed.written for feed in tree.feeds),
            removed=tree.removed,
            index=str(listed),
        )
    )


def serve(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help=say("The folder that “feeds” has written."))
    ],
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help=say("The address to listen at."))
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=say("The port; 0 for any that is free."))
    ] = 8768,
) -> None:
    """Serve feeds until Ctrl-C; only this machine can read them unless --host says otherwise."""
    # a web server, which nothing else needs
    import ipaddress

    from trainer.calendars.doorway import open_feeds
    from tui.cli.interruption import interruptible

    with open_feeds(folder, host, port) as server, interruptible() as interruption:
        tell(
            say(
                "the feeds in {folder} are served at {address}; stop with Ctrl-C",
                folder=str(folder),
                address=server.address,
            )
        )
        if not ipaddress.ip_address(server.server_name.partition("%")[0]).is_loopback:
            tell(
                say(
                    "other machines can read them too, and unencrypted: put a web server with "
                    "HTTPS before this one"
                )
            )
        server.serve(interruption.asked)
    tell(say("the feeds are no longer served"))
