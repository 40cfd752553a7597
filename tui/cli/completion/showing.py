"""The list of a class, the explanation of one trainee, an exam's statistics, the rules in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from trainer.phrases import Phrase, mark, say, say_n
from tui.cli.completion.arguments import ClassCode, Json, Person
from tui.cli.state import desk, print_json, print_line, tell
from tui.outcomewords import OUTLOOK, RESULTS, STATES

if TYPE_CHECKING:
    from trainer.outcomes.page import Line, Page

_STEPS: Final = {
    "decided": Phrase(mark("decided")),
    "asked": Phrase(mark("override asked")),
    "confirmed": Phrase(mark("override confirmed")),
    "refused": Phrase(mark("override refused")),
    "reopened": Phrase(mark("opened again")),
}


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("show", help=say("Show everybody of a class: marks, conditions, result."))(_show)
    noun.command("explain", help=say("Explain the result of one trainee, condition by condition."))(
        _explain
    )
    noun.command("exam", help=say("Show how an exam turned out, and who must retake it."))(_exam)
    noun.command("rules", help=say("Show the rules in force, of the office or of a class."))(_rules)


def _show(class_code: ClassCode, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.evaluate import work_name
    from trainer.outcomes.page import read_page

    here = desk()
    with here.reading() as session:
        page = read_page(session, here, class_code)
    if as_json:
        print_json(
            {
                "class": page.book.code,
                "title": page.book.title,
                "rules": page.book.rules.version,
                "counts": page.counts(),
                "idle": page.idle(),
                "trainees": [line.document() for line in page.lines],
            },
            here.office().zone,
        )
        return
    for row in _table(page):
        print_line(row)
    counts = page.counts()
    print_line(
        say(
            "completed {completed}, not completed {not_completed}, cannot any more {cannot}, not "
            "yet {open}, withdrawn {withdrawn}, left {left}, exempt {exempt}; decided {decided}",
            **{name: counts[name] for name in counts if name != "unsupported"},
        )
    )
    for kind, count in page.idle().items():
        tell(say_n("{count} trainee has a mark of the {kind}, which this class does not ask for: "
                   "it decides nothing", "{count} trainees have a mark of the {kind}, which this "
                   "class does not ask for: it decides nothing", count,
                   kind=work_name(kind)))  # fmt: skip
    for line in page.lines:
        _tell_support(line)


def _table(page: Page) -> list[str]:
    # only a table for a terminal needs to know how wide letters are
    from rich.cells import cell_len

    from trainer.outcomes.evaluate import work_name

    kinds = [kind for kind in ("exam", *page.book.facts.works)
             if kind != "exam" or page.book.facts.exam]  # fmt: skip
    grid = [[say("person"), say("name"), *(work_name(kind).text() for kind in kinds),
             say("result"), say("decided"), ""]]  # fmt: skip
    for line in page.lines:
        one = line.evaluation
        found = {condition.id: condition for condition in one.conditions}
        marks = [_figure(found.get(kind)) for kind in kinds]
        why = [str(condition.message) for condition in one.failing]
        result = RESULTS[line.result].text() if line.result else ""
        grid.append(
            [one.trainee.person, one.trainee.name, *marks, OUTLOOK[one.result].text(), result,
             say("; ").join(why)]
        )  # fmt: skip
    widths = [max(cell_len(row[place]) for row in grid) for place in range(len(grid[0]))]
    return [
        "  ".join(
            text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in grid
    ]


def _figure(condition: Any) -> str:
    return "-" if condition is None or condition.figure is None else str(condition.figure)


def _tell_support(line: Line) -> None:
    name = line.evaluation.trainee.name
    if line.support == "unsupported":
        tell(
            say(
                "{name} ({person}): decided as {decided}, but by the figures of now {result}; open "
                "it again and decide anew",
                name=name,
                person=line.evaluation.trainee.person,
                decided=RESULTS[line.result or "open"],
                result=OUTLOOK[line.evaluation.result],
            )
        )
    elif line.support == "changed":
        tell(say("{name}: the figures have changed since it was decided; the result stands",
                 name=name))  # fmt: skip
    if line.decided is not None and line.decided.asked is not None:
        tell(say("{name}: {by} asked for an override, and another person must confirm it",
                 name=name, by=line.decided.asked.by or "-"))  # fmt: skip


def _explain(class_code: ClassCode, person: Person, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.meant import trainee_meant
    from trainer.outcomes.page import history_of, read_page

    here = desk()
    with here.reading() as session:
        page = read_page(session, here, class_code)
        line = page.line(trainee_meant(session, page.book, person))
        history = history_of(session, class_code, line.evaluation.trainee.person)
    zone = here.office().zone
    if as_json:
        rules = {"rules": page.book.rules.version, "reasons": list(page.book.rules.reasons)}
        print_json({"class": class_code} | line.document() | rules | {"history": history}, zone)
        return
    one = line.evaluation
    print_line(
        say(
            "{name} ({person}), {title}: {result}",
            name=one.trainee.name,
            person=one.trainee.person,
            title=page.book.title,
            result=OUTLOOK[one.result],
        )
    )
    for condition in one.conditions:
        facts = {"state": STATES[condition.state], "message": condition.message}
        if condition.mend is None:
            print_line(say("  [{state}] {message}", **facts))
        else:
            print_line(say("  [{state}] {message}; {mend}", **facts, mend=condition.mend))
    for row in history:
        print_line(_past(row, zone))
    _tell_support(line)


def _past(row: dict[str, Any], zone: Any) -> str:
    at = f"{row['at'].astimezone(zone):%Y-%m-%d %H:%M}" if row["at"] else "-"
    facts = {"at": at, "by": row["by"] or "-", "reason": row["reason"] or ""}
    if row["what"] == "decision":
        result = RESULTS[row["result"] or "open"]
        return say("  {at}  {by}: {step}, {result} {reason}", **facts, step=_STEPS[row["step"]],
                   result=result).rstrip()  # fmt: skip
    from trainer.outcomes.evaluate import work_name

    value = f"{row['score']:g}" if row["score"] is not None else row["grade"]
    if value is None and row["passed"] is not None:
        value = say("passed") if row["passed"] else row["note"] or say("not passed")
    return say("  {at}  {by}: {kind}, attempt {number}: {mark} {reason}", **facts,
               kind=work_name(row["kind"] or "exam"), number=row["attempt"] or 1,
               mark=value or say("taken back")).rstrip()  # fmt: skip


def _exam(
    class_code: ClassCode,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help=say("exam, report, reflection."))
    ] = "exam",
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.facts import read_book
    from trainer.outcomes.scoring import kind_meant
    from trainer.outcomes.statistics import statistics_of

    here = desk()
    with here.reading() as session:
        book = read_book(session, here, class_code)
    found = statistics_of(book, kind_meant(kind, book.rules.rules))
    if as_json:
        print_json({"class": class_code} | found.document())
        return
    figures = {name: "-" if value is None else f"{value:g}"
               for name, value in found.spread.figures().items()}  # fmt: skip
    print_line(
        say(
            "{title}: {examined} with a mark, {absent} without coming, {passed} passed, mean "
            "{mean}, highest {highest}, lowest {lowest}",
            title=book.title,
            **{name: figures[name] for name in figures if name != "pass_rate"},
        )
    )
    most = max(found.bands.values(), default=0) or 1
    for band, count in found.bands.items():
        print_line(f"  {band:>8}  {count:>4}  {'#' * round(count * 40 / most)}".rstrip())
    for grade, count in (found.spread.grades or {}).items():
        print_line(f"  {grade}  {count}")
    for name, people in ((say("no mark yet"), found.missing), (say("must retake"), found.retake)):
        if people:
            listed = ", ".join(f"{one} ({code})" for code, one in people)
            print_line(say("{what} ({count}): {people}", what=name, count=len(people),
                           people=listed))  # fmt: skip


def _rules(
    class_code: Annotated[
        str | None,
        typer.Argument(metavar="[CLASS]", help=say("Of one class; of the office if left out.")),
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.office import read_office
    from trainer.outcomes.facts import read_class_rules
    from trainer.outcomes.rules import RULE, rules_for

    here = desk()
    with here.reading() as session:
        office = read_office(session)
        found = (read_class_rules(session, office, class_code) if class_code
                 else rules_for(office))  # fmt: skip
    document = found.rules.model_dump(by_alias=True, mode="json")
    if as_json:
        print_json(
            {"rule": RULE, "version": found.version, "reasons": list(found.reasons)} | document
        )
        return
    print_line(say("{rule}, version {version}, level {level}", rule=RULE, version=found.version,
                   level=found.rules.level))  # fmt: skip
    for name, value in _flat(document):
        print_line(f"  {name} = {value}")
    for reason in found.reasons:
        print_line(say("an exception applies: {reason}", reason=reason))


def _flat(document: dict[str, Any], above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in document.items():
        if isinstance(value, dict) and value:
            found += _flat(value, f"{above}{name}.")
        elif value is not None:
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            found.append((f"{above}{name}", shown))
    return found
