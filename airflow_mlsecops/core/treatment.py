"""What becomes of sensitive data on its way to where it may not be: what is asked for, and what was done."""

from __future__ import annotations

from typing import Any

from pydantic import Field, NonNegativeInt, model_validator

from airflow_mlsecops.core.frozen import Frozen

Parameter = bool | int | float | str
REDACT = "redact"


class Rule(Frozen):
    """How one kind of sensitive data is made harmless; in a policy ``drop`` or ``{with: mask, keep_last: 4}``.

    :param transformation: name of a file in ``sanitize/``
    :param parameters: what that transformation takes
    """

    transformation: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    parameters: dict[str, Parameter] = {}

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, said: Any) -> Any:
        if isinstance(said, dict) and "transformation" in said:
            return said
        named = {"with": said} if isinstance(said, str) and said else said
        if not isinstance(named, dict) or not isinstance(named.get("with"), str):
            raise ValueError("expected the name of a transformation, or a mapping such as {with: mask, keep_last: 4}")
        parameters = {name: value for name, value in named.items() if name != "with"}
        if nested := [name for name, value in parameters.items() if not isinstance(value, Parameter)]:
            raise ValueError(f"parameter {nested[0]} is no text, number or truth value")
        return {"transformation": named["with"], "parameters": parameters}

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in sorted(self.parameters.items()))
        return f"{self.transformation}({told})" if told else self.transformation


class Treatment(Frozen):
    """What is to be done to one column, or to one place inside its cells.

    :param column: as the classification calls it: ``email``, ``contact.email``, ``tags[]``
    :param entities: what was found in it and may not stay
    :param rule: what is done to it
    :param within: true if what was found stands inside longer texts, which stay
    :param by_task: true if the rule is the task's own, and no reviewed policy's
    """

    column: str
    entities: tuple[str, ...]
    rule: Rule
    within: bool = False
    by_task: bool = False


class Treated(Frozen):
    """What was done to one column; counts only.

    :param column: as :class:`Treatment` has it
    :param entities: what was removed from it
    :param transformation: what was done, with its parameters: ``mask(keep_last=4)``
    :param cells: cells that were there, without nulls
    :param changed: cells that are not what they were
    :param emptied: cells that the transformation could not read, and made null rather than let through
    :param key: id of the key that pseudonyms were made with; empty for none
    """

    column: str
    entities: tuple[str, ...]
    transformation: str
    cells: NonNegativeInt = 0
    changed: NonNegativeInt = 0
    emptied: NonNegativeInt = 0
    key: str = ""
