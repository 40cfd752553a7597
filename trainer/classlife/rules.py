"""Class life's parameters: the usual ones with their sources, and what the office sets instead.

``rules.toml`` beside this file holds the usual ones; ``[policies.classlife]`` of the office
replaces them key by key, ``[levels]`` of the office how strict a rule is.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trainer.errors import Refused, UsageError
from trainer.office import Office, TimeOfDay

_FILE: Final = Path(__file__).parent / "rules.toml"
Level = Literal["block", "warn", "report", "off"]


class RuleBroken(Refused):
    """A rule is broken; the same act passes with a reason, which is kept."""

    @classmethod
    def of(cls, refusal: Refused) -> RuleBroken:
        """Return a refusal as one that a reason overrules."""
        return cls(refusal.template, **refusal.params)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BranchRules(_Part):
    """TB-1 and TB-2 in figures, and how the two leading posts are called."""

    source: str = ""
    fewest: int = Field(ge=1)
    committee_from: int = Field(ge=1)
    committee_least: int = Field(ge=1)
    committee_most: int = Field(ge=1)
    most: int = Field(ge=1)
    secretary: tuple[str, ...]
    deputy: tuple[str, ...]


class MemberRules(_Part):
    """Which words of ``party_status`` say that somebody is a full member, and which do not."""

    not_full: tuple[str, ...]
    full: tuple[str, ...]


class NightRules(_Part):
    """When the evening roll is called."""

    at: TimeOfDay


class PostRule(_Part):
    """A usual post of a body, and its duties in words."""

    body: str
    post: str
    duties: str = ""


class ClassRules(_Part):
    """All parameters of class life."""

    branch: BranchRules
    members: MemberRules
    levels: dict[str, Level]
    night: NightRules
    posts: tuple[PostRule, ...]

    def duties_of(self, body: str, post: str) -> str:
        """Return the usual duties of a post, or nothing for one that is not usual."""
        found = (rule.duties for rule in self.posts if (rule.body, rule.post) == (body, post))
        return next(found, "")

    def posts_of(self, body: str) -> tuple[str, ...]:
        """Return the usual posts of a body."""
        return tuple(rule.post for rule in self.posts if rule.body == body)

    def is_full_member(self, party_status: str | None) -> bool:
        """Tell whether a free word says that somebody is a full member (正式党员)."""
        word = (party_status or "").casefold().strip()
        if not word or any(sign in word for sign in self.members.not_full):
            return False
        return any(sign in word for sign in self.members.full)


def rules_of(office: Office) -> ClassRules:
    """Return the parameters in force; raise UsageError naming a setting that is not usable."""
    own = office.policies.get("classlife")
    document = _merged(_usual(), own if isinstance(own, Mapping) else {})
    levels = {rule: office.levels.get(rule, level) for rule, level in document["levels"].items()}
    try:
        return ClassRules.model_validate({**document, "levels": levels})
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in found["loc"])
        raise UsageError(
            "the setting policies.classlife.{place} is not usable: {problem}; correct it in "
            "office.toml and import it again",
            place=place,
            problem=found["msg"],
        ) from None


def night_instant(office: Office, date: dt.date) -> dt.datetime:
    """Return the instant, in UTC, of a day's evening roll call."""
    return office.instant(date, rules_of(office).night.at)


@cache
def _usual() -> Mapping[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def _merged(usual: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(usual)
    for name, value in own.items():
        known = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(known, Mapping)
        merged[name] = _merged(known, value) if both and known is not None else value
    return merged
