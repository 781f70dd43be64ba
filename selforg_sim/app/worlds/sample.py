"""The people who are drawn on the map and in the space of values: all, or a sample of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import ArpackError, eigsh

from selforg_sim.engine.births import uniforms
from selforg_sim.engine.declarations import Decision
from selforg_sim.engine.state import State
from selforg_sim.engine.types import Floats, Ints
from selforg_sim.world import World

MOST = 1500
DRAWN_ON_MAP = 124
DECISIONS = (Decision(DRAWN_ON_MAP, "drawn", "person", "none", "Whether he is on the map."),)


@dataclass(frozen=True)
class Sample:
    """People with places on a map.

    Attributes
    ----------
    ids : rows of the people
    x, y : places, 0 to 1
    of : people in all
    values : weights of the values at birth, shape (sample, dimensions)
    """

    ids: Ints
    x: Floats
    y: Floats
    of: int
    values: Floats


def sample_of(world: World) -> Sample:
    """Owners and, of the others, as many as there is room for, by lot."""
    state = world.state
    people = state.people.rows
    lots = uniforms(state.people["person_key"], state.seed, DRAWN_ON_MAP)
    lots[np.unique(state.groups["founder"])] = -1.0
    ids = np.sort(np.argsort(lots, kind="stable")[:MOST])
    x, y = places(state, ids)
    return Sample(ids, x, y, people, world.born_values[ids])


def places(state: State, ids: Ints) -> tuple[Floats, Floats]:
    """Places on a disc: who has many contacts in common comes to lie near.

    Two eigenvectors of the contacts' Laplacian give the directions, ranks the distances, so that
    the disc is filled evenly.
    """
    n = ids.size
    if n < 4:
        return np.linspace(0.2, 0.8, n), np.full(n, 0.5)
    vectors = _eigenvectors(_among(state, ids))
    angle = np.arctan2(vectors[:, 1], vectors[:, 0])
    length = np.hypot(vectors[:, 0], vectors[:, 1])
    turn = 2.0 * np.pi * np.argsort(np.argsort(angle, kind="stable")) / n
    inward = np.sqrt((np.argsort(np.argsort(length, kind="stable")) + 0.5) / n)
    return 0.5 + 0.48 * inward * np.cos(turn), 0.5 + 0.48 * inward * np.sin(turn)


def _among(state: State, ids: Ints) -> csr_array:
    """Who shares contacts with whom, among some people; everybody a little with everybody."""
    contacts = state.contacts
    people = state.people.rows
    ones = np.ones(contacts.other.shape[0])
    whole = csr_array((ones, contacts.other, contacts.first), shape=(people, people))
    part = whole[ids]
    return part @ part.T + part[:, ids]


def _eigenvectors(shared: csr_array) -> Floats:
    n = shared.shape[0]
    weight = np.asarray(shared.sum(axis=1)).ravel() + 1.0
    root = diags_array(1.0 / np.sqrt(weight))
    start = np.cos(np.arange(n) + 1.0)
    try:
        _, vectors = eigsh(root @ shared @ root, k=3, which="LA", v0=start, maxiter=300, tol=1e-3)
    except ArpackError:
        return np.column_stack([np.cos(np.arange(n)), np.sin(np.arange(n))])
    return np.asarray(vectors[:, :2][:, ::-1])


def whereabouts(state: State, ids: Ints) -> dict[str, list[int]]:
    """Main group (most hours) and standing there of some people; -1 for those in none.

    Returns
    -------
    ``group`` and ``standing``, each with one item a person
    """
    members = state.memberships
    rows = members.rows()
    if not rows.size:
        return {"group": [-1] * ids.size, "standing": [-1] * ids.size}
    order = rows[np.lexsort((members["belonging"][rows], members["hours"][rows]))]
    main = np.full(state.people.rows, -1, dtype=np.int64)
    main[members["member_person"][order]] = order
    here = main[ids]
    group = np.where(here >= 0, members["member_group"][here].astype(np.int64), -1)
    standing = np.where(here >= 0, members["standing"][here].astype(np.int64), -1)
    return {"group": group.tolist(), "standing": standing.tolist()}


def cores_of(state: State) -> dict[int, list[float]]:
    """Where the core of every living group lies, by its row."""
    core = state.groups["core"]
    return {int(g): [round(float(x), 3) for x in core[g]] for g in state.living_groups()}


def as_map(sample: Sample) -> dict[str, Any]:
    """The places, for the page."""
    return {
        "x": [round(float(v), 4) for v in sample.x],
        "y": [round(float(v), 4) for v in sample.y],
        "ids": sample.ids.tolist(),
        "of": sample.of,
    }
