"""Which statuses credit hours (HRS-8): data of the office, with a default for each status.

``[policies.attendance.credit]`` of the office's settings sets the share, from 0 to 1, that a status
credits. By default whoever was there (present, late, left early) is credited the session's hours,
and leave, absence and official duty credit nothing: duty is neither attendance nor absence.
Hours are whole quarter-hours throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from db.tables.words import ATTENDED, MARK_STATUSES
from trainer.errors import UsageError
from trainer.office import QUARTERS, Office

#: What may be said of a person; a void is written by undoing.
STATUSES: Final = tuple(status for status in MARK_STATUSES if status != "void")
DEFAULT: Final[Mapping[str, float]] = {
    status: 1.0 if status in ATTENDED else 0.0 for status in STATUSES
}


def credit_shares(office: Office) -> Mapping[str, float]:
    """Return the share of a session's hours that each status credits; raise UsageError."""
    rules: Any = office.policies.get("attendance") or {}
    given: Any = rules.get("credit", {}) if isinstance(rules, Mapping) else {}
    shares = dict(DEFAULT)
    for status, share in given.items():
        if status not in shares or not isinstance(share, (int, float)) or not 0 <= share <= 1:
            raise UsageError(
                "the setting policies.attendance.credit.{status} is not usable; give a share from "
                "0 to 1 for one of: {known}",
                status=status,
                known=", ".join(shares),
            )
        shares[status] = float(share)
    return shares


def session_quarters(office: Office, period: str, count: int) -> int:
    """Return the quarter-hours that a session of ``count`` periods from ``period`` on credits."""
    if period not in office.period_index:
        return 0
    return sum(item.quarters for item in office.meeting_periods(period, count))


def credited(share: float, quarters: int) -> int:
    """Return the quarter-hours that a share of a session's credits, rounded down."""
    return int(share * quarters)


def hours(quarters: int) -> float:
    """Return quarter-hours as hours."""
    return quarters / QUARTERS
