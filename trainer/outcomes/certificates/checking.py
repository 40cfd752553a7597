"""Checking a certificate that somebody shows: by its number and check code, without a network.

The register says what was issued and what became of it. That its row is still what was issued
follows from the office's key: a row that was altered no longer gives its code. Certificates that
another office issued came with their codes; their key is not here, and the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlmodel import Session

from trainer.attendance.codes import purpose_key
from trainer.outcomes.certificates.facts import Issued, known_number
from trainer.outcomes.certificates.seal import code_of, is_same, key_name
from trainer.phrases import Phrase, phrase

#: The purpose of the key by which check codes are made.
PURPOSE: Final = "certificate"
Verdict = Literal["valid", "revoked", "replaced", "unknown", "forged", "altered"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a shown certificate is; ``foreign`` says that the key of its code is not here."""

    verdict: Verdict
    number: str
    certificate: Issued | None = None
    foreign: bool = False

    @property
    def ok(self) -> bool:
        """Tell whether the certificate holds."""
        return self.verdict == "valid"

    def sentence(self) -> Phrase:
        """Return what is told of it."""
        return _sentence(self)

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it; of what is not ours nothing but the number is told."""
        shown = self.certificate if self.verdict not in ("unknown", "forged") else None
        return {
            "verdict": self.verdict,
            "valid": self.ok,
            "number": self.number,
            "message": self.sentence().text(),
            "foreign_key": self.foreign,
            "certificate": shown.document() if shown else None,
        }


def check_certificate(session: Session, number: str, code: str) -> Checked:
    """Return what a certificate with this number and check code is."""
    found = known_number(session, number)
    if found is None:
        return Checked("unknown", number.strip())
    if not is_same(found.code, code):
        return Checked("forged", found.number, found)
    state = seal_state(session, found)
    if state == "altered":
        return Checked("altered", found.number, found)
    return Checked(found.state, found.number, found, foreign=state == "foreign")


def seal_state(session: Session, one: Issued) -> Literal["whole", "altered", "foreign"]:
    """Tell whether a certificate's row still is what was issued, as far as our key can tell."""
    key = purpose_key(session, PURPOSE)
    if key is None or one.key != key_name(key):
        return "foreign"
    return "whole" if is_same(code_of(key, one.stated()), one.code) else "altered"


def _sentence(checked: Checked) -> Phrase:
    one = checked.certificate
    if one is None:
        return phrase(
            "unknown: there is no certificate {number} in the register; compare the number with "
            "the paper, or ask the office that issued it",
            number=checked.number,
        )
    match checked.verdict:
        case "forged":
            return phrase(
                "forged or mistyped: the check code is not that of {number}; compare every sign "
                "with the paper",
                number=one.number,
            )
        case "altered":
            return phrase(
                "the register was altered: what it says of {number} is not what was issued; "
                "compare with a backup and the audit trail",
                number=one.number,
            )
        case "revoked":
            return phrase(
                "revoked on {date}: {number} of {name} ({reason})",
                date=one.ended_on,
                number=one.number,
                name=one.name,
                reason=one.ended_why,
            )
        case "replaced":
            return phrase(
                "replaced on {date} by {by}: {number} of {name} ({reason})",
                date=one.ended_on,
                by=one.replaced_by,
                number=one.number,
                name=one.name,
                reason=one.ended_why,
            )
    return phrase(
        "valid: {number}, {name}, {title}, {first} to {last}, {hours} hours, issued on {date}",
        number=one.number,
        name=one.name,
        title=one.title,
        first=one.from_date,
        last=one.to_date,
        hours=f"{one.hours:g}",
        date=one.issued_on,
    )
