"""The sentences in which the facts of a problem are told, by kind and by what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from trainer.phrases import mark

TITLES: Final[Mapping[str, str]] = {
    "absence": mark("{name} is not available from {first} to {last} ({reason})"),
    "absence_plain": mark("{name} is not available from {first} to {last}"),
    "absence_period": mark("{name} is not available from {first} to {last}, “{period}”"),
    "absence_day": mark("{name} is not available on {first} ({reason})"),
    "absence_day_plain": mark("{name} is not available on {first}"),
    "absence_day_period": mark("{name} is not available on {first}, “{period}”"),
    "absence_ever": mark("{name} is never available ({reason})"),
    "absence_ever_plain": mark("{name} is never available"),
    "absence_ever_period": mark("{name} is never available, “{period}”"),
    "absence_since": mark("{name} is not available from {first} on ({reason})"),
    "absence_since_plain": mark("{name} is not available from {first} on"),
    "absence_since_period": mark("{name} is not available from {first} on, “{period}”"),
    "absence_until": mark("{name} is not available up to {last} ({reason})"),
    "absence_until_plain": mark("{name} is not available up to {last}"),
    "absence_until_period": mark("{name} is not available up to {last}, “{period}”"),
    "hours": mark("{venue} is open only from {opens} to {closes}"),
    "hours_many": mark("{venue} are open only at certain hours"),
    "season": mark("{venue} is open only from {opens} to {closes} of the year"),
    "season_many": mark("{venue} are open only in their seasons"),
    "weekdays": mark("{venue} is closed every week on {weekdays}"),
    "weekdays_many": mark("{venue} are closed on certain days of the week"),
    "parallel": mark("{venue} holds at most {count} meetings at once"),
    "parallel_one": mark("{venue} holds only one meeting at once"),
    "parallel_many": mark("{venue} hold at most {count} meetings each at once"),
    "parallel_one_many": mark("{venue} hold only one meeting each at once"),
    "shared": mark("{venue} is not shared with every class"),
    "shared_many": mark("{venue} are not shared with every class"),
    "size": mark("{class_} has {size} people"),
    "size_rooms": mark(
        "{class_} has {size} people, and these places are too small for the meeting: {venues}"
    ),
    "size_together": mark(
        "{class_} has {size} people, {all} with those who meet jointly with it, and these places "
        "are too small for the meeting: {venues}"
    ),
    "kinds": mark("{course} needs a place of this kind: {kinds}"),
    "equipment": mark("{course} needs {equipment}"),
    "places": mark("{course} is held only in these places: {venues}"),
    "rooms": mark("{class_} is held only in these places: {venues}"),
    "accredited": mark("{class_} wants accredited places"),
    "accredited_until": mark("{class_} wants accredited places, and these had it until: {venues}"),
    "earliest": mark("{class_} begins on {earliest} at the earliest"),
    "latest": mark("{class_} ends on {latest} at the latest"),
    "window": mark("{class_} takes place only from {earliest} to {latest}"),
    "window_day": mark("{class_} takes place only on {earliest}"),
    "max_days": mark("{class_} lasts at most {count} days"),
    "max_days_one": mark("{class_} takes place within a single day"),
    "workdays": mark("the only working days from {first} to {last} are {days}"),
    "workdays_many": mark("there are only {count} working days from {first} to {last}"),
    "workdays_none": mark("there is no working day from {first} to {last}"),
    "workperiods": mark("these periods lie outside working hours: {periods}"),
    "periods": mark("a day has only these periods: {periods}"),
    "part_of": mark("{venue} is part of {whole}, so that only one of the two can be used at once"),
    "selves": mark("{teacher} and {other} are one person"),
    "trainee": mark("{teacher} is also a trainee of {class_}"),
    "people": mark("{class_} and {other} have people in common: {people}"),
    "people_many": mark("{class_} and {other} have {count} people in common, such as {people}"),
    "first": mark("{course} comes first in {class_}"),
    "last": mark("{course} comes last in {class_}"),
    "order": mark("{course} comes after {other}"),
    "day": mark("{course} of {class_} is fixed on {date}"),
    "period": mark("{course} of {class_} is fixed in “{period}”"),
    "teacher": mark("{course} of {class_} is fixed to be taught by {teacher}"),
    "venue": mark("{course} of {class_} is fixed in {venue}"),
    "lock": mark("{course} of {class_} is locked on {date}, “{period}”"),
    "staff": mark("{course} can be taught only by {teachers}"),
    "week": mark("{teacher} teaches at most {count} meetings a week"),
    "week_one": mark("{teacher} teaches at most one meeting a week"),
    "travel": mark("the way from {venue} to {other} takes {minutes} minutes"),
    "travels": mark(
        "the ways between the places take up to {minutes} minutes, as from {venue} to {other}"
    ),
    "stops": mark("{course} visits {venues} in one go"),
    "stops_stay": mark("{course} visits {venues} in one go and stays {minutes} minutes at each"),
    "buffer": mark("{minutes} minutes are added to every journey"),
    "rule": mark("the office made it a rule that must be kept: {rule}"),
}
