"""``trainer certificate``: certificates issued, listed, printed, checked, revoked and replaced."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.certificate.checking import check
from tui.cli.dates import date_of, day_of
from tui.cli.state import desk, leave, print_json, print_line, tell

if TYPE_CHECKING:
    import datetime as dt

    from sqlmodel import Session

    from trainer.desk import Desk
    from trainer.outcomes.certificates.facts import Issued
    from trainer.outcomes.certificates.issuing import Issuance

ClassCode = Annotated[str, typer.Argument(metavar="CLASS", help=say("The class's code."))]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help=say("The certificate's number."))]
Reason = Annotated[str, typer.Option(help=say("Why; kept with the certificate."))]
OnDay = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help=say("The day; today if left out."))
]
PaperDay = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="DATE",
        help=say("The day on it; today, or that of a closing ceremony to come, if left out."),
    ),
]
Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help=say("Write it into a file."))]


def register(app: typer.Typer) -> None:
    """Add the noun and its verbs."""
    noun = typer.Typer(
        help=say("Certificates of completion: issue, list, print, check, revoke, replace."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    noun.command("issue", help=say("Issue certificates to those who completed a class."))(_issue)
    noun.command("list", help=say("The register of certificates."))(_list)
    noun.command("print", help=say("Print certificates (PDF)."))(_print)
    noun.command("check", help=say("Check a certificate that somebody shows."))(check)
    noun.command("revoke", help=say("Revoke a certificate."))(_revoke)
    noun.command("replace", help=say("Replace a lost or misprinted certificate."))(_replace)
    app.add_typer(noun, name="certificate")


def _issue(
    class_code: ClassCode,
    people: Annotated[
        list[str] | None,
        typer.Option("--person", metavar="PERSON", help=say("Only to this person; repeatable.")),
    ] = None,
    day: PaperDay = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Show what would be issued, and issue nothing."))
    ] = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.office import read_office
    from trainer.outcomes.certificates.holders import holder_meant
    from trainer.outcomes.certificates.issuing import issue_certificates

    here = desk()
    with here.writing() as work:
        made = issue_certificates(
            work,
            read_office(work.session),
            class_code,
            people=[holder_meant(work.session, one, class_code) for one in people or ()],
            day=day_of(day),
        )
        if not dry_run:
            work.commit()
    if as_json:
        print_json({"class": class_code, "dry_run": dry_run} | made.document())
    else:
        _tell_issuance(made, dry_run=dry_run)
    if people and made.withheld:
        leave(1)


def _tell_issuance(made: Issuance, *, dry_run: bool) -> None:
    for one in made.issued:
        print_line(_line(one))
    for other in made.withheld:
        tell(say("{name} ({person}) gets none: {why}", name=other.name, person=other.person,
                 why=other.why))  # fmt: skip
    count, had = len(made.issued), len(made.already)
    if dry_run:
        tell(say_n("{count} certificate would be issued", "{count} certificates would be issued",
                   count))  # fmt: skip
    else:
        tell(say_n("{count} certificate issued", "{count} certificates issued", count))
    if had:
        tell(say_n("{count} person has one already", "{count} people have one already", had))
    if made.withheld:
        tell(say_n("{count} person gets none", "{count} people get none", len(made.withheld)))


def _list(
    class_code: Annotated[
        str | None, typer.Option("--class", metavar="CODE", help=say("Of one class."))
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="PERSON", help=say("Of one person."))
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=say("Issued from this day on."))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=say("Issued up to this day."))
    ] = None,
    unsupported: Annotated[
        bool,
        typer.Option(
            "--unsupported",
            help=say("Only valid ones that no longer agree with decision, hours or roster."),
        ),
    ] = False,
    kind: Annotated[
        str | None,
        typer.Option("--format", metavar="table|csv|xlsx|pdf|html|json", help=say("The format.")),
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    here = desk()
    days = (day_of(first), day_of(last))
    with here.reading() as session:
        person = _require_known(session, class_code, person)
        if unsupported:
            if kind is not None or out is not None:
                raise UsageError("--unsupported prints lines or --json; leave --format and --out")
            _list_unsupported(here, session, class_code, person, days, as_json=as_json)
            return
        found = _within(session, class_code, person, days)
    _write_register(here, found, days, "json" if as_json else kind, out)


def _require_known(session: Session, class_code: str | None, person: str | None) -> str | None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.sheet import require_class
    from trainer.outcomes.certificates.holders import holder_meant

    if class_code is not None:
        require_class(session, class_code)
    return None if person is None else holder_meant(session, person, class_code)


def _within(
    session: Session,
    class_code: str | None,
    person: str | None,
    days: tuple[dt.date | None, dt.date | None],
) -> list[Issued]:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.certificates.facts import read_certificates
    from trainer.reports.attendance import check_period

    first, last = days
    check_period(first, last)
    found = read_certificates(session, class_code=class_code, person=person)
    return [
        one
        for one in found
        if (first is None or one.issued_on >= first) and (last is None or one.issued_on <= last)
    ]


def _write_register(
    here: Desk,
    found: list[Issued],
    days: tuple[dt.date | None, dt.date | None],
    kind: str | None,
    out: Path | None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.printing.keep import keep
    from trainer.reports.certificates import register_report, register_sheet
    from trainer.reports.formats import BINARY, FORMATS, render

    ending = out.suffix[1:].casefold() if out else ""
    chosen = kind or (ending if ending in FORMATS else "table")
    if chosen in BINARY and out is None and sys.stdout.isatty():
        raise UsageError("a {kind} is not for the terminal; name a file with --out", kind=chosen)
    report = register_report(found, first=days[0], last=days[1], to_sign=chosen in BINARY)
    if chosen == "pdf":
        data = register_sheet(found, report.subtitle.text(), here.office().name)
    else:
        data = render(report, chosen)
    if out is not None:
        keep(data, out)
        tell(say("the register is in {path}", path=str(out)))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def _list_unsupported(
    here: Desk,
    session: Session,
    class_code: str | None,
    person: str | None,
    days: tuple[dt.date | None, dt.date | None],
    *,
    as_json: bool,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.certificates.standing import unsupported_certificates

    among = _within(session, class_code, person, days)
    found = unsupported_certificates(session, here, among)
    if as_json:
        print_json({"certificates": [one.document() for one in found]})
        return
    for one in found:
        print_line(str(one.message))
    if not found:
        tell(say("every valid certificate agrees with what it rests on"))
        return
    tell(
        say_n(
            "{count} certificate no longer agrees with what it rests on",
            "{count} certificates no longer agree with what they rest on",
            len(found),
        )
    )


def _print(
    targets: Annotated[
        list[str],
        typer.Argument(metavar="CLASS|NUMBER…", help=say("Classes or certificate numbers.")),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help=say("Write it into a file."))],
    photo: Annotated[
        bool | None,
        typer.Option(
            "--photo/--no-photo", help=say("Leave a place for a photograph; else as set.")
        ),
    ] = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.office import read_office
    from trainer.outcomes.certificates.issuing import note_printed
    from trainer.outcomes.certificates.paper import layout_of, print_certificates
    from trainer.outcomes.certificates.targets import wanted_certificates
    from trainer.printing.keep import keep

    here = desk()
    with here.reading() as session:
        found = wanted_certificates(session, targets)
        layout = layout_of(read_office(session))
    if photo is not None:
        layout = replace(layout, photo=photo)
    # setting many pages takes seconds, in which nobody else should have to wait
    keep(print_certificates(found, layout), out)
    with here.writing() as work:
        note_printed(work, found)
        work.commit()
    again = sum(one.printed > 0 for one in found)
    tell(
        say_n(
            "{count} certificate is in {path}",
            "{count} certificates are in {path}",
            len(found),
            path=str(out),
        )
    )
    if again:
        tell(say_n("{count} was printed before", "{count} were printed before", again))


def _revoke(number: Number, reason: Reason, day: OnDay = None, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.certificates.issuing import revoke_certificate

    here = desk()
    with here.writing(reason) as work:
        one = revoke_certificate(work, number, reason=reason, day=_day(here, day))
        work.commit()
    _answer(one, as_json=as_json)


def _replace(number: Number, reason: Reason, day: PaperDay = None, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.office import read_office
    from trainer.outcomes.certificates.issuing import replace_certificate

    here = desk()
    with here.writing(reason) as work:
        one = replace_certificate(
            work, read_office(work.session), number, reason=reason, day=day_of(day)
        )
        work.commit()
    _answer(one, as_json=as_json)


def _answer(one: Issued, *, as_json: bool) -> None:
    if as_json:
        print_json(one.document())
    else:
        print_line(_line(one))


def _line(one: Issued) -> str:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.reports.certificates import remarks_on

    told = say(
        "{number}  {name}  {title}  {hours} hours  {date}",
        number=one.number,
        name=one.name,
        title=one.title,
        hours=f"{one.hours:g}",
        date=one.issued_on,
    )
    remarks = remarks_on(one)
    return f"{told}  {remarks}" if remarks else told


def _day(here: Desk, text: str | None) -> dt.date:
    return date_of(text) if text else here.clock.today()
