"""Luck: every draw is a pure function of (seed, day, decision, a, b, attempt).

There is no stream that one draw takes from the next. Two worlds that differ in one rule share the
luck of everything that the rule does not touch, and a run gives the same bits on any number of
threads.

The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy
as 1, 2, 3", SC'11): the seed is its key, the rest its counter. All arithmetic is on 64-bit integers
with masks, so that the compiled and the interpreted form give the same bits.
"""

from __future__ import annotations

import math

from selforg_sim.engine.compiled import compiled, inlined
from selforg_sim.engine.types import Floats, Ints

MASK = 0xFFFFFFFF
MULTIPLY_0 = 0xD2511F53
MULTIPLY_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
ROUNDS = 10


@compiled
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Philox4x32-10: four counter words and two key words to four random words of 32 bits.

    >>> tuple(hex(word) for word in philox(0, 0, 0, 0, 0, 0))
    ('0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8')
    """
    for _ in range(ROUNDS):
        p0 = MULTIPLY_0 * c0
        p1 = MULTIPLY_1 * c2
        c0 = ((p1 >> 32) & MASK) ^ c1 ^ k0
        c1 = p1 & MASK
        c2 = ((p0 >> 32) & MASK) ^ c3 ^ k1
        c3 = p0 & MASK
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@compiled
def words(
    seed: int, day: int, decision: int, a: int, b: int, attempt: int
) -> tuple[int, int, int, int]:
    """The four random words of one draw.

    Parameters
    ----------
    seed : 0 .. 2**63 - 1
    day : 0 .. 2**32 - 1
    decision : number of the decision, 0 .. 65535 (see ``Decision``)
    a, b : stable keys of the people or groups concerned, 0 .. 2**32 - 1
    attempt : 0 .. 65535, for decisions that draw again
    """
    seed = int(seed)  # plain integers: interpreted numpy scalars would warn on overflow
    c3 = ((int(decision) << 16) | int(attempt)) & MASK
    return philox(int(a), int(b), int(day), c3, seed & MASK, (seed >> 32) & MASK)


@compiled
def to_unit(high: int, low: int) -> float:
    """Two words to a number in (0, 1), 52 random bits, never 0 and never 1."""
    return (((high << 20) | (low >> 12)) + 0.5) * 2.220446049250313e-16


@compiled
def uniform(seed: int, day: int, decision: int, a: int, b: int, attempt: int = 0) -> float:
    """One number in (0, 1)."""
    w0, w1, _, _ = words(seed, day, decision, a, b, attempt)
    return to_unit(w0, w1)


_philox = inlined(philox)
_to_unit = inlined(to_unit)


@compiled
def uniform_many(
    n: int, seed: int, day: int, decision: int, a: Ints, b: Ints, attempt: Ints, u: Floats
) -> None:
    """The first ``n`` draws of :func:`uniform` with keys and attempts from arrays, into ``u``.

    The compiler draws eight at once here, which a loop with anything else in it does not allow.
    """
    seed, day, decision = int(seed), int(day), int(decision)
    k0, k1 = seed & MASK, (seed >> 32) & MASK
    for i in range(n):
        c3 = ((decision << 16) | int(attempt[i])) & MASK
        w0, w1, _, _ = _philox(int(a[i]) & MASK, int(b[i]) & MASK, day & MASK, c3, k0, k1)
        u[i] = _to_unit(w0, w1)


@compiled
def uniform_pair(
    seed: int, day: int, decision: int, a: int, b: int, attempt: int = 0
) -> tuple[float, float]:
    """Two independent numbers in (0, 1) from one draw."""
    w0, w1, w2, w3 = words(seed, day, decision, a, b, attempt)
    return to_unit(w0, w1), to_unit(w2, w3)


@compiled
def standard_normal(seed: int, day: int, decision: int, a: int, b: int, attempt: int = 0) -> float:
    """One standard normal number (Box & Muller 1958)."""
    u, w = uniform_pair(seed, day, decision, a, b, attempt)
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * w)


@compiled
def poisson(mean: float, u: float) -> int:
    """Poisson number with the given mean by inversion of one uniform number; mean below 700."""
    term = math.exp(-mean)
    total = term
    k = 0
    while u > total and term > 0.0:
        k += 1
        term *= mean / k
        total += term
    return k
