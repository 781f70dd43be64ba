"""The generator as the model uses it: even in every bit, and independent across all keys.

``test_draws.py`` holds the published answers and the laws of single draws. Here blocks of draws are
taken in which seed, day, decision, person, group or attempt go up, and each is tested against
statistics; every test is shown to catch generators that were broken on purpose. Seeds are fixed.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from scipy import stats

from selforg_sim.engine import draws

RAREST = 1e-4
"""The least p-value that passes; 100 are taken, so one good generator in a hundred would fail."""
CAUGHT = 1e-12
SIDE = 256
PLACES = {"seed": 0, "day": 1, "decision": 2, "a": 3, "b": 4, "attempt": 5}
ORIGIN = (3, 5, 20, 2 << 26, 0x5EED5EED, 0)
PAIRS = [
    ("a", "b"), ("day", "a"), ("day", "b"), ("decision", "a"), ("decision", "day"),
    ("attempt", "a"), ("attempt", "decision"), ("seed", "a"), ("seed", "day"), ("b", "attempt"),
]  # fmt: skip
"""Two keys that go up together: neighbouring people on neighbouring days, and so on."""

Words = Callable[..., Any]


def filler(words: Words) -> Callable[..., None]:
    """A compiled loop that writes the words of a block of draws."""

    @numba.njit
    def fill(origin: Any, first: int, second: int, out: Any) -> None:
        for i in range(out.shape[0]):
            for j in range(out.shape[1]):
                key = origin.copy()
                key[first] += i
                key[second] += j
                drawn = words(key[0], key[1], key[2], key[3], key[4], key[5])
                for k in range(4):
                    out[i, j, k] = drawn[k]

    return fill


class Source:
    """Blocks of draws of one generator, each made once."""

    def __init__(self, words: Words) -> None:
        self._fill = filler(words)
        self._kept: dict[tuple[str, str], np.ndarray] = {}

    def block(self, first: str, second: str) -> np.ndarray:
        """Words, shape (SIDE, SIDE, 4); one key goes up along each of the first two axes."""
        if (first, second) not in self._kept:
            out = np.empty((SIDE, SIDE, 4), dtype=np.uint32)
            self._fill(np.array(ORIGIN), PLACES[first], PLACES[second], out)
            self._kept[first, second] = out
        return self._kept[first, second]


# Tests: a block of words in, a p-value out


def even_numbers(block: np.ndarray) -> float:
    """Kolmogorov and Smirnov: numbers in (0, 1) are even."""
    w = block.reshape(-1, 4).astype(np.uint64)
    u = (((w[:, 0] << np.uint64(20)) | (w[:, 1] >> np.uint64(12))) + 0.5) * 2.0**-52
    return float(stats.kstest(u, "uniform").pvalue)


def even_cells(block: np.ndarray) -> float:
    """Chi-square of the leading byte of every word."""
    return chi_square((block >> 24).ravel(), 256)


def even_bits(block: np.ndarray) -> float:
    """Each of the 128 bits of a draw is 1 in half of the draws."""
    bits = (block.reshape(-1, 4)[:, :, None] >> np.arange(32, dtype=np.uint32)) & 1
    draws_made = bits.shape[0]
    z = (bits.sum(axis=0) - draws_made / 2) / np.sqrt(draws_made / 4)
    return float(stats.chi2.sf((z**2).sum(), z.size))


def neighbours_along(axis: int) -> Callable[[np.ndarray], float]:
    """A draw says nothing of its neighbour: chi-square of 16 × 16 cells of leading bits."""

    def test(block: np.ndarray) -> float:
        top = np.moveaxis((block[:, :, 0] >> 28).astype(np.int64), axis, 0)
        return chi_square((top[:-1:2] * 16 + top[1::2]).ravel(), 256)

    return test


def diagonal_neighbours(block: np.ndarray) -> float:
    """Both keys one up, and one up with the other one down."""
    top = (block[:, :, 0] >> 28).astype(np.int64)
    both, turned = (
        top[:-1:2, :-1:2] * 16 + top[1::2, 1::2],
        top[1::2, :-1:2] * 16 + top[:-1:2, 1::2],
    )
    return min(1.0, 2.0 * min(chi_square(both.ravel(), 256), chi_square(turned.ravel(), 256)))


def correlations(block: np.ndarray) -> float:
    """Numbers do not go with those 1 to 8 further on along either axis."""
    u = block[:, :, 0] / 2.0**32 - 0.5
    z = []
    for lag in range(1, 9):
        for one, other in ((u[lag:], u[:-lag]), (u[:, lag:], u[:, :-lag])):
            z.append((one * other).sum() * 12.0 / np.sqrt(one.size))
    return float(stats.chi2.sf(np.square(z).sum(), len(z)))


def flipped_bits(block: np.ndarray) -> float:
    """One key one up flips each of the 128 bits in half of the draws (strict avalanche)."""
    flips = (block[:-1:2] ^ block[1::2]).reshape(-1, 4)
    return even_bits(flips)


def birthday_spacings(block: np.ndarray) -> float:
    """Marsaglia's birthdays: 512 in a year of 2²⁴ days give Poisson(2) equal spacings."""
    birthdays = np.sort((block.ravel() >> 8).astype(np.int64).reshape(-1, 512), axis=1)
    spacings = np.sort(np.diff(birthdays, axis=1), axis=1)
    repeats = (np.diff(spacings, axis=1) == 0).sum(axis=1)
    expected = stats.poisson.pmf(np.arange(7), 512**3 / (4 * 2.0**24))
    cells = np.bincount(np.minimum(repeats, 7), minlength=8)
    return float(
        stats.chisquare(cells, repeats.size * np.append(expected, 1 - expected.sum())).pvalue
    )


def words_apart(block: np.ndarray) -> float:
    """The four words of a draw say nothing of one another."""
    top = (block.reshape(-1, 4) >> 28).astype(np.int64)
    pairs = [(i, j) for i in range(4) for j in range(i)]
    found = [chi_square(top[:, i] * 16 + top[:, j], 256) for i, j in pairs]
    return min(1.0, len(found) * min(found))


def chi_square(cells: np.ndarray, count: int) -> float:
    """Chi-square of cells that are all alike."""
    return float(stats.chisquare(np.bincount(cells, minlength=count)).pvalue)


TESTS: dict[str, Callable[[np.ndarray], float]] = {
    "even numbers": even_numbers,
    "even cells": even_cells,
    "even bits": even_bits,
    "neighbours along the first key": neighbours_along(0),
    "neighbours along the second key": neighbours_along(1),
    "diagonal neighbours": diagonal_neighbours,
    "correlations": correlations,
    "flipped bits": flipped_bits,
    "birthday spacings": birthday_spacings,
    "words of a draw": words_apart,
}


@pytest.fixture(scope="module")
def ours() -> Source:
    return Source(draws.words)


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
@pytest.mark.parametrize("name", TESTS)
def test_draws_are_even_and_independent_across_keys(ours, name, pair):
    assert TESTS[name](ours.block(*pair)) > RAREST


def test_p_values_of_all_tests_are_even_themselves(ours):
    # birthdays count whole numbers; all others have a continuous law, to the eye of this test
    found = [TESTS[name](ours.block(*pair)) for name in TESTS for pair in PAIRS]
    assert stats.kstest(found, "uniform").pvalue > RAREST


# Generators broken on purpose


def with_rounds(rounds: int) -> Words:
    """Words of Philox with another number of rounds."""
    spec = importlib.util.spec_from_file_location("weakened_draws", draws.__file__)
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("selforg_sim.engine.compiled.compiled", numba.njit)
        spec.loader.exec_module(module)
    module.ROUNDS = rounds  # read when the functions are compiled, on first use
    return module.words


@numba.njit
def persons_and_groups_mixed(seed, day, decision, a, b, attempt):
    return draws.words(seed, day, decision, a + b, 0, attempt)


@numba.njit
def day_left_out(seed, day, decision, a, b, attempt):
    return draws.words(seed, 0, decision, a, b, attempt)


@numba.njit
def decision_and_attempt_added(seed, day, decision, a, b, attempt):
    return draws.words(seed, day, decision + attempt, a, b, 0)


@numba.njit
def seed_in_the_place_of_the_day(seed, day, decision, a, b, attempt):
    return draws.words(0, seed + day, decision, a, b, attempt)


@numba.njit
def a_line_of_person(seed, day, decision, a, b, attempt):
    w = draws.words(seed, day, decision, 0, b, attempt)
    return (w[0] + 0x9E3779B9 * a) & 0xFFFFFFFF, w[1], w[2], w[3]


BROKEN = {
    "two rounds": (with_rounds(2), ("a", "b"), "even bits"),
    "three rounds": (with_rounds(3), ("a", "b"), "flipped bits"),
    "people and groups mixed": (persons_and_groups_mixed, ("a", "b"), "diagonal neighbours"),
    "the day left out": (day_left_out, ("day", "a"), "neighbours along the first key"),
    "decision and attempt added": (
        decision_and_attempt_added, ("attempt", "decision"), "diagonal neighbours",
    ),
    "the seed in the day's place": (
        seed_in_the_place_of_the_day, ("seed", "day"), "diagonal neighbours",
    ),
    "a straight line": (a_line_of_person, ("a", "b"), "correlations"),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_generator_is_caught(broken):
    words, pair, name = BROKEN[broken]
    assert TESTS[name](Source(words).block(*pair)) < CAUGHT


def test_every_test_catches_something():
    weak = Source(with_rounds(2))
    for name, test in TESTS.items():
        assert min(test(weak.block(*pair)) for pair in PAIRS) < CAUGHT, name


def test_ten_rounds_of_the_weakened_module_are_the_generator():
    assert tuple(with_rounds(10)(*ORIGIN)) == tuple(draws.words(*ORIGIN))
    assert tuple(with_rounds(9)(*ORIGIN)) != tuple(draws.words(*ORIGIN))
