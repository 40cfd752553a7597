"""The files of a dataset, in the order in which they are listed, exported and explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from trainer.dataset.files_calendars import CALENDARS
from trainer.dataset.files_classlife import CLASSLIFE
from trainer.dataset.files_doors import DOORS
from trainer.dataset.files_evaluation import EVALUATION
from trainer.dataset.files_needs import NEEDS
from trainer.dataset.files_outcomes import OUTCOMES
from trainer.dataset.files_plan import PLAN
from trainer.dataset.files_register import REGISTER
from trainer.dataset.files_roster import ROSTER
from trainer.dataset.files_timetable import TIMETABLE
from trainer.dataset.schema import File

#: The settings of the office, beside the files.
OFFICE: Final = "office.toml"
OFFICE_SHEET: Final = "office"

FILES: Final[Mapping[str, File]] = {
    file.name: file
    for file in (
        *ROSTER,
        *PLAN,
        *NEEDS,
        *TIMETABLE,
        *OUTCOMES,
        *EVALUATION,
        *REGISTER,
        *CLASSLIFE,
        *CALENDARS,
        *DOORS,
    )
}

#: What people call a file that has another name.
_OTHER_TITLES: Final = {
    "person": "people",
    "persons": "people",
    "roster": "people",
    "trainees": "enrolments",
    "timetable": "sessions",
    "attendance": "marks",
    "unavailability": "unavailable",
}


def file_by_title(title: str) -> File | None:
    """Return the file that a sheet's or file's name means: its name or its Chinese title."""
    wanted = title.strip().casefold()
    for file in FILES.values():
        if wanted == file.name or wanted in file.zh:
            return file
    return None


def titles() -> dict[str, str]:
    """Return every title that may have been meant for a file, with the file's name."""
    known = {title: file.name for file in FILES.values() for title in (file.name, *file.zh)}
    return known | _OTHER_TITLES
