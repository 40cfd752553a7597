"""Which certificates are meant by classes and numbers, as they are named on the command line."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from db.tables import TrainingClass
from trainer.errors import Refused
from trainer.outcomes.certificates.facts import Issued, find_certificate, read_certificates


def wanted_certificates(session: Session, targets: Iterable[str]) -> list[Issued]:
    """Return the valid certificates of classes and those with a number, each once, in order.

    Raise Refused for a target that is neither, a class without any, and a number that is void: a
    certificate that does not hold is not printed.
    """
    found: dict[str, Issued] = {}
    for target in targets:
        if session.get(TrainingClass, target) is not None:
            found |= {one.number: one for one in _of_class(session, target)}
        else:
            one = find_certificate(session, target)
            _require_valid(one)
            found[one.number] = one
    return list(found.values())


def _of_class(session: Session, class_code: str) -> list[Issued]:
    every = read_certificates(session, class_code=class_code)
    valid = [one for one in every if one.state == "valid"]
    if not valid:
        raise Refused(
            "{class_code} has no valid certificate; “trainer certificate issue {class_code}” "
            "issues them",
            class_code=class_code,
        )
    return valid


def _require_valid(one: Issued) -> None:
    if one.state == "revoked":
        raise Refused(
            "{number} of {name} was revoked on {date}, so it is not printed; print another",
            number=one.number,
            name=one.name,
            date=one.ended_on,
        )
    if one.state == "replaced":
        raise Refused(
            "{number} of {name} was replaced by {by}, so it is not printed; print that one",
            number=one.number,
            name=one.name,
            by=one.replaced_by,
        )
