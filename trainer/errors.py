"""The errors of the whole program, in one place to import from (see ``db.errors`` for the tree)."""

from db.errors import (
    FileProblem,
    ImportRefused,
    NotAllowed,
    Refused,
    StaleWrite,
    StorageError,
    TrainerError,
    UsageError,
)

__all__ = [
    "FileProblem",
    "ImportRefused",
    "NotAllowed",
    "Refused",
    "StaleWrite",
    "StorageError",
    "TrainerError",
    "UsageError",
]
