"""All checks, each on the files that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from trainer.dataset.check.evaluations import (
    check_answers,
    check_evaluations,
    check_questionnaires,
)
from trainer.dataset.check.events import check_events, check_make_ups
from trainer.dataset.check.facts import Facts
from trainer.dataset.check.keys import check_chains, check_duplicates, check_references
from trainer.dataset.check.meaning import (
    check_lengths,
    check_marks,
    check_meetings,
    check_stays,
)
from trainer.dataset.check.published import (
    check_extra_events,
    check_publications,
    check_published_sessions,
)
from trainer.dataset.check.rows import check_leaves, check_periods, check_spans
from trainer.dataset.parse import Table

_Check = Callable[[Facts, Table], None]

_EVERY: Final[tuple[_Check, ...]] = (
    check_duplicates,
    check_references,
    check_chains,
    check_spans,
    check_periods,
)
_BY_FILE: Final[Mapping[str, _Check]] = {
    "courses": check_lengths,
    "enrolments": check_stays,
    "evaluation_ballots": check_answers,
    "evaluation_batches": check_answers,
    "evaluation_draws": check_answers,
    "evaluation_forms": check_questionnaires,
    "evaluation_questions": check_questionnaires,
    "evaluation_remarks": check_answers,
    "evaluation_subjects": check_answers,
    "evaluation_tallies": check_answers,
    "evaluations": check_evaluations,
    "extra_events": check_extra_events,
    "leaves": check_leaves,
    "make_ups": check_make_ups,
    "marks": check_marks,
    "publications": check_publications,
    "published_sessions": check_published_sessions,
    "sessions": check_meetings,
}


def check_tables(facts: Facts) -> None:
    """Report everything that is wrong with the rows of a dataset."""
    for table in facts.tables.values():
        for check in _EVERY:
            check(facts, table)
        own = _BY_FILE.get(table.file.name)
        if own is not None:
            own(facts, table)
        elif table.file.union:
            check_events(facts, table)
