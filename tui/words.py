"""The words that screens show for codes and dates, in the language of the moment."""

from __future__ import annotations

import datetime as dt
from typing import Final

from trainer.phrases import mark, say

#: The statuses of a roll call in the order of their keys.
STATUSES: Final = ("present", "late", "early", "leave", "duty", "absent")

_STATUS: Final = {
    "present": mark("present"),
    "late": mark("late"),
    "early": mark("left early"),
    "leave": mark("on leave"),
    "duty": mark("on duty"),
    "absent": mark("absent"),
}
_FORM: Final = {
    "lecture": mark("lecture"),
    "discussion": mark("discussion"),
    "field": mark("field teaching"),
    "exam": mark("exam"),
    "ceremony": mark("ceremony"),
    "self_study": mark("self-study"),
    "online": mark("online"),
}
_STATE: Final = {
    "planned": mark("planned"),
    "published": mark("published"),
    "held": mark("held"),
    "cancelled": mark("cancelled"),
}
_KIND: Final = {"class": mark("Class"), "teacher": mark("Teacher"), "venue": mark("Venue")}
#: Holidays as the bundled table names them; any other name is shown as it is.
_HOLIDAYS: Final = {
    name: name
    for name in (
        mark("New Year's Day"),
        mark("Spring Festival"),
        mark("Tomb-sweeping Day"),
        mark("Labour Day"),
        mark("Dragon Boat Festival"),
        mark("Mid-autumn Festival"),
        mark("National Day"),
    )
}
_WEEKDAYS: Final = (
    mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"),
)  # fmt: skip
_MONTHS: Final = (
    mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun"),
    mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec"),
)  # fmt: skip


def status_word(status: str) -> str:
    """Return the word for a mark's status."""
    return say(_STATUS.get(status, status))


def form_word(form: str | None) -> str:
    """Return the word for a course's form, nothing for none."""
    return say(_FORM.get(form, form)) if form else ""


def state_word(state: str) -> str:
    """Return the word for a session's state."""
    return say(_STATE.get(state, state))


def kind_word(kind: str) -> str:
    """Return the word for a kind of subject: class, teacher, venue."""
    return say(_KIND[kind])


def holiday_word(name: str) -> str:
    """Return the name of a holiday."""
    return say(_HOLIDAYS[name]) if name in _HOLIDAYS else name


def weekday_word(date: dt.date) -> str:
    """Return the short name of the day of the week."""
    return say(_WEEKDAYS[date.weekday()])


def long_date(date: dt.date) -> str:
    """Return a date with its year and day of the week."""
    return say(
        "{weekday} {day} {month} {year}",
        weekday=weekday_word(date),
        day=date.day,
        month=say(_MONTHS[date.month - 1]),
        year=date.year,
    )


def short_date(date: dt.date) -> str:
    """Return a date without its year, with its day of the week."""
    return say(
        "{weekday} {day} {month}",
        weekday=weekday_word(date),
        day=date.day,
        month=say(_MONTHS[date.month - 1]),
    )


def day_in_week(date: dt.date) -> str:
    """Return the day of the month with the day of the week, for narrow columns."""
    return say("{weekday} {day}", weekday=weekday_word(date), day=date.day)


def span_of(start: dt.time, end: dt.time) -> str:
    """Return the times of a session: 08:30-10:10."""
    return f"{start:%H:%M}-{end:%H:%M}"
