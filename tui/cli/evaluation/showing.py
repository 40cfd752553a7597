"""The figures of an evaluation that is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from trainer.phrases import say
from tui.cli.evaluation.arguments import ClassCode, Json
from tui.cli.state import desk, print_json, print_line

if TYPE_CHECKING:
    from trainer.evaluation.page import Page
    from trainer.evaluation.results import Figures, Summary


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("show", help=say("Show the figures of a closed evaluation."))(_show)


def _show(class_code: ClassCode, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.evaluation.page import read_page

    here = desk()
    with here.reading() as session:
        page = read_page(session, here.actor, class_code)
    if as_json:
        print_json(page.document())
    else:
        _tell(page)


def _tell(page: Page) -> None:
    asked = page.asked
    print_line(
        say(
            "{code} {title}: {form}, closed on {date}",
            code=asked.code,
            title=asked.class_title,
            form=asked.form.title,
            date=asked.closed,
        )
    )
    for subject, summary in page.subjects:
        print_line(f"{subject.line}  {subject.title or asked.class_title}  {_head(summary)}")
        for figures in summary.questions:
            print_line(f"    {figures.question.text}  {_figures(figures)}")
    if len(page.subjects) > 1:
        print_line(say("all together: {figures}", figures=_head(page.total)))
        for figures in page.total.questions:
            print_line(f"    {figures.question.text}  {_figures(figures)}")
    for question, texts in page.remarks:
        if texts is None:
            print_line(say("{question}: too few to be shown", question=question.text))
            continue
        print_line(say("{question}:", question=question.text))
        for text in texts:
            print_line(f"    - {' '.join(text.split())}")


def _head(summary: Summary) -> str:
    if summary.sheets is None:
        return say("not shown: too few or too alike")
    return say(
        "{sheets} of {invited} sheets, {score} of 100",
        sheets=summary.sheets,
        invited=summary.invited,
        score="-" if summary.score is None else summary.score,
    )


def _figures(figures: Figures) -> str:
    if figures.counts is None:
        return say("not shown")
    pairs = list(zip(figures.question.choices, figures.counts, strict=False))
    shares = "  ".join(f"{word} {count}" for word, count in reversed(pairs) if count)
    if not figures.question.is_scale:
        return shares
    return say(
        "n {n}, mean {mean}, median {median}:  {shares}",
        n=figures.n,
        mean=figures.mean,
        median=figures.median,
        shares=shares,
    )
