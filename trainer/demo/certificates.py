"""Certificates of the demonstration: issued for every class that was decided, one class printed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from trainer.calendars.export import write_whole
from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.office import read_office
from trainer.outcomes.certificates.earned import earned_in
from trainer.outcomes.certificates.facts import Issued
from trainer.outcomes.certificates.issuing import issue_certificates, note_printed
from trainer.outcomes.certificates.paper import print_certificates
from trainer.outcomes.decisions import read_decisions

#: Days after a class's end at which its certificates are given out: the retake is over by then.
_AFTER: Final = dt.timedelta(days=21)
#: No more pages than that: a demonstration shows what they look like.
_PAGES: Final = 40


def certify_classes(desk: Desk, folder: Path) -> int:
    """Issue what may be issued, and print the largest class; return how many files were written."""
    given: dict[str, tuple[Issued, ...]] = {}
    with desk.writing("demo certificates") as work:
        office = read_office(work.session)
        earned = earned_in(work.session, office, set(read_decisions(work.session)), now=work.now)
        days = {
            code: min(has.last + _AFTER, max(desk.clock.today(), has.last))
            for code, has in earned.items()
        }
        # in the order of their days, as an office gives them out
        for code, day in sorted(days.items(), key=lambda item: (item[1], item[0])):
            made = issue_certificates(work, office, code, day=day, earned=earned[code])
            given[code] = made.issued
        fitting = {code: made for code, made in given.items() if 0 < len(made) <= _PAGES}
        code = max(fitting, key=lambda code: (len(fitting[code]), code), default="")
        pages = _printed(fitting[code]) if code else None
        if pages is not None:
            note_printed(work, fitting[code])
        work.commit()
    if pages is None:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"certificates-{code}.pdf", pages)
    return 1


def _printed(certificates: tuple[Issued, ...]) -> bytes | None:
    try:
        return print_certificates(certificates)
    except UsageError:
        # without the extra “pdf” there is nothing to print them with
        return None
