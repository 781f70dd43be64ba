"""Vectors of values, as lists of numbers."""

from __future__ import annotations

import math

Vector = list[float]


def dot(a: Vector, b: Vector) -> float:
    """Product of two vectors, added up from the first dimension to the last."""
    total = 0.0
    for x, y in zip(a, b):  # noqa: B905 - all have the scenario's dimensions; the check costs time
        total += x * y
    return total


def moved(vector: Vector, target: Vector, rate: float) -> Vector:
    """A vector moved towards another by a part of the distance."""
    return [x + rate * (y - x) for x, y in zip(vector, target)]  # noqa: B905 - as above


def to_unit_length(vector: Vector) -> Vector:
    """A vector scaled to length 1; zeros stay."""
    length = math.sqrt(dot(vector, vector))
    if length == 0.0:
        return vector
    scale = 1.0 / length
    return [x * scale for x in vector]
