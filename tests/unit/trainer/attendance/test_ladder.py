"""Who approves leave: by its length in half-days, as the office's rules say."""

from __future__ import annotations

import pytest

from tests.factories.registers import day
from trainer.attendance.ladder import approver_of, days_of, paper_of
from trainer.attendance.leave import Stretch
from trainer.errors import UsageError
from trainer.office import Office, office_from


@pytest.mark.parametrize(
    ("stretch", "days", "approver"),
    [
        (Stretch(day(1), day(1), "AM1", "AM2"), 0.5, "head_teacher"),
        (Stretch(day(1), day(1), "EVE1"), 0.5, "head_teacher"),
        (Stretch(day(1), day(1), "AM4", "PM1"), 1, "teaching_office"),
        (Stretch(day(1), day(1)), 1, "teaching_office"),
        (Stretch(day(1), day(2), "PM1", "AM4"), 1, "teaching_office"),
        (Stretch(day(1), day(2), "PM1"), 1.5, "vice_principal"),
        (Stretch(day(1), day(3)), 3, "vice_principal"),
        (Stretch(day(1), day(4), None, "AM1"), 3.5, "organisation_department"),
    ],
)
def test_the_longer_the_leave_the_higher_the_step(
    stretch: Stretch, days: float, approver: str
) -> None:
    """Half a day, a day, three days, more: morning and afternoon count half a day each."""
    assert days_of(Office(), stretch) == days
    assert approver_of(Office(), stretch) == approver


def test_an_office_has_a_ladder_of_its_own() -> None:
    """Two steps with the office's own words; an unusable one is named."""
    rules = {
        "ladder": [{"days": 2, "by": "班主任"}, {"by": "分管领导"}],
        "papers": {"sick": "病历"},
    }
    office = office_from({"policies": {"attendance": rules}})
    assert approver_of(office, Stretch(day(1), day(2))) == "班主任"
    assert approver_of(office, Stretch(day(1), day(3))) == "分管领导"
    assert (paper_of(office, "sick"), paper_of(office, "personal")) == ("病历", None)
    for wrong in ([], [{"days": 2}], [{"days": 2, "by": "a"}, {"days": 1, "by": "b"}], "x"):
        broken = office_from({"policies": {"attendance": {"ladder": wrong}}})
        with pytest.raises(UsageError, match="ladder is not usable"):
            approver_of(broken, Stretch(day(1), day(1)))
