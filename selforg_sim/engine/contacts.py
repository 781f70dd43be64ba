"""Contacts: who knows whom, as two arrays.

The neighbours of person ``i`` are ``other[first[i]:first[i + 1]]``, in ascending order (the
"compressed sparse row" form). A tie has no direction: it stands twice, once with each person.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from selforg_sim.engine.compiled import compiled


class Contacts(NamedTuple):
    """Ties without direction, merged and without self-loops.

    ``first`` : int64[n + 1], where the neighbours of each person begin, and the end.
    ``other`` : int32[two per tie], the neighbours, ascending within each person.
    """

    first: NDArray[np.int64]
    other: NDArray[np.int32]


def empty_contacts(n: int) -> Contacts:
    """Contacts of ``n`` people who know nobody.

    >>> empty_contacts(2).first.tolist()
    [0, 0, 0]
    """
    return Contacts(np.zeros(n + 1, np.int64), np.zeros(0, np.int32))


def contacts_from_pairs(n: int, a: NDArray[Any], b: NDArray[Any]) -> Contacts:
    """Contacts of ``n`` people from pairs in any order: both directions, repeats merged, no loops.

    Parameters
    ----------
    n : number of people
    a, b : int32[pairs], row numbers ``0 .. n - 1``; the two ends of each tie

    Raises
    ------
    ValueError
        where ``a`` and ``b`` differ in length or name a row that does not exist

    Examples
    --------
    >>> import numpy as np
    >>> ties = contacts_from_pairs(3, np.array([0, 2, 1, 1]), np.array([1, 0, 0, 1]))
    >>> ties.first.tolist(), ties.other.tolist()
    ([0, 2, 3, 4], [1, 2, 0, 0])
    """
    a = np.ascontiguousarray(a, dtype=np.int32)
    b = np.ascontiguousarray(b, dtype=np.int32)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"a and b must be of one length; they have {a.size} and {b.size} numbers")
    if not a.size:
        return empty_contacts(n)
    lowest, highest = min(a.min(), b.min()), max(a.max(), b.max())
    if lowest < 0 or highest >= n:
        raise ValueError(f"rows must lie in 0..{n - 1}; there are rows from {lowest} to {highest}")
    first = starts_of_rows(n, a, b)
    other = transposed(first, both_directions(first, a, b))
    left = merge_repeats(first, other)
    return Contacts(first, other if left == other.size else other[:left].copy())


def degrees(contacts: Contacts) -> NDArray[np.int64]:
    """Number of contacts of each person, int64[n].

    >>> degrees(empty_contacts(2)).tolist()
    [0, 0]
    """
    return np.diff(contacts.first)


@compiled
def starts_of_rows(n: int, a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where each person's entries begin when every pair stands twice and loops are left out."""
    first = np.zeros(n + 1, np.int64)
    for k in range(a.size):
        if a[k] != b[k]:
            first[a[k] + 1] += 1
            first[b[k] + 1] += 1
    for i in range(n):
        first[i + 1] += first[i]
    return first


@compiled
def both_directions(
    first: NDArray[np.int64], a: NDArray[np.int32], b: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Counting sort of the pairs by person; the neighbours of one person are in no order yet."""
    other = np.empty(first[-1], np.int32)
    place = first.copy()
    for k in range(a.size):
        i, j = a[k], b[k]
        if i != j:
            other[place[i]] = j
            place[i] += 1
            other[place[j]] = i
            place[j] += 1
    return other


@compiled
def transposed(first: NDArray[np.int64], other: NDArray[np.int32]) -> NDArray[np.int32]:
    """The same ties read from the other end: this alone puts every person's neighbours in order."""
    ordered = np.empty(other.size, np.int32)
    place = first.copy()
    for i in range(first.size - 1):
        for k in range(first[i], first[i + 1]):
            j = other[k]
            ordered[place[j]] = i
            place[j] += 1
    return ordered


@compiled
def merge_repeats(first: NDArray[np.int64], other: NDArray[np.int32]) -> int:
    """Close up repeated neighbours in place; returns the number of entries left."""
    left = 0
    begin = 0
    for i in range(first.size - 1):
        end = first[i + 1]
        for k in range(begin, end):
            if k == begin or other[k] != other[k - 1]:
                other[left] = other[k]
                left += 1
        begin = end
        first[i + 1] = left
    return left


def renumbered(contacts: Contacts, node_of_row: NDArray[np.int64]) -> Contacts:
    """The same network with its nodes in another order: row ``i`` is what was node
    ``node_of_row[i]``.

    Nodes that are given no row are left out together with their ties.
    """
    rows = np.full(contacts.first.shape[0] - 1, -1, dtype=np.int64)
    rows[node_of_row] = np.arange(node_of_row.shape[0])
    begins = np.repeat(rows, degrees(contacts))
    ends = rows[contacts.other]
    kept = (begins >= 0) & (ends >= 0)
    a, b = begins[kept].astype(np.int32), ends[kept].astype(np.int32)
    return contacts_from_pairs(node_of_row.shape[0], a, b)
