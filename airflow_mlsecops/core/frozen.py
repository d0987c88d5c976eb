"""The base of every model that flows between layers."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable model that refuses unknown fields; its validation errors never repeat their input.

    ``hide_input_in_errors`` matters here: pydantic otherwise prints the offending value, which may be a customer's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
