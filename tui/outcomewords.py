"""How completion is said: results, states, marks and counts, in the command line and the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainer.phrases import Phrase, mark, say

if TYPE_CHECKING:
    from trainer.outcomes.entries import Attempt
    from trainer.outcomes.evaluate import Evaluation, Trainee
    from trainer.outcomes.page import Line, Page

#: Results and states as people read them.
RESULTS: Final = {
    "completed": Phrase(mark("completed")),
    "not_completed": Phrase(mark("not completed")),
    "cannot": Phrase(mark("cannot complete any more")),
    "open": Phrase(mark("not yet")),
    "left": Phrase(mark("left before the end")),
    "withdrawn": Phrase(mark("withdrew")),
    "exempt": Phrase(mark("exempt")),
}
#: The same of an evaluation, which decides nothing.
OUTLOOK: Final = {
    **RESULTS,
    "completed": Phrase(mark("conditions met")),
    "not_completed": Phrase(mark("conditions not met")),
}
STATES: Final = {
    "met": Phrase(mark("met")),
    "unmet": Phrase(mark("not met")),
    "open": Phrase(mark("cannot be said yet")),
    "waived": Phrase(mark("not required")),
}
DONE: Final = mark(
    "{title}: completed {completed}, not completed {not_completed}, withdrawn {withdrawn}; "
    "decided already {already}, still open {left}"
)


def kind_name(word: str) -> str:
    """Return what a kind of mark is called; ``retake`` is one of the exam."""
    # whatever has read a class has imported it
    from trainer.outcomes.evaluate import work_name

    return say("retake of the exam") if word == "retake" else work_name(word).text()


def kinds_of(page: Page) -> list[str]:
    """Return the kinds of marks that a class wants, the exam first."""
    facts = page.book.facts
    return [*(["exam"] if facts.exam else []), *facts.works]


def marks_said(trainee: Trainee, kind: str) -> str:
    """Return all attempts at a kind, the earlier first; two that disagree are marked."""
    attempts = trainee.marks.get(kind, ())
    return " ".join(mark_said(one) + ("?" if one.disagrees else "") for one in attempts)


def mark_said(attempt: Attempt) -> str:
    """Return what stands for an attempt: marks, a grade, or whether it was passed."""
    # whatever has read a class has imported it
    from trainer.outcomes.entries import mark_of

    return mark_of(attempt.entry).text()


def result_said(line: Line) -> str:
    """Return the result in force, or where nothing is decided what the conditions say."""
    if line.result is not None:
        return RESULTS[line.result].text()
    return OUTLOOK[line.evaluation.result].text()


def first_said(one: Evaluation) -> str:
    """Return the first condition that is not met, or cannot be said yet."""
    failing = one.failing
    unmet = [condition for condition in failing if condition.state == "unmet"]
    first = next(iter(unmet or failing), None)
    return first.message.text() if first else ""


def counts_said(page: Page) -> str:
    """Return how many have each result by now, and how many marks of each kind there are."""
    counts = page.counts()
    said = [
        f"{words[name].text()} {counts[name]}"
        for name, words in (
            ("completed", OUTLOOK),
            ("open", OUTLOOK),
            ("cannot", OUTLOOK),
            ("not_completed", OUTLOOK),
            ("withdrawn", OUTLOOK),
            ("left", OUTLOOK),
            ("exempt", OUTLOOK),
        )
        if counts[name] or name in ("completed", "open", "not_completed")
    ]
    here = [line.evaluation.trainee for line in page.lines
            if line.evaluation.trainee.standing not in ("left", "withdrawn")]  # fmt: skip
    for kind in kinds_of(page):
        marked = sum(bool(one.marks.get(kind)) for one in here)
        said.append(f"{kind_name(kind)} {marked}/{len(here)}")
    return "  ".join(said)


def support_said(line: Line) -> str:
    """Return that a decision no longer follows, rests on other figures, or waits for another."""
    name = line.evaluation.trainee.name
    if line.support == "unsupported":
        return say(
            "{name} ({person}): decided as {decided}, but by the figures of now {result}; open "
            "it again and decide anew",
            name=name,
            person=line.evaluation.trainee.person,
            decided=RESULTS[line.result or "open"],
            result=OUTLOOK[line.evaluation.result],
        )
    if line.decided is not None and line.decided.asked is not None:
        return say("{name}: {by} asked for an override, and another person must confirm it",
                   name=name, by=line.decided.asked.by or "-")  # fmt: skip
    if line.support == "changed":
        return say("{name}: the figures have changed since it was decided; the result stands",
                   name=name)  # fmt: skip
    return ""
