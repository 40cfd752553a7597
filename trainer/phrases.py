"""Sentences in the user's language.

The source holds English templates (``"{count} people"``); ``trainer/locale/<lang>/LC_MESSAGES``
holds one catalogue per room. A sentence is never glued from pieces: values go in by name. Text that
must be kept until the language is known (a finding, an error) travels as a ``Phrase``.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from trainer.errors import TrainerError, UsageError

LANGUAGES: Final = ("zh", "en")
CATALOGUES: Final = Path(__file__).parent / "locale"

_current = "zh"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A template and its values, to be said later in whichever language is asked for."""

    template: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str | None = None) -> str:
        """Return the sentence in ``language`` (the current one if not given)."""
        return _fill(_catalogue(language or _current).gettext(self.template), self.params, language)

    def __str__(self) -> str:
        return self.text()


def phrase(template: str, /, **params: Any) -> Phrase:
    """Keep a sentence for later."""
    return Phrase(template, params)


def say(template: str, /, **params: Any) -> str:
    """Return the sentence in the current language."""
    return _fill(_catalogue(_current).gettext(template), params, None)


def say_n(one: str, many: str, count: int, /, **params: Any) -> str:
    """Return the singular or plural sentence for ``count``, which is also a value of it."""
    template = _catalogue(_current).ngettext(one, many, count)
    return _fill(template, {"count": count, **params}, None)


def mark(template: str, /) -> str:
    """Mark a template for the catalogues where it is defined as data and said elsewhere."""
    return template


def text_of(error: TrainerError, language: str | None = None) -> str:
    """Return an error's sentence in ``language`` (the current one if not given)."""
    return Phrase(error.template, error.params).text(language)


def set_language(language: str) -> None:
    """Speak ``language`` from now on; raises UsageError for one there is no catalogue for."""
    global _current  # noqa: PLW0603 - one process speaks to one user
    if language not in LANGUAGES:
        raise UsageError("there is no language “{language}”; use zh or en", language=language)
    _current = language


def current_language() -> str:
    """Return the language spoken now."""
    return _current


def language_of_environment(environ: Mapping[str, str] = os.environ) -> str:
    """Return ``en`` where the locale asks for English, else ``zh``: offices here read Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


#: What the operating system says of a file; ``{problem}`` in a sentence is said in our language.
PROBLEMS: Final = (
    mark("No such file or directory"),
    mark("Permission denied"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("File exists"),
    mark("No space left on device"),
    mark("Read-only file system"),
    mark("File name too long"),
)


def _fill(template: str, params: Mapping[str, Any], language: str | None) -> str:
    if not params:
        return template
    return template.format(**{name: _said(name, value, language) for name, value in params.items()})


def _said(name: str, value: Any, language: str | None) -> Any:
    if isinstance(value, Phrase):
        return value.text(language)
    if name == "problem" and value in PROBLEMS:
        return _catalogue(language or _current).gettext(value)
    return value


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    chain = gettext.NullTranslations()
    for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
        catalogue.add_fallback(chain)
        chain = catalogue
    return chain
