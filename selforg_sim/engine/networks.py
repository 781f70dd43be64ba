"""Contact networks drawn from people's keys: small world, preferential attachment, blocks.

Each takes the stable keys of people and how many contacts each wants, relative to the ``mean``.
Somebody who wants none (weight 0) takes no part: with or without him the others have the same ties,
to the bit. The order of rows does not matter either; only keys and weights do.

*Places.* A draw from his key gives each person a place between 0 and 1: in small worlds his place
on the ring, in preferential attachment the time of his arrival.

*Picking somebody by chance* must be even, and must hardly change when one more person is there.
Places are cut into cells of about eight people. A pick draws a cell and a seat in it and stands if
the seat is taken, else it draws again: everybody is picked equally often. As people are added,
cells are cut in two one at a time (linear hashing, Litwin 1980), an uncut cell having twice the
seats: a pick changes only if it meets the newcomer's cell or the cell just cut. All picks are drawn
anew only when the fullest cell outgrows its seats, whose number is a power of two; that is rare.

*Slight losses.* A pick that would be a loop or repeat a tie begun by the same person is drawn
again, up to ``MOST_TRIES`` times. Two people who pick each other have one tie, not two: where the
mean comes near the number of people it is not quite reached.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from selforg_sim.engine.compiled import compiled
from selforg_sim.engine.contacts import Contacts, contacts_from_pairs, empty_contacts
from selforg_sim.engine.draws import to_unit, uniform, words

PLACE = 60000
FRACTION = 60001
REWIRE = 60002
NEW_END = 60003
EARLIER_TIE = 60004
SAME_BLOCK = 60005
WITHIN = 60006
ANYBODY = 60007

PEOPLE_PER_CELL = 8
MOST_TRIES = 512
MOST_LOOKED_BACK = 1024

Keys = NDArray[np.int64]
Units = NDArray[np.int64]
Ends = NDArray[np.int32]
Numbers = NDArray[np.float64]


class Cells(NamedTuple):
    """Units in order of place (people, or the ties they begin), cut into cells.

    Of ``coarse`` equal cells, a power of two, the first ``cut`` are cut in two halves.
    ``starts`` : int64[cells + 1], first unit of each cell.
    ``seats`` : of a half cell; a whole cell has twice as many.
    """

    coarse: int
    cut: int
    starts: NDArray[np.int64]
    seats: int


class Ring(NamedTuple):
    """The people who take part, in order of place.

    ``rows`` : int32[people], ``keys`` : int64[people], ``places`` : float64[people] in (0, 1).
    """

    rows: NDArray[np.int32]
    keys: Keys
    places: Numbers


def small_world(keys: Keys, weights: Numbers, seed: int, mean: float, rewire: float) -> Contacts:
    """A ring of neighbours with some ties led elsewhere (Watts & Strogatz 1998, Nature 393).

    Everybody begins ties to the next ``mean * (weight - 1/2)`` people on the ring (a fraction is
    settled by a draw) and gets about ``mean / 2`` from those before him; a weight below 1/2 begins
    none. Each tie is led to somebody else by chance with probability ``rewire``; where nobody is
    free it stays. One more person changes the few ties that pass over his place and few of those
    led elsewhere: some 3 in 1,000 of all among 1,000 people with 20 contacts and ``rewire`` 0.1.

    Parameters
    ----------
    keys : int64[n], stable keys of 32 bits, all different
    weights : float64[n], wanted number of contacts relative to the mean; 0 takes no part
    seed : seed of the run
    mean : mean number of contacts of people with weight 1
    rewire : 0 .. 1, share of ties that lead elsewhere

    Examples
    --------
    >>> ties = small_world(np.arange(6), np.ones(6), seed=1, mean=2, rewire=0.0)
    >>> np.diff(ties.first).tolist()
    [2, 2, 2, 2, 2, 2]
    """
    ring = ring_of(keys, weights, seed)
    n = ring.rows.size
    wanted = np.minimum(begun(ring, mean * (weights[ring.rows] - 0.5), seed), n - 1)
    first = ends_of(wanted)
    cells = cells_of(ring.places, np.arange(n + 1))
    a, b = ring_ties(int(seed), float(rewire), ring.keys, first, cells)
    return contacts_in_rows(keys.size, ring, a, b)


def preferential_attachment(keys: Keys, weights: Numbers, seed: int, mean: float) -> Contacts:
    """People arrive one by one and tie to those with many ties (Barabási & Albert 1999).

    Everybody begins ``mean * weight / 2`` ties as he arrives, each to one end, by chance, of a tie
    begun earlier (Sanders & Schulz 2016, "Scalable generation of scale-free graphs"). The first to
    arrive, who have no more people before them than they want ties, all know each other. The early
    have many ties; over all people of one weight the mean is about ``mean * weight``.
    One more person changes later ties that met his cell, and those copied from them: some 7 in
    1,000 of all among 1,000 people with 20 contacts, up to 3 in 100 if he arrives early.

    Parameters
    ----------
    keys, weights, seed, mean : as in `small_world`

    Examples
    --------
    >>> ties = preferential_attachment(np.arange(50), np.ones(50), seed=1, mean=4)
    >>> int(np.diff(ties.first).max()) > 8
    True
    """
    ring = ring_of(keys, weights, seed)
    wanted = begun(ring, mean * weights[ring.rows] / 2.0, seed)
    first = ends_of(np.minimum(wanted, np.arange(wanted.size)))
    cells = cells_of(ring.places, first)
    a, b = arrival_ties(int(seed), ring.keys, ring.places, first, cells)
    return contacts_in_rows(keys.size, ring, a, b)


def blocks(
    keys: Keys, weights: Numbers, blocks: NDArray[Any], seed: int, mean: float, affinity: float
) -> Contacts:
    """Ties mostly among people of one block (a stochastic block model; Holland et al. 1983).

    Everybody begins ``mean * (weight - 1/2)`` ties and gets about ``mean / 2``. Of the ties a share
    ``affinity`` goes to people of his own block, the rest to anybody, his own block included.
    Somebody who finds nobody free in his block ties to anybody.
    One more person changes the picks that meet his cell, some 1 in 100 among 1,000 people.

    Parameters
    ----------
    keys, weights, seed, mean : as in `small_world`
    blocks : int[n], the block of each person, such as the index of his leading value
    affinity : 0 .. 1

    Examples
    --------
    >>> ties = blocks(np.arange(40), np.ones(40), np.arange(40) % 2, seed=1, mean=4, affinity=1.0)
    >>> ends = np.repeat(np.arange(40), np.diff(ties.first))
    >>> bool((ends % 2 == ties.other % 2).all())
    True
    """
    ring = ring_of(keys, weights, seed)
    n = ring.rows.size
    wanted = np.minimum(begun(ring, mean * (weights[ring.rows] - 0.5), seed), n - 1)
    first = ends_of(wanted)
    a, b = np.empty(first[-1], np.int32), np.empty(first[-1], np.int32)
    everybody = cells_of(ring.places, np.arange(n + 1))
    block = np.asarray(blocks)[ring.rows]
    for value in np.unique(block):
        members = np.flatnonzero(block == value)
        own = cells_of(ring.places[members], np.arange(members.size + 1))
        block_ties(int(seed), float(affinity), ring.keys, members, first, own, everybody, a, b)
    return contacts_in_rows(keys.size, ring, a, b)


def ring_of(keys: Keys, weights: Numbers, seed: int) -> Ring:
    """Everybody with a weight above 0, in order of place."""
    rows = np.flatnonzero(weights > 0).astype(np.int32)
    kept = np.ascontiguousarray(keys[rows], dtype=np.int64)
    places = draws_of(int(seed), PLACE, kept)
    order = np.lexsort((kept, places))
    return Ring(rows[order], kept[order], places[order])


def begun(ring: Ring, expected: Numbers, seed: int) -> Units:
    """Whole numbers with the given expectations (at least 0), the fraction settled by a draw."""
    chance = draws_of(int(seed), FRACTION, ring.keys)
    return np.floor(np.maximum(expected, 0.0) + (1.0 - chance)).astype(np.int64)


def ends_of(counts: Units) -> Units:
    """Running total from 0: int64[n + 1]."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))


def cells_of(places: Numbers, first: Units) -> Cells:
    """Cut ascending places into cells; person ``r`` has units ``first[r] .. first[r + 1] - 1``."""
    number = max(1, places.size // PEOPLE_PER_CELL)
    coarse = 1 << (number.bit_length() - 1)
    cut = number - coarse
    whole = (places * coarse).astype(np.int64)
    cell = np.where(whole < cut, (places * (2 * coarse)).astype(np.int64), whole + cut)
    starts = first[np.searchsorted(cell, np.arange(number + 1))]
    units = np.diff(starts)
    units[2 * cut :] = (units[2 * cut :] + 1) // 2
    seats = 1 << int(max(1, units.max()) - 1).bit_length()
    return Cells(coarse, cut, starts.astype(np.int64), seats)


def contacts_in_rows(n: int, ring: Ring, a: NDArray[Any], b: NDArray[Any]) -> Contacts:
    """Contacts of all rows from ties between positions on the ring; changes ``a`` and ``b``."""
    if not a.size:
        return empty_contacts(n)
    to_rows(ring.rows, a)
    to_rows(ring.rows, b)
    kept = b >= 0
    if not kept.all():
        a, b = a[kept], b[kept]
    return contacts_from_pairs(n, a, b)


@compiled
def to_rows(rows: NDArray[np.int32], ends: Ends) -> None:
    """Replace positions on the ring by row numbers, in place; -1 stays."""
    for k in range(ends.size):
        if ends[k] >= 0:
            ends[k] = rows[ends[k]]


@compiled
def draws_of(seed: int, decision: int, keys: Keys) -> Numbers:
    """One number in (0, 1) for each key."""
    result = np.empty(keys.size, np.float64)
    for i in range(keys.size):
        result[i] = uniform(seed, 0, decision, keys[i], 0, 0)
    return result


@compiled
def pick(cells: Cells, reach: float, w0: int, w1: int, w2: int) -> int:
    """The unit in a cell and seat drawn below place ``reach``, or -1 where the seat is free."""
    place = to_unit(w0, w1) * reach
    whole = int(place * cells.coarse)
    if whole < cells.cut:
        cell = int(place * (2 * cells.coarse))
        seats = cells.seats
    else:
        cell = whole + cells.cut
        seats = 2 * cells.seats
    unit = cells.starts[cell] + ((w2 * seats) >> 32)
    if unit < cells.starts[cell + 1]:
        return int(unit)
    return -1


@compiled
def end_of_cell(cells: Cells, place: float) -> float:
    """Where the cell ends in which a place lies."""
    whole = int(place * cells.coarse)
    if whole < cells.cut:
        return (int(place * (2 * cells.coarse)) + 1) / (2 * cells.coarse)
    return (whole + 1) / cells.coarse


@compiled
def has_picked(mine: NDArray[np.int32], other: int) -> bool:
    """Whether ``other`` is among the ends of one's ties; of very many only the last are asked."""
    for k in range(max(0, mine.size - MOST_LOOKED_BACK), mine.size):
        if mine[k] == other:
            return True
    return False


@compiled
def ring_ties(
    seed: int, rewire: float, keys: Keys, first: Units, cells: Cells
) -> tuple[Ends, Ends]:
    """Both ends of every tie of a small world, as positions on the ring."""
    n = keys.size
    a, b = np.empty(first[-1], np.int32), np.empty(first[-1], np.int32)
    for i in range(n):
        for k in range(first[i], first[i + 1]):
            t = k - first[i]
            a[k] = i
            b[k] = (i + 1 + t) % n
            if uniform(seed, 0, REWIRE, keys[i], t, 0) < rewire:
                other = free_elsewhere(seed, i, keys, first, cells, b[first[i] : k])
                if other >= 0:
                    b[k] = other
    return a, b


@compiled
def free_elsewhere(seed: int, i: int, keys: Keys, first: Units, cells: Cells, mine: Ends) -> int:
    """Somebody by chance who is not ``i``, not near him on the ring and not yet his; or -1."""
    n = keys.size
    for attempt in range(MOST_TRIES):
        w0, w1, w2, _ = words(seed, 0, NEW_END, keys[i], mine.size, attempt)
        other = pick(cells, 1.0, w0, w1, w2)
        if other < 0 or other == i:
            continue
        ahead = (other - i) % n
        near = ahead <= first[i + 1] - first[i] or n - ahead <= first[other + 1] - first[other]
        if not near and not has_picked(mine, other):
            return other
    return -1


@compiled
def arrival_ties(
    seed: int, keys: Keys, places: Numbers, first: Units, cells: Cells
) -> tuple[Ends, Ends]:
    """Both ends of every tie of preferential attachment, as ranks of arrival; -1: none free."""
    a, b = np.empty(first[-1], np.int32), np.empty(first[-1], np.int32)
    for i in range(keys.size):
        reach = end_of_cell(cells, places[i])
        knows_first = first[i] == 0 or first[i + 1] - first[i] == i
        for k in range(first[i], first[i + 1]):
            a[k] = i
            mine = b[first[i] : k]
            if knows_first:
                b[k] = mine.size
            else:
                b[k] = end_of_earlier_tie(seed, keys[i], reach, first[i], cells, a, b, mine)
    return a, b


@compiled
def end_of_earlier_tie(
    seed: int, key: int, reach: float, before: int, cells: Cells, a: Ends, b: Ends, mine: Ends
) -> int:
    """One end, by chance, of a tie begun ``before`` one's own, not yet one's contact; or -1."""
    for attempt in range(MOST_TRIES):
        w0, w1, w2, w3 = words(seed, 0, EARLIER_TIE, key, mine.size, attempt)
        tie = pick(cells, reach, w0, w1, w2)
        if tie < 0 or tie >= before:
            continue
        other = a[tie] if w3 & 1 else b[tie]
        if other >= 0 and not has_picked(mine, other):
            return int(other)
    return -1


@compiled
def block_ties(
    seed: int,
    affinity: float,
    keys: Keys,
    members: Units,
    first: Units,
    own: Cells,
    everybody: Cells,
    a: Ends,
    b: Ends,
) -> None:
    """Fill in both ends of the ties that the members of one block begin; -1: nobody was free."""
    everyone = np.arange(keys.size)
    for m in range(members.size):
        i = members[m]
        for k in range(first[i], first[i + 1]):
            a[k] = i
            b[k] = -1
            mine = b[first[i] : k]
            if uniform(seed, 0, SAME_BLOCK, keys[i], mine.size, 0) < affinity:
                b[k] = free_among(seed, WITHIN, i, keys[i], members, own, mine)
            if b[k] < 0:
                b[k] = free_among(seed, ANYBODY, i, keys[i], everyone, everybody, mine)


@compiled
def free_among(
    seed: int, decision: int, i: int, key: int, people: Units, cells: Cells, mine: Ends
) -> int:
    """One of ``people`` by chance who is not ``i`` and not yet his contact; or -1."""
    for attempt in range(MOST_TRIES):
        w0, w1, w2, _ = words(seed, 0, decision, key, mine.size, attempt)
        unit = pick(cells, 1.0, w0, w1, w2)
        if unit >= 0:
            other = people[unit]
            if other != i and not has_picked(mine, other):
                return int(other)
    return -1
