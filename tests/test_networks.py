"""Contact networks: well formed, like those of networkx, and hardly moved by one more person."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest

from selforg_sim.engine.contacts import Contacts, contacts_from_pairs, degrees, empty_contacts
from selforg_sim.engine.networks import (
    begun,
    blocks,
    preferential_attachment,
    ring_of,
    small_world,
)

Make = Callable[..., Contacts]


def make_small_world(keys, weights, seed=1, mean=10.0):
    return small_world(keys, weights, seed, mean, 0.1)


def make_random(keys, weights, seed=1, mean=10.0):
    return small_world(keys, weights, seed, mean, 1.0)


def make_preferential(keys, weights, seed=1, mean=10.0):
    return preferential_attachment(keys, weights, seed, mean)


def make_blocks(keys, weights, seed=1, mean=10.0):
    return blocks(keys, weights, keys % 3, seed, mean, 0.7)


every_generator = pytest.mark.parametrize(
    "make", [make_small_world, make_random, make_preferential, make_blocks]
)


def keys_of(n: int) -> np.ndarray:
    return (2 << 26) + np.arange(n, dtype=np.int64)


def neighbours(contacts: Contacts, i: int) -> np.ndarray:
    return contacts.other[contacts.first[i] : contacts.first[i + 1]]


def ties_by_key(contacts: Contacts, keys: np.ndarray) -> set[tuple[int, int]]:
    ends = np.repeat(keys, degrees(contacts))
    return {(int(a), int(keys[b])) for a, b in zip(ends, contacts.other, strict=True)}


def as_networkx(contacts: Contacts) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(contacts.first.size - 1))
    graph.add_edges_from(ties_by_key(contacts, np.arange(contacts.first.size - 1)))
    return graph


def assert_well_formed(contacts: Contacts, n: int) -> None:
    assert contacts.first.dtype == np.int64 and contacts.other.dtype == np.int32
    assert contacts.first.size == n + 1 and contacts.first[0] == 0
    assert contacts.first[-1] == contacts.other.size
    for i in range(n):
        mine = neighbours(contacts, i)
        assert (np.diff(mine) > 0).all(), "ascending, no repeats"
        assert i not in mine
        assert all(i in neighbours(contacts, j) for j in mine)


class TestContacts:
    def test_pairs_are_merged_symmetrised_and_freed_of_loops(self):
        draw = np.random.default_rng(1).integers(0, 30, (2, 400)).astype(np.int32)
        contacts = contacts_from_pairs(31, draw[0], draw[1])
        assert_well_formed(contacts, 31)
        expected = {(a, b) for a, b in draw.T.tolist() if a != b}
        expected |= {(b, a) for a, b in expected}
        assert ties_by_key(contacts, np.arange(31)) == expected

    def test_nobody_and_no_ties(self):
        none = np.zeros(0, np.int32)
        for n in (0, 1, 3):
            assert_well_formed(empty_contacts(n), n)
            assert_well_formed(contacts_from_pairs(n, none, none), n)
        loop = np.zeros(2, np.int32)
        assert contacts_from_pairs(1, loop, loop).other.size == 0

    @pytest.mark.parametrize("a, b", [([0], [3]), ([-1], [0])])
    def test_a_row_that_does_not_exist_is_refused(self, a, b):
        with pytest.raises(ValueError, match=r"rows must lie in 0\.\.2"):
            contacts_from_pairs(3, np.array(a), np.array(b))

    def test_unequal_lengths_are_refused(self):
        with pytest.raises(ValueError, match="of one length"):
            contacts_from_pairs(3, np.array([0, 1]), np.array([1]))


@every_generator
class TestEveryGenerator:
    def test_well_formed_with_weights_of_all_sizes(self, make: Make):
        weights = np.tile([1.0, 0.0, 0.3, 4.0, 1.0], 60)
        contacts = make(keys_of(300), weights)
        assert_well_formed(contacts, 300)
        assert (degrees(contacts)[weights == 0] == 0).all()

    @pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 10])
    def test_few_people_and_a_mean_beyond_their_number(self, make: Make, n: int):
        contacts = make(keys_of(n), np.ones(n), mean=20.0)
        assert_well_formed(contacts, n)
        assert (degrees(contacts) == max(n - 1, 0)).all(), "everybody knows everybody"

    def test_mean_of_nought(self, make: Make):
        assert make(keys_of(20), np.ones(20), mean=0.0).other.size == 0

    def test_small_and_broken_means(self, make: Make):
        for mean in (0.5, 1.0, 3.0):
            contacts = make(keys_of(2000), np.ones(2000), mean=mean)
            assert degrees(contacts).mean() == pytest.approx(mean, rel=0.06)

    def test_same_seed_same_ties_other_seed_other_ties(self, make: Make):
        keys, weights = keys_of(200), np.ones(200)
        first, again, other = (ties_by_key(make(keys, weights, s), keys) for s in (1, 1, 2))
        assert first == again
        assert len(first & other) < 0.5 * len(first)

    def test_mean_and_weights_are_met(self, make: Make):
        weights = np.ones(2000)
        weights[::40] = 4.0
        found = degrees(make(keys_of(2000), weights))
        assert found[weights == 1].mean() == pytest.approx(10, rel=0.15)
        assert found[weights == 4].mean() == pytest.approx(40, rel=0.15)

    def test_order_of_rows_does_not_matter(self, make: Make):
        keys, weights = keys_of(200), np.tile([1.0, 2.0, 0.0, 0.7], 50)
        mixed = np.random.default_rng(1).permutation(200)
        there = make(keys[mixed], weights[mixed])
        assert ties_by_key(there, keys[mixed]) == ties_by_key(make(keys, weights), keys)

    @pytest.mark.parametrize("row", [0, 77, 255])
    def test_someone_without_contacts_changes_nothing(self, make: Make, row: int):
        keys, weights = keys_of(255), np.ones(255)
        more_keys, more_weights = np.insert(keys, row, 5), np.insert(weights, row, 0.0)
        before, after = make(keys, weights), make(more_keys, more_weights)
        assert degrees(after)[row] == 0
        assert np.array_equal(np.delete(degrees(after), row), degrees(before))
        assert np.array_equal(after.other - (after.other > row), before.other)

    @pytest.mark.parametrize("n", [999, 1023, 1024, 1500])
    def test_someone_with_contacts_changes_little(self, make: Make, n: int):
        keys = keys_of(n)
        more = np.append(keys, 5)
        before = ties_by_key(make(keys, np.ones(n), mean=20.0), keys)
        after = ties_by_key(make(more, np.ones(n + 1), mean=20.0), more)
        among_others = {tie for tie in after if 5 not in tie}
        share = len(before ^ among_others) / 2 / len(before)
        assert share < (0.01 if make is make_small_world else 0.08)


class TestLikeNetworkx:
    def test_small_world(self):
        ours = as_networkx(small_world(keys_of(1000), np.ones(1000), 1, 10.0, 0.1))
        theirs = nx.watts_strogatz_graph(1000, 10, 0.1, seed=1)
        assert ours.number_of_edges() == pytest.approx(theirs.number_of_edges(), rel=0.01)
        assert nx.average_clustering(ours) == pytest.approx(nx.average_clustering(theirs), abs=0.03)
        paths = [nx.average_shortest_path_length(graph) for graph in (ours, theirs)]
        assert paths[0] == pytest.approx(paths[1], rel=0.05)

    def test_small_world_wholly_rewired(self):
        ours = degrees(small_world(keys_of(2000), np.ones(2000), 1, 10.0, 1.0))
        theirs = [d for _, d in nx.watts_strogatz_graph(2000, 10, 1.0, seed=1).degree]
        assert ours.std() == pytest.approx(np.std(theirs), rel=0.1)

    def test_ring_without_rewiring(self):
        ours = as_networkx(small_world(keys_of(60), np.ones(60), 1, 6.0, 0.0))
        assert nx.is_isomorphic(ours, nx.watts_strogatz_graph(60, 6, 0.0))

    def test_preferential_attachment(self):
        ours, theirs = [], []
        for seed in range(5):
            found = preferential_attachment(keys_of(2000), np.ones(2000), seed, 10.0)
            ours.append(np.sort(degrees(found)))
            graph = nx.barabasi_albert_graph(2000, 5, seed=seed)
            theirs.append(np.sort([d for _, d in graph.degree]))
        mine, other = np.mean(ours, axis=0), np.mean(theirs, axis=0)
        assert mine.mean() == pytest.approx(other.mean(), rel=0.01)
        for rank in (1000, 1800, 1980):
            assert mine[rank] == pytest.approx(other[rank], rel=0.12)
        assert mine[-10:].mean() == pytest.approx(other[-10:].mean(), rel=0.3)

    def test_a_tie_is_left_out_where_all_who_have_ties_are_contacts_already(self):
        keys, weights = keys_of(12), np.ones(12)
        weights[0] = 10.0
        ring = ring_of(keys, weights, 0)
        wanted = np.minimum(begun(ring, weights[ring.rows] / 2, 0), np.arange(12))
        contacts = make_preferential(keys, weights, 0, 1.0)
        assert_well_formed(contacts, 12)
        assert contacts.other.size // 2 < wanted.sum()

    def test_blocks_keep_their_share_of_ties(self):
        block = np.repeat([0, 1, 2, 3], [1000, 500, 400, 100])
        contacts = blocks(keys_of(2000), np.ones(2000), block, 1, 10.0, 0.7)
        ends = np.repeat(block, degrees(contacts))
        by_chance = ((np.bincount(block) / 2000) ** 2).sum()
        found = (ends == block[contacts.other]).mean()
        assert found == pytest.approx(0.7 + 0.3 * by_chance, abs=0.02)

    def test_somebody_alone_in_his_block_ties_to_anybody(self):
        contacts = blocks(keys_of(50), np.ones(50), np.arange(50), 1, 6.0, 1.0)
        assert degrees(contacts).mean() == pytest.approx(6, rel=0.1)

    def test_picks_are_even(self):
        total = np.zeros(100)
        for seed in range(200):
            total += degrees(small_world(keys_of(100), np.ones(100), seed, 10.0, 1.0))
        expected = total.mean()
        # 5 begun by himself and some 5 x 200 by others: chance moves it by about 3 in 100
        assert np.abs(total / expected - 1).max() < 0.07


TINY = """
import numpy as np
from selforg_sim.engine.networks import blocks, preferential_attachment, small_world
keys, weights = np.arange(40) + (1 << 26), np.tile([1.0, 2.0, 0.0, 0.4], 10)
for graph in (
    small_world(keys, weights, 2**40 + 3, 6.0, 0.5),
    preferential_attachment(keys, weights, 2**40 + 3, 6.0),
    blocks(keys, weights, keys % 3, 2**40 + 3, 6.0, 0.7),
):
    print(graph.first.tolist(), graph.other.tolist())
"""


def test_interpreted_equals_compiled():
    texts = []
    for off in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": off}
        command = [sys.executable, "-W", "error", "-c", TINY]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        texts.append(done.stdout)
    assert texts[0] == texts[1]
    assert len(texts[0]) > 200
