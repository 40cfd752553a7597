"""The office's settings: what is accepted, what follows, what is refused and where."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.office import Office, office_from


def _period(code: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "start": start, "end": end, **more}


def test_an_empty_database_has_the_default_office(desk: Desk) -> None:
    assert desk.office() == Office()


def test_a_document_comes_back_as_it_is() -> None:
    office = office_from(
        {
            "name": "邹城市委党校",
            "periods": [_period("A", "08:30", "10:00", hours=0.75, part="AM")],
            "policies": ["national-2023"],
            "levels": {"H11": "warn"},
        }
    )
    assert office_from(office.document()) == office
    assert office.periods[0].quarters == 3
    assert office.policies == {"packs": ["national-2023"]}


def test_a_meeting_spans_the_break_between_its_periods() -> None:
    office = Office()
    start, end = office.instants(dt.date(2023, 3, 1), "AM4", 2)
    assert start == dt.datetime(2023, 3, 1, 3, 15, tzinfo=dt.UTC)
    assert end == dt.datetime(2023, 3, 1, 6, 45, tzinfo=dt.UTC)
    assert [period.code for period in office.meeting_periods("EVE2", 3)] == ["EVE2"]


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"timezone": "Asia/Nowhere"}, "timezone"),
        ({"holidys": "CN"}, "holidys"),
        ({"workdays": [0]}, "workdays.0"),
        ({"periods": [_period("A", "10:00", "09:00")]}, "periods.0"),
        ({"periods": [_period("A", "25:00", "26:00")]}, "periods.0.start"),
        (
            {"periods": [_period("A", "08:00", "09:00"), _period("A", "09:00", "10:00")]},
            "office.toml",
        ),
        (
            {"periods": [_period("A", "08:00", "09:00"), _period("B", "08:30", "10:00")]},
            "office.toml",
        ),
        ({"travel": {"speed_kmh": 0}}, "travel.speed_kmh"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(document: dict[str, Any], place: str) -> None:
    with pytest.raises(UsageError) as caught:
        office_from(document)
    assert caught.value.params["place"] == place
