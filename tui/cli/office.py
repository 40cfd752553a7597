"""Running an office: the audit trail, backups, and the proof that the database is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from trainer.phrases import say, say_n
from tui.cli.state import database_url, desk, leave, print_json, print_line, tell

Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    audit = typer.Typer(help=say("The audit trail: who changed what, when and why."))
    audit.command("show", help=say("List changes, the latest first."))(audit_show)
    audit.command("verify", help=say("Prove that no entry was changed or removed."))(audit_verify)
    app.add_typer(audit, name="audit")
    app.command("backup", help=say("Write every row into one file."))(backup)
    app.command("restore", help=say("Put a backup in place of everything."))(restore)
    app.command("verify", help=say("Prove that the database is whole."))(verify)


def audit_show(
    limit: Annotated[int, typer.Option(min=1, help=say("How many entries."))] = 50,
    table: Annotated[str | None, typer.Option(help=say("Only this table."))] = None,
    key: Annotated[str | None, typer.Option(help=say("Only the row of this key."))] = None,
    actor: Annotated[str | None, typer.Option(help=say("Only what this user did."))] = None,
    as_json: Json = False,
) -> None:
    """List changes, the latest first."""
    # sqlmodel takes half a second to import
    from sqlalchemy import select

    from db.tables import AuditEntry
    from db.work import table_of

    entries = table_of(AuditEntry)
    query = select(entries).order_by(entries.c.seq.desc()).limit(limit)
    for column, value in (
        (entries.c.entity, table),
        (entries.c.key, key),
        (entries.c.actor, actor),
    ):
        if value is not None:
            query = query.where(column == value)
    here = desk()
    with here.reading() as session:
        rows = [dict(row) for row in session.connection().execute(query).mappings()]
        zone = here.office().zone
    for row in rows:
        row["at"] = row["at"].astimezone(zone).isoformat(timespec="seconds")
    if as_json:
        print_json({"entries": rows})
        return
    for row in rows:
        print_line(_entry_line(row))


def audit_verify(as_json: Json = False) -> None:
    """Prove that no entry was changed or removed."""
    # sqlmodel takes half a second to import
    from trainer.verify import trail_flaws, trail_length

    with desk().reading() as session:
        flaws = list(trail_flaws(session.connection()))
        length = trail_length(session.connection())
    _answer("entries", length, [flaw.message.text() for flaw in flaws], as_json=as_json)


def backup(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Write every row into one file."""
    # sqlmodel takes half a second to import
    from db.backup import back_up
    from db.engine import database_exists
    from db.errors import StorageError

    url = database_url()
    if not database_exists(url):
        raise StorageError("there is no database at {url} to back up; name one with --db", url=url)
    rows = back_up(url, file)
    print_line(
        say_n("{count} row is in {file}", "{count} rows are in {file}", rows, file=str(file))
    )


def restore(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Put a backup in place of everything."""
    # sqlmodel takes half a second to import
    from db.backup import restore as put_back

    here = desk()
    rows = put_back(here.url, file)
    with here.writing("restored from a backup") as work:
        work.note("restore", "database", file.name, rows=rows)
        work.commit()
    print_line(
        say_n(
            "{count} row was restored from {file}",
            "{count} rows were restored from {file}",
            rows,
            file=str(file),
        )
    )


def verify(
    mend: Annotated[
        bool, typer.Option("--mend", help=say("Derive the current marks anew from the log."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Prove that the database is whole."""
    # sqlmodel takes half a second to import
    from db.journal import empty_journal
    from trainer import verify as proofs

    here = desk()
    with here.reading() as session:
        length = proofs.trail_length(session.connection())
    if mend:
        proofs.mend(here)
    flaws = [flaw.message.text() for flaw in proofs.verify(here)]
    if not empty_journal(here.url):
        tell(
            say(
                "another program has the database open, so that its file by itself may lack the "
                "last changes; copy it with “trainer backup”"
            )
        )
    _answer("entries", length, flaws, as_json=as_json)


def _answer(name: str, count: int, flaws: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": not flaws, name: count, "problems": flaws})
    else:
        for flaw in flaws:
            print_line(flaw)
        if not flaws:
            print_line(
                say_n(
                    "whole: {count} entry of the audit trail proved",
                    "whole: {count} entries of the audit trail proved",
                    count,
                )
            )
    if flaws:
        leave(1)


def _entry_line(row: dict[str, Any]) -> str:
    change = "; ".join(
        f"{name}: {(row['before'] or {}).get(name)!r} > {value!r}"
        for name, value in (row["after"] or row["before"] or {}).items()
        if value not in (None, []) or (row["before"] or {}).get(name) not in (None, [])
    )
    reason = f"  [{row['reason']}]" if row["reason"] else ""
    what = f"{row['action']} {row['entity']} {row['key']}"
    return f"{row['seq']:>7}  {row['at']}  {row['actor']}  {what}  {change}{reason}"
