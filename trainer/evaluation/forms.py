"""Questionnaires: those that the program brings along, and those that an office loads.

What was asked stays as it was asked: a version of a questionnaire never changes, and an evaluation
keeps the version by which it was opened.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import select
from sqlmodel import Session

from db.tables import EvaluationForm, EvaluationQuestion
from db.work import table_of
from trainer.errors import FileProblem, Refused

if TYPE_CHECKING:
    from db.work import UnitOfWork

_FILE: Final = Path(__file__).parent / "forms.toml"
_FORM = table_of(EvaluationForm)
_QUESTION = table_of(EvaluationQuestion)
#: Keys of the screen are digits: so many choices can be told apart by one of them.
MOST_CHOICES: Final = 9
_FEWEST: Final = 2

Word = Annotated[str, Field(min_length=1, max_length=200)]


class Question(BaseModel):
    """One question; ``choices`` are the words of answers from 1 on, of a scale the best last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    asks: Literal["class", "teaching", "field"]
    kind: Literal["scale", "choice", "text"]
    text: Word
    choices: tuple[Word, ...] = ()
    required: bool = False

    @model_validator(mode="after")
    def _fitting_choices(self) -> Self:
        if self.kind == "text":
            if self.choices:
                raise ValueError("a question of free words has no choices")
        elif not _FEWEST <= len(self.choices) <= MOST_CHOICES:
            raise ValueError(f"give {_FEWEST} to {MOST_CHOICES} choices")
        elif len(set(self.choices)) < len(self.choices):
            raise ValueError("two choices are the same")
        return self

    @property
    def is_scale(self) -> bool:
        """Tell whether the answers have an order, so that a mean says something."""
        return self.kind == "scale"


class Form(BaseModel):
    """A version of a questionnaire."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[^\s@|]{1,40}$")]
    version: int = Field(ge=1)
    title: Word
    note: str | None = None
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _different_keys(self) -> Self:
        keys = [question.key for question in self.questions]
        if len(set(keys)) < len(keys):
            raise ValueError("two questions have the same key")
        return self

    @property
    def code(self) -> str:
        """What the version is called by: the name and the version."""
        return f"{self.name}@{self.version}"

    def asked(self, of: str) -> tuple[Question, ...]:
        """Return the questions that are asked of a class, of teaching, or of a field site."""
        return tuple(question for question in self.questions if question.asks == of)

    def document(self) -> dict[str, Any]:
        """Return the questionnaire as JSON holds it."""
        return {"code": self.code, **self.model_dump(mode="json")}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a file of questionnaires did: those that are new, and those known already."""

    new: tuple[Form, ...]
    known: tuple[Form, ...]


def ready_made() -> tuple[Form, ...]:
    """Return the questionnaires that the program brings along."""
    return _ready_made()


def read_forms(path: Path) -> tuple[Form, ...]:
    """Return the questionnaires of a TOML file; raise FileProblem or Refused, and why."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileProblem(
            "{path} cannot be read ({problem}); check it and try again",
            path=str(path),
            problem=error.strerror or type(error).__name__,
        ) from None
    except UnicodeDecodeError:
        raise Refused("{path} is not text in UTF-8; save it as UTF-8", path=str(path)) from None
    try:
        return _forms(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused("{path} is no TOML ({problem}); correct it", path=str(path),
                      problem=str(error)) from None  # fmt: skip
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)[0]
        raise Refused(
            "{path}, {place}: {problem}; correct it and load it again",
            path=str(path),
            place=".".join(str(part) for part in found["loc"]) or "forms",
            problem=found["msg"],
        ) from None


def load_forms(work: UnitOfWork, forms: tuple[Form, ...]) -> Loaded:
    """Store questionnaires; raise Refused where a version is known and asks something else."""
    stored = {form.code: form for form in stored_forms(work.session)}
    known_by_code = {form.code: form for form in ready_made()} | stored
    new: list[Form] = []
    known: list[Form] = []
    for form in forms:
        other = known_by_code.get(form.code)
        if other is not None and other != form:
            raise Refused(
                "version {version} of the questionnaire “{name}” is known and asks something else; "
                "give yours the version {next}",
                version=form.version,
                name=form.name,
                next=max(one.version for one in known_by_code.values() if one.name == form.name)
                + 1,
            )
        (known if other is not None else new).append(form)
        store_form(work, form)
    return Loaded(tuple(new), tuple(known))


def store_form(work: UnitOfWork, form: Form) -> None:
    """Store a version of a questionnaire unless it is there."""
    if work.session.get(EvaluationForm, form.code) is not None:
        return
    row = form.model_dump(include={"name", "title", "note"})
    work.insert_many(EvaluationForm, [row | {"code": form.code, "edition": form.version}])
    work.insert_many(
        EvaluationQuestion,
        [
            question.model_dump() | {"form": form.code, "position": place}
            for place, question in enumerate(form.questions, start=1)
        ],
    )


def stored_forms(session: Session) -> list[Form]:
    """Return the questionnaires that the database holds, by name and version."""
    connection = session.connection()
    questions: dict[str, list[Question]] = {}
    names = ("key", "asks", "kind", "text", "choices", "required")
    for row in connection.execute(select(_QUESTION).order_by(_QUESTION.c.position)):
        question = Question.model_construct(**{name: getattr(row, name) for name in names})
        questions.setdefault(row.form, []).append(question)
    query = select(_FORM).order_by(_FORM.c.name, _FORM.c.edition)
    return [
        Form.model_construct(
            name=row.name,
            version=row.edition,
            title=row.title,
            note=row.note,
            questions=tuple(questions.get(row.code, ())),
        )
        for row in connection.execute(query)
    ]


def known_forms(session: Session) -> list[Form]:
    """Return all questionnaires, stored or brought along, by name and version."""
    found = {form.code: form for form in ready_made()}
    found |= {form.code: form for form in stored_forms(session)}
    return sorted(found.values(), key=lambda form: (form.name, form.version))


def find_form(session: Session, name: str) -> Form:
    """Return a questionnaire by its code, or the latest of a name; raise Refused for none."""
    forms = known_forms(session)
    fitting = [form for form in forms if name in (form.name, form.code)]
    if not fitting:
        raise Refused(
            "there is no questionnaire “{name}”; use one of: {known}",
            name=name,
            known=", ".join(form.code for form in forms),
        )
    return max(fitting, key=lambda form: form.version)


@cache
def _ready_made() -> tuple[Form, ...]:
    with _FILE.open("rb") as file:
        return _forms(tomllib.load(file))


class _Pack(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    forms: tuple[Form, ...] = Field(min_length=1)


def _forms(document: Mapping[str, Any]) -> tuple[Form, ...]:
    return _Pack.model_validate(document).forms
