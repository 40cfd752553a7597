"""Everything that can go wrong in a way that a user should read as a sentence.

    TrainerError                 1
    ├── Refused                  1   the work found something wrong
    │   ├── ImportRefused        1   a dataset with problems, all of them listed
    │   └── StaleWrite           1   somebody else changed it first
    ├── UsageError               2   the command was given wrongly
    ├── StorageError             3   the database could not be used
    │   └── FileProblem          3   a file is missing or not permitted
    └── NotAllowed               4   this user may not do that

The number is the exit code of the command line. An error is a template with its values, so that
the sentence is made in the user's language at the edge (``trainer.phrases.text_of``). The template
is the English sentence, says what is wrong and where, and ends with what to do next.
"""

from __future__ import annotations

from typing import Any, ClassVar


class TrainerError(Exception):
    """A sentence for the user: an English template and the values that fill it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, template: str, /, **params: Any) -> None:
        super().__init__(template)
        self.template = template
        self.params = params

    def __str__(self) -> str:
        return self.template.format(**self.params) if self.params else self.template


class Refused(TrainerError):  # noqa: N818 - reads as what happened
    """The work itself found something wrong: nothing was changed."""


class ImportRefused(Refused):
    """A dataset has problems; ``params`` may hold their number, the list travels beside."""


class StaleWrite(Refused):
    """Another writer changed the row between reading and writing it."""


class UsageError(TrainerError):
    """The command or a setting was given wrongly."""

    exit_code = 2


class StorageError(TrainerError):
    """The database could not be opened, read or written."""

    exit_code = 3


class FileProblem(StorageError):  # noqa: N818 - reads as what happened
    """A file is missing, not permitted, or cannot be written."""


class NotAllowed(TrainerError):  # noqa: N818 - reads as what happened
    """This user may not do that."""

    exit_code = 4
