"""The base of all parameter tables: frozen, unknown keys refused, every field with unit and
range."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Parameters(BaseModel):
    """A table of numbers that a scenario file may set."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def parameter(
    default: Any,
    unit: str,
    meaning: str,
    *,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
) -> Any:
    """A field with its unit and its range; ``meaning`` is one sentence for people."""
    return Field(
        default, description=meaning, ge=ge, gt=gt, le=le, json_schema_extra={"unit": unit}
    )


def share(default: float, meaning: str) -> Any:
    """A field between 0 and 1."""
    return parameter(default, "share", meaning, ge=0, le=1)
