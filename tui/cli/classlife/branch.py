"""The temporary branch and the posts of a class: founded, filled, checked, ended."""

from __future__ import annotations

from typing import Annotated

import typer

from trainer.phrases import say, say_n
from tui.cli.classlife.arguments import (
    ClassCode,
    Json,
    On,
    Override,
    PersonCode,
    Reason,
    Since,
    at_work,
    tell_outside,
)
from tui.cli.dates import date_of, day_of
from tui.cli.state import desk, leave, print_json, print_line, tell

Body = Annotated[
    str,
    typer.Argument(metavar="branch|general|committee|group", help=say("Of what it is a post.")),
]
Post = Annotated[str, typer.Argument(metavar="POST", help=say("The post, such as 书记 or 班长."))]
Part = Annotated[
    str | None, typer.Option(metavar="NAME", help=say("Which of several branches, or the group."))
]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("branch", help=say("Show the branch and the posts, and check TB-1 and TB-2."))(
        _show
    )
    noun.command("found", help=say("Found the temporary branch of a class."))(_found)
    noun.command("end", help=say("End the branch and its posts with a day."))(_end)
    noun.command("appoint", help=say("Give somebody a post; who held it before ends."))(_appoint)
    noun.command("dismiss", help=say("End somebody's post."))(_dismiss)


def _show(class_code: ClassCode, date: On = None, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.branch import branches_on
    from trainer.classlife.checks import check_branch
    from trainer.classlife.facts import read_class
    from trainer.classlife.posts import BODY_WORDS, holders_of
    from trainer.classlife.rules import rules_of
    from trainer.office import read_office

    here = desk()
    today = day_of(date) or here.clock.today()
    with here.reading() as session:
        office = read_office(session)
        facts, rules = read_class(session, office, class_code), rules_of(office)
        day = facts.within(today)
        branches = branches_on(session, facts, day)
        posts = holders_of(session, facts, rules, day)
        findings = check_branch(session, facts, rules, today)
    if as_json:
        print_json(
            {
                "class": class_code,
                "date": day.isoformat(),
                "full_members": sum(one.full for one in facts.present_on(day)),
                "branches": [branch.document() for branch in branches],
                "posts": [holder.document() for holder in posts],
                "findings": [finding.document() for finding in findings],
            }
        )
    else:
        for branch in branches:
            print_line(
                say(
                    "{branch}: {count} full members, {first} to {last}",
                    branch=branch.name,
                    count=len(branch.members),
                    first=branch.from_date or facts.first,
                    last=branch.to_date or facts.last,
                )
            )
        for one in posts:
            print_line(
                say(
                    "  {body} {part} {post}: {name} ({person}). {duties}",
                    body=BODY_WORDS[one.body],
                    part=one.part or "",
                    post=one.post,
                    name=one.name,
                    person=one.person,
                    duties=one.duties,
                )
            )
        for finding in findings:
            tell(say("{rule}: {message}", rule=finding.rule, message=finding.message))
        if not branches:
            tell(say("the class has no temporary branch on {date}", date=day))
    if any(finding.level == "block" for finding in findings):
        leave(1)


def _found(
    class_code: ClassCode,
    name: Annotated[str | None, typer.Option(help=say("Its name."))] = None,
    approved_by: Annotated[
        str | None, typer.Option(help=say("The organisation that approved it."))
    ] = None,
    override: Override = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.branch import found_branch
    from trainer.classlife.rules import rules_of
    from trainer.office import read_office

    with at_work(class_code, override) as (work, facts):
        rules = rules_of(read_office(work.session))
        rows = found_branch(
            work, facts, rules, name=name, approved_by=approved_by, override=override
        )
    for row in rows:
        print_line(
            say(
                "{branch}: {first} to {last}",
                branch=row.name,
                first=row.from_date,
                last=row.to_date,
            )
        )


def _end(
    class_code: ClassCode,
    date: Annotated[str, typer.Argument(metavar="DATE", help=say("The last day."))],
    reason: Reason = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.branch import end_branch

    with at_work(class_code, reason) as (work, facts):
        count = end_branch(work, facts, date_of(date), reason)
    print_line(say_n("{count} branch ends on {date}", "{count} branches end on {date}", count,
                     date=date))  # fmt: skip


def _appoint(
    class_code: ClassCode,
    body: Body,
    post: Post,
    person: PersonCode,
    part: Part = None,
    since: Since = None,
    duties: Annotated[
        str | None, typer.Option(help=say("Its duties; the usual ones if left out."))
    ] = None,
    override: Override = None,
    reason: Reason = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.branch import appoint_officer
    from trainer.classlife.posts import Seat, appoint
    from trainer.classlife.rules import rules_of
    from trainer.office import read_office

    seat, first = Seat(body, post, part), day_of(since)
    with at_work(class_code, override or reason) as (work, facts):
        rules = rules_of(read_office(work.session))
        if body in ("branch", "general"):
            row = appoint_officer(work, facts, rules, seat, person, first=first, override=override)
            row.duties = duties
        else:
            row = appoint(work, facts, seat, person, first=first, duties=duties, reason=reason)
        first = row.from_date
    print_line(say("{person}: {post} from {date} on", person=person, post=post, date=first))
    tell_outside(facts, first or facts.first)


def _dismiss(
    class_code: ClassCode,
    body: Body,
    post: Post,
    person: PersonCode,
    part: Part = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=say("The last day; today."))
    ] = None,
    reason: Reason = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.posts import Seat, dismiss

    with at_work(class_code, reason) as (work, facts):
        day = day_of(last) or facts.within(desk().clock.today())
        dismiss(work, facts, Seat(body, post, part), person, last=day, reason=reason)
    print_line(say("{person}: {post} until {date}", person=person, post=post, date=day))
    tell_outside(facts, day)
