"""Small compiled loops, each of one kind of work only."""

from __future__ import annotations

import math

from selforg_sim.engine.columns import Array
from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.draws import uniform, uniform_many
from selforg_sim.engine.types import Flags, Floats, Ints

ANY_DECISION = 1


@compiled
def turn(rows: Ints, column: Array) -> None:
    """Read and write every row of a column; after a second time it is as it was."""
    for i in range(rows.shape[0]):
        column[rows[i]] = -column[rows[i]]


@compiled
def draw(seed: int, day: int, a: Ints, b: Ints, attempt: Ints, out: Floats) -> None:
    """One draw for each pair of keys, as many phases make them."""
    uniform_many(a.shape[0], seed, day, ANY_DECISION, a, b, attempt, out)


@compiled
def read(column: Array, where: Ints, out: Floats) -> None:
    """One number from a row somewhere."""
    for i in range(where.shape[0]):
        out[i] = column[where[i]]


@compiled
def read_vector(vectors: Floats, where: Ints, out: Floats) -> None:
    """A row of numbers from somewhere, added up."""
    for i in range(where.shape[0]):
        total = 0.0
        for k in range(vectors.shape[1]):
            total += vectors[where[i], k]
        out[i] = total


@compiled
def exponential(x: Floats, out: Floats) -> None:
    """One exponential each."""
    for i in range(x.shape[0]):
        out[i] = math.exp(-x[i])


@compiled
def power(x: Floats, out: Floats) -> None:
    """One general power each."""
    for i in range(x.shape[0]):
        out[i] = math.pow(x[i], 0.75)


@compiled
def root(x: Floats, out: Floats) -> None:
    """One square root each."""
    for i in range(x.shape[0]):
        out[i] = math.sqrt(x[i])


@compiled
def branch(flags: Flags, seed: int, day: int, a: Ints) -> float:
    """A draw for each member whose flag is set; too much for the processor to do in advance."""
    total = 0.0
    for i in range(flags.shape[0]):
        if flags[i] != 0:
            total += uniform(seed, day, ANY_DECISION, a[i], 0)
    return total
