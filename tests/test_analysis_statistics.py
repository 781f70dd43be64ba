"""What analyses reckon with: means and their intervals, blocks, the share of luck."""

from __future__ import annotations

import math

import numpy as np
import pytest

from selforg_sim.analysis.axes import Axis, axis_of
from selforg_sim.analysis.chance import Chance, chance_of
from selforg_sim.analysis.means import blocks_of, luck_half_width, means_of, points_half_width
from selforg_sim.sweep.factors import Factor
from selforg_sim.sweep.results import About

T_1, T_2 = 12.706205, 4.302653
"""95% quantiles of Student's t with one and two degrees of freedom."""


def drawn(key, points=150, replicates=5, alike=1.0, own=1.5, settings=2.0):
    """Values of a model with known variances, float64[points, replicates]."""
    luck = np.random.Generator(np.random.Philox(key=key))
    of_points = settings * luck.standard_normal((points, 1))
    of_seeds = alike * luck.standard_normal((1, replicates))
    return of_points + of_seeds + own * luck.standard_normal((points, replicates))


# Means


def test_mean_of_a_point_with_its_interval_by_hand():
    found = means_of(np.array([[2.0, 4.0, 6.0], [1.0, np.nan, 3.0], [7.0, np.nan, np.nan]]))
    assert found.mean.tolist() == [4.0, 2.0, 7.0]
    assert found.runs.tolist() == [3, 2, 1]
    assert found.half[:2] == pytest.approx([T_2 * 2 / math.sqrt(3), T_1 * math.sqrt(2 / 2)])
    assert math.isnan(found.half[2]), "a single run has no interval"


def test_interval_over_luck_is_t_over_the_means_of_replicates():
    values = np.array([[1.0, 2.0, 6.0], [3.0, 4.0, 8.0], [0.0, 5.0, 1.0]])
    weight = np.array([1.0, 1.0, 2.0])
    each = (values * weight[:, None]).sum(axis=0) / 4
    by_hand = T_2 * each.std(ddof=1) / math.sqrt(3)
    assert luck_half_width(values, weight) == pytest.approx(by_hand)


def test_luck_that_moves_all_points_alike_is_in_the_interval_of_their_mean():
    """As independent runs, 200 points would seem to make the mean far surer than three seeds do."""
    values = drawn(1, points=200, replicates=3, alike=3.0, own=0.1)
    sure = means_of(values.reshape(1, -1)).half[0]
    assert luck_half_width(values, np.ones(200)) > 3 * sure


def test_points_with_a_single_run_leave_no_interval_over_luck():
    values = np.array([[1.0, 2.0], [3.0, np.nan]])
    assert math.isnan(luck_half_width(values, np.ones(2)))
    assert math.isfinite(luck_half_width(values, np.array([1.0, 0.0])))


def test_interval_over_points_takes_rows_of_a_block_as_one():
    means = np.array([1.0, 1.0, 2.0, 2.0, 6.0, 6.0])
    blocks = np.array([0, 0, 1, 1, 2, 2])
    by_hand = T_2 * np.std([1.0, 2.0, 6.0], ddof=1) / math.sqrt(3)
    assert points_half_width(means, blocks) == pytest.approx(by_hand)
    assert math.isnan(points_half_width(means[:2], blocks[:2]))


# Blocks


def test_a_block_is_averaged_over_the_replicates_that_all_its_rows_have():
    values = np.array([[1.0, 9.0], [2.0, 8.0], [3.0, np.nan], [4.0, 6.0]])
    found = blocks_of(values, np.array([0, 1, 2, 3]), 2)
    assert found.values.tolist() == [[5.0, 5.0], [3.0, 4.0]]
    assert (found.left_out, found.replicates) == (0, 2)


def test_a_block_without_any_such_replicate_is_left_out():
    values = np.array([[1.0, np.nan], [np.nan, 8.0], [3.0, 5.0], [4.0, 6.0]])
    found = blocks_of(values, np.array([0, 1, 2, 3]), 2)
    assert (found.values.tolist(), found.kept.tolist(), found.left_out) == ([[4.0, 5.0]], [1], 1)


def test_replicates_that_are_hardly_begun_are_not_used():
    values = np.full((8, 2), 1.0)
    values[:, 1] = [7.0, *[np.nan] * 7]
    found = blocks_of(values, np.arange(8), 1)
    assert found.values.ravel().tolist() == [1.0] * 8
    assert found.replicates == 1


def test_rows_that_share_a_point_have_its_values():
    values = np.array([[1.0], [2.0]])
    found = blocks_of(values, np.array([0, 1, 1, 0]), 2)
    assert found.values.tolist() == [[1.0, 2.0], [2.0, 1.0]]


def test_without_any_value_nothing_is_kept():
    found = blocks_of(np.full((4, 2), np.nan), np.arange(4), 2)
    assert (found.values.shape, found.left_out) == ((0, 2), 2)


# Chance


def test_share_of_luck_by_hand():
    """Three points, two seeds: W = (2 + 2 + 8)/3 = 4. Covariances of points over the seeds are 2,
    4 and 4, so C = 10/3. The means 2, 5 and 11 have the variance 21, and B = 21 - (4 - 10/3)/2."""
    values = np.array([[1.0, 3.0], [4.0, 6.0], [9.0, 13.0]])
    found = chance_of(values, np.arange(3), np.arange(3))
    assert found.within == pytest.approx(4.0)
    assert found.between == pytest.approx(21.0 - 1.0 / 3.0)
    assert found.share == pytest.approx(4.0 / (4.0 + 62.0 / 3.0))
    assert found.alike == pytest.approx(10.0 / 3.0 / 4.0 * found.share)
    assert found.left == pytest.approx(1.0 / 3.0 / 21.0)


def test_it_is_the_two_way_decomposition_where_all_runs_are_there():
    values = drawn(3, points=12, replicates=4)
    points, seeds = values.shape
    middle = values.mean()
    of_points = seeds * ((values.mean(axis=1) - middle) ** 2).sum() / (points - 1)
    of_seeds = points * ((values.mean(axis=0) - middle) ** 2).sum()
    rest = ((values - middle) ** 2).sum() - of_points * (points - 1) - of_seeds
    rest /= (points - 1) * (seeds - 1)
    found = chance_of(values, np.arange(points), np.arange(points))
    assert found.between == pytest.approx((of_points - rest) / seeds)
    assert found.within == pytest.approx(values.var(axis=1, ddof=1).mean())


@pytest.mark.parametrize("alike", [0.0, 2.0])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_parts_of_a_drawn_model_are_found_without_bias(alike, missing):
    """True are: settings 4, luck of its own 2.25, luck alike at all points 0 or 4."""
    found = []
    for key in range(80):
        values = drawn(100 + key, alike=alike)
        gone = np.random.Generator(np.random.Philox(key=key)).random(values.shape) < missing
        values[gone] = np.nan
        found.append(chance_of(values, np.arange(150), np.arange(150)))
    between, within = (np.array([getattr(f, n) for f in found]) for n in ("between", "within"))
    for parts, true in ((between, 4.0), (within, 2.25 + alike**2)):
        error = parts.std(ddof=1) / math.sqrt(len(found))
        assert abs(parts.mean() - true) < 3.5 * error, (parts.mean(), error)


def test_interval_of_the_share_covers_the_truth_where_seeds_do_not_move_all_points_alike():
    true = 2.25 / 6.25
    found = [
        chance_of(drawn(500 + key, points=60, alike=0.0), np.arange(60), np.arange(60))
        for key in range(60)
    ]
    inside = sum(chance.low <= true <= chance.high for chance in found)
    assert 50 <= inside <= 60


def test_rows_with_the_same_point_count_as_often_as_they_are_there():
    values = np.array([[0.0, 2.0], [10.0, 12.0]])
    once = chance_of(values, np.array([0, 1]), np.arange(2))
    often = chance_of(values, np.array([0, 0, 0, 1]), np.arange(4))
    assert [once.within, often.within] == pytest.approx([2.0, 2.0])
    assert often.between < once.between


def test_the_share_is_the_same_every_time():
    values = drawn(7)
    one, other = (chance_of(values, np.arange(150), np.arange(150)) for _ in range(2))
    assert one == other


def test_what_cannot_be_told_is_not():
    single = chance_of(np.array([[1.0, np.nan], [2.0, np.nan]]), np.arange(2), np.arange(2))
    assert isinstance(single, Chance) and single.points == 0 and math.isnan(single.share)
    constant = chance_of(np.ones((4, 3)), np.arange(4), np.arange(4))
    assert math.isnan(constant.share)
    only_luck = chance_of(drawn(8, settings=0.0), np.arange(150), np.arange(150))
    assert only_luck.share > 0.95


# Axes


def test_a_list_of_numbers_keeps_its_numbers_and_one_of_texts_its_order():
    pd = pytest.importorskip("pandas")
    about = About("f", "", "")
    numbers = axis_of(about, Factor.model_validate([5, 1]), pd.Series([1, 5, 5]))
    assert numbers.numbers.tolist() == [1.0, 5.0, 5.0] and not numbers.names
    texts = axis_of(about, Factor.model_validate(["b", "a"]), pd.Series(["a", "b"]))
    assert texts.numbers.tolist() == [1.0, 0.0] and texts.levels().texts == ("b", "a")
    mixed = axis_of(about, Factor.model_validate([10, "never", True]), pd.Series(["true", "10"]))
    assert mixed.names == ("10", "never", "true") and mixed.numbers.tolist() == [2.0, 0.0]


def test_many_values_become_ranges_with_as_many_rows():
    levels = Axis("f", "f", "", "", np.linspace(0, 1, 100)).levels()
    assert len(levels) == 8 and not levels.single
    assert np.bincount(levels.codes).min() >= 12
    skewed = Axis("f", "f", "", "", np.repeat([0.0, *np.arange(1.0, 21.0)], [80, *[1] * 20]))
    assert (np.bincount(skewed.levels().codes) > 0).all()
