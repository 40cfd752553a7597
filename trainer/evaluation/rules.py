"""The parameters of teaching evaluation that an office sets, in ``[policies.evaluation]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trainer.errors import UsageError
from trainer.evaluation.suppress import Rule
from trainer.office import Office


class EvaluationRules(BaseModel):
    """What an office may set; what is not given has the default named here (usual practice).

    Fewer answers than ``threshold`` are never shown by themselves, and ``unanimous`` says what
    becomes of cells in which all gave the same; both are kept with an evaluation when it opens.
    ``form`` is the questionnaire by default, ``forms`` that of a series. A teacher may look at the
    results of his own courses only where ``teachers_see_own``. For a ranking a mean is drawn
    towards that of all by as much as ``shrinkage`` more answers of that mean would.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: int = Field(default=5, ge=2)
    unanimous: Literal["widen", "hide", "show"] = "widen"
    form: str = "standard"
    forms: dict[str, str] = Field(default_factory=dict)
    teachers_see_own: bool = False
    shrinkage: int = Field(default=10, ge=0)

    def form_for(self, series: str | None) -> str:
        """Return the name of the questionnaire for a class of that series."""
        return self.forms.get(series or "", self.form)


def evaluation_rules(office: Office) -> EvaluationRules:
    """Return the parameters in force; raise UsageError naming one that is not usable."""
    own: Any = office.policies.get("evaluation")
    try:
        return EvaluationRules.model_validate(own if isinstance(own, Mapping) else {})
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)[0]
        raise UsageError(
            "the setting policies.evaluation.{place} is not usable: {problem}; correct it in "
            "office.toml and import it again",
            place=".".join(str(part) for part in found["loc"]),
            problem=found["msg"],
        ) from None


def rule_of(evaluation: Any) -> Rule:
    """Return the rule of suppression that an evaluation was opened with."""
    return Rule(evaluation.threshold, evaluation.unanimous)
