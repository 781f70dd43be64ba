"""Methods: known indices are found, and hand-worked effects."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_up_sweep import NOT_DEFINED, function_sweep, luck, made_up_sweep

from selforg_sim.analysis import analyze
from selforg_sim.analysis.means import Blocks, blocks_of
from selforg_sim.analysis.methods import given_data, sobol
from selforg_sim.sweep.known import FUNCTIONS

STRICTNESS = {"low": 0.0, "high": 1.0}
SHARE = {"group.strictness": STRICTNESS, "group.clarity": STRICTNESS}


def indices(found, kind):
    return {index.factors: index for index in found.of_kind(kind)}


# Sobol


@pytest.mark.parametrize("function", ["ishigami", "g_function"])
def test_intervals_contain_the_known_indices(tmp_path, function):
    sweep = function_sweep(tmp_path, function, {"method": "sobol", "n": 512})
    found = analyze(sweep).of("y").found
    known = FUNCTIONS[function]
    assert (found.method, found.used, found.left_out) == ("sobol", 512, 0)
    for kind, true in (("first", known.first), ("total", known.total)):
        for k, value in enumerate(true):
            index = indices(found, kind)[(f"x{k + 1}",)]
            assert index.low <= value <= index.high, (kind, k)
            assert index.value == pytest.approx(value, abs=0.05)


def test_second_order_of_ishigami(tmp_path):
    design = {"method": "sobol", "n": 512, "second_order": True}
    found = analyze(function_sweep(tmp_path, "ishigami", design)).of("y").found
    known = FUNCTIONS["ishigami"]
    second = indices(found, "second")
    both = second["x1", "x3"]
    assert both.low <= known.total[2] <= both.high and not both.unsure
    assert second["x1", "x2"].unsure and second["x2", "x3"].unsure


def test_the_same_sweep_gives_the_same_numbers(tmp_path):
    sweep = function_sweep(tmp_path, "ishigami", {"method": "sobol", "n": 64})
    assert analyze(sweep).of("y").found == analyze(sweep).of("y").found


def strict_and_clear(settings, replicate):
    """Strictness twice as strong as clarity, and luck that moves all points alike."""
    return (
        100 * settings["group.strictness"] + 50 * settings["group.clarity"] + 30 * luck(replicate)
    )


def test_luck_that_all_points_share_does_not_blur_the_indices(tmp_path):
    """Four fifths and one fifth of the variance, though single runs are mostly luck."""
    sweep = made_up_sweep(
        tmp_path, strict_and_clear, chosen=SHARE, design={"method": "sobol", "n": 256},
        replicates={"count": 3},
    )  # fmt: skip
    finding = analyze(sweep).of("size")
    first = indices(finding.found, "first")
    assert first[("group.strictness",)].value == pytest.approx(0.8, abs=0.03)
    assert first[("group.clarity",)].value == pytest.approx(0.2, abs=0.03)
    chance = finding.case.chance
    assert chance.alike == pytest.approx(chance.share) and chance.left == pytest.approx(0.0)


@pytest.mark.parametrize("second_order", [False, True])
def test_with_one_replicate_the_estimates_are_those_of_salib(second_order):
    from SALib.analyze import sobol as theirs

    size = 8 if second_order else 5
    y = np.random.Generator(np.random.Philox(key=3)).random((64, size))
    names = ("a", "b", "c")
    wanted = theirs.analyze(
        {"num_vars": 3, "names": names, "bounds": [[0, 1]] * 3}, y.ravel(),
        calc_second_order=second_order, num_resamples=1000, seed=1,
    )  # fmt: skip
    mine = sobol.indices_of(
        blocks_of(y.reshape(-1, 1), np.arange(y.size), size), names, second_order
    )
    first, total, second = mine[:3], mine[3:6], mine[6:]
    for some, key in ((first, "S1"), (total, "ST")):
        assert [i.value for i in some] == pytest.approx(wanted[key].tolist())
        halves = [(i.high - i.low) / 2 for i in some]
        assert halves == pytest.approx(wanted[f"{key}_conf"].tolist(), rel=0.15)
    if second_order:
        above = wanted["S2"][np.triu_indices(3, 1)]
        assert [i.value for i in second] == pytest.approx(above.tolist())


def test_indices_of_two_base_points_by_hand():
    """One factor, two replicates; in each the values add up to 0.

    Products of different replicates at the two base points: A with A 3 and 3, as B with B, so the
    variance is 3; A with B -3 and -3, A with AB 4 and -4, B with AB -4 and 4, AB with AB 4 and 4.
    First order: (-4 + 3 + 4 + 3)/2 = 3. Total: ((3 + 4)/2 - 4 + (3 + 4)/2 + 4)/2 = 3.5.
    """
    one = [(1.0, 3.0), (2.0, 2.0), (-1.0, -3.0)]
    other = [(3.0, 1.0), (-2.0, -2.0), (-3.0, -1.0)]
    blocks = Blocks(np.array([one, other]), np.arange(2), 0, 2)
    first, total = sobol.indices_of(blocks, ("x",), False)
    assert first.value == pytest.approx(3.0 / 3.0)
    assert total.value == pytest.approx(3.5 / 3.0)


def blurred(settings, replicate):
    """Strictness alone matters; luck of each run's own, which clarity shuffles."""
    own = int(1e6 * settings["group.strictness"]) * 10 + int(9e5 * settings["group.clarity"])
    return 100 * settings["group.strictness"] + 25 * luck(replicate, own)


def test_luck_is_not_taken_for_influence(tmp_path):
    design = {"method": "sobol", "n": 256}
    sweep = made_up_sweep(
        tmp_path, blurred, chosen=SHARE, design=design, replicates={"count": 3}
    )  # fmt: skip
    finding = analyze(sweep).of("size")
    assert finding.case.chance.left > 0.15
    first, total = (indices(finding.found, kind) for kind in ("first", "total"))
    strict, clear = total[("group.strictness",)], total[("group.clarity",)]
    assert strict.low <= 1.0 <= strict.high and clear.unsure
    assert first[("group.strictness",)].value == pytest.approx(1.0, abs=0.15)
    means = blocks_of(finding.case.rows[:, None], np.arange(finding.case.place.size), 4)
    plain = sobol.indices_of(means, tuple(SHARE), False)[-1]
    assert not plain.unsure and plain.value > 0.15, "what the means alone would give"


def test_points_that_differ_by_luck_alone_have_no_indices_or_unsure_ones(tmp_path):
    design = {"method": "sobol", "n": 64}
    for seed in range(4):
        sweep = made_up_sweep(
            tmp_path / str(seed),
            lambda settings, replicate, seed=seed: luck(
                replicate + 10 * seed, int(1e9 * sum(settings.values()))
            ),
            chosen=SHARE, design=design, replicates={"count": 2},
        )  # fmt: skip
        found = analyze(sweep).of("size").found
        assert all(index.unsure for index in found.of_kind("total"))


def test_a_base_point_with_a_failed_or_undefined_run_is_left_out_as_a_whole(tmp_path):
    seen = []

    def reply(settings, replicate):
        seen.append(settings)
        if len(seen) in (5, 6):  # both in the second base point: 2 + 2 rows each
            return None
        return NOT_DEFINED if len(seen) == 12 else strict_and_clear(settings, replicate)

    design = {"method": "sobol", "n": 64}
    sweep = made_up_sweep(tmp_path, reply, chosen=SHARE, design=design)
    finding = analyze(sweep).of("size")
    assert (finding.found.used, finding.found.left_out) == (62, 2)
    assert "2 base points were left out, with all their rows" in finding.found.notes[0]
    assert (finding.case.failed, finding.case.undefined) == (2, 1)
    rest = finding.case.rows.reshape(-1, 4)
    rest = rest[np.isfinite(rest).all(axis=1)]
    alone = blocks_of(rest.reshape(-1, 1), np.arange(rest.size), 4)
    assert sobol.indices_of(alone, tuple(SHARE), False) == finding.found.indices


def test_a_failed_run_takes_one_replicate_from_its_base_point_and_no_more(tmp_path):
    seen = []

    def reply(settings, replicate):
        seen.append(settings)
        return None if len(seen) == 5 else strict_and_clear(settings, replicate)

    design = {"method": "sobol", "n": 64}
    sweep = made_up_sweep(
        tmp_path, reply, chosen=SHARE, design=design, replicates={"count": 3}
    )  # fmt: skip
    finding = analyze(sweep).of("size")
    assert (finding.found.used, finding.found.left_out) == (64, 0)
    assert indices(finding.found, "first")[("group.strictness",)].value == pytest.approx(
        0.8, abs=0.05
    )


def test_too_few_base_points_are_said_to_be_too_few(tmp_path):
    design = {"method": "sobol", "n": 8}
    finding = analyze(
        made_up_sweep(tmp_path, strict_and_clear, chosen=SHARE, design=design)
    ).of("size")  # fmt: skip
    assert finding.found.method == "means" and not finding.found.indices
    assert "8 whole base points: too few for indices, which need 16." in finding.found.notes


def test_rows_that_share_points_are_joined_in_the_order_of_the_design(tmp_path):
    """Two lists of three values have nine points, whatever the number of rows."""
    lists = {"group.levels": [1, 2, 3], "group.strictness": [0.0, 0.5, 1.0]}

    def reply(settings, replicate):
        return settings["group.levels"] + 4.0 * settings["group.strictness"]

    design = {"method": "sobol", "n": 256}
    finding = analyze(made_up_sweep(tmp_path, reply, chosen=lists, design=design)).of("size")
    assert (finding.case.place.size, finding.case.points.size) == (1024, 9)
    first = indices(finding.found, "first")
    assert first[("group.levels",)].value == pytest.approx(0.2, abs=0.03)
    assert first[("group.strictness",)].value == pytest.approx(0.8, abs=0.03)


# Morris


def test_elementary_effects_rank_the_factors_of_the_g_function(tmp_path):
    sweep = function_sweep(tmp_path, "g_function", {"method": "morris", "n": 40})
    found = analyze(sweep).of("y").found
    assert (found.method, found.used) == ("morris", 40)
    star = {factors[0]: index.value for factors, index in indices(found, "mu_star").items()}
    order = sorted(star, key=lambda key: -star[key])
    assert order[:4] == ["x1", "x2", "x3", "x4"]
    assert max(star[key] for key in order[4:]) < 0.2 * star["x3"]
    assert all(index.low <= index.value <= index.high for index in found.of_kind("mu", "mu_star"))


def test_elementary_effects_of_a_straight_line_are_its_slopes(tmp_path):
    def reply(settings, replicate):
        return strict_and_clear(settings, replicate) - 200 * settings["group.clarity"]

    sweep = made_up_sweep(
        tmp_path, reply, chosen=SHARE, design={"method": "morris", "n": 10},
        replicates={"count": 2},
    )  # fmt: skip
    found = analyze(sweep).of("size").found
    mu, star, sigma = (indices(found, kind) for kind in ("mu", "mu_star", "sigma"))
    for key, slope in (("group.strictness", 100.0), ("group.clarity", -150.0)):
        assert mu[(key,)].value == pytest.approx(slope)
        assert star[(key,)].value == pytest.approx(abs(slope))
        assert sigma[(key,)].value == pytest.approx(0.0, abs=1e-4)


def test_what_luck_comes_to_is_not_taken_for_an_effect(tmp_path):
    sweep = made_up_sweep(
        tmp_path, blurred, chosen=SHARE, design={"method": "morris", "n": 30, "levels": 16},
        replicates={"count": 3},
    )  # fmt: skip
    star = indices(analyze(sweep).of("size").found, "mu_star")
    assert not star[("group.strictness",)].unsure
    nothing = star[("group.clarity",)]
    assert nothing.unsure and nothing.low > 0, "its size is above 0 nevertheless"
    step = 8.0 / 15.0  # of sixteen levels; a difference of two runs has the variance 2·25²
    sd = 25 * math.sqrt(2 / 3) / step
    most = sd * (math.sqrt(2 / math.pi) + 1.645 * math.sqrt((1 - 2 / math.pi) / 30))
    assert nothing.nothing == pytest.approx(most, rel=0.2)


def test_a_path_with_a_failed_run_is_left_out(tmp_path):
    seen = []

    def reply(settings, replicate):
        seen.append(settings)
        return None if len(seen) == 1 else strict_and_clear(settings, replicate)

    design = {"method": "morris", "n": 12}
    found = analyze(made_up_sweep(tmp_path, reply, chosen=SHARE, design=design)).of("size").found
    assert found.left_out >= 1 and found.used + found.left_out == 12
    assert "left out, since a value on them is missing" in found.notes[0].replace("was", "were")


# Given data


def test_first_order_from_a_latin_hypercube_contains_the_known_indices(tmp_path):
    sweep = function_sweep(tmp_path, "ishigami", {"method": "latin_hypercube", "n": 1500})
    found = analyze(sweep).of("y").found
    assert found.method == "given_data"
    for k, true in enumerate(FUNCTIONS["ishigami"].first):
        index = indices(found, "first")[(f"x{k + 1}",)]
        assert index.low <= true <= index.high and index.high - index.low < 0.2
    pawn = indices(found, "pawn")
    assert pawn[("x2",)].value > pawn[("x1",)].value > pawn[("x3",)].value
    assert not pawn[("x1",)].unsure and not pawn[("x2",)].unsure


def test_lists_are_taken_value_by_value_and_texts_need_no_order(tmp_path):
    """The platform in the middle of the list stands out: no order of texts would show it."""
    height = {"wechat": 0.0, "qq": 10.0, "weibo": 0.0}
    lists = {"group.platform": list(height), "group.levels": [1, 2, 3]}

    def reply(settings, replicate):
        return height[settings["group.platform"]] + 3.0 * settings["group.levels"]

    design = {"method": "latin_hypercube", "n": 600}
    found = analyze(made_up_sweep(tmp_path, reply, chosen=lists, design=design)).of("size").found
    of_platform, of_levels = 100 * 2 / 9, 9 * 2 / 3
    first = indices(found, "first")
    for key, part in (("group.platform", of_platform), ("group.levels", of_levels)):
        share = part / (of_platform + of_levels)
        assert first[(key,)].value == pytest.approx(share, abs=0.03)
        assert first[(key,)].low <= share <= first[(key,)].high


def test_distances_of_distributions_are_those_of_salib_for_factors_with_many_values():
    from SALib.analyze import pawn

    dice = np.random.Generator(np.random.Philox(key=5))
    x, other = dice.random(400), dice.random(400)
    y = x**2 + 0.3 * other
    problem = {"num_vars": 2, "names": ["x", "z"], "bounds": [[0, 1], [0, 1]]}
    theirs = pawn.analyze(problem, np.column_stack([x, other]), y, S=10)["median"]
    order = np.argsort(y)
    for column, wanted in ((x, theirs[0]), (other, theirs[1])):
        codes = given_data.slices_of(column)[order]
        mine = given_data.distance(codes, np.arange(400), np.ones(400))
        assert mine == pytest.approx(wanted, abs=0.01)


def test_a_factor_without_influence_is_seldom_taken_for_one_with(tmp_path):
    unsure = []
    for key in range(12):
        dice = np.random.Generator(np.random.Philox(key=key))
        y, x = dice.standard_normal(120), dice.integers(0, 3, 120).astype(float)
        codes, order = given_data.slices_of(x), np.argsort(y)
        value, half = given_data.explained_by_values(codes, y)
        assert abs(value) < 0.15 and half > 0
        shuffled = [
            given_data.distance(dice.permutation(codes), np.arange(120), np.ones(120))
            for _ in range(100)
        ]
        mine = given_data.distance(codes[order], np.arange(120), np.ones(120))
        unsure.append(mine <= np.quantile(shuffled, 0.95))
    assert sum(unsure) >= 9


def test_fewer_than_fifty_rows_are_too_few(tmp_path):
    design = {"method": "latin_hypercube", "n": 40}
    found = analyze(
        made_up_sweep(tmp_path, strict_and_clear, chosen=SHARE, design=design)
    ).of("size").found  # fmt: skip
    assert found.method == "means"
    assert "40 rows with a value: too few for indices, which need 50." in found.notes


def test_factors_of_a_list_that_go_together_are_named(tmp_path):
    lines = [f"{k / 60},{(k + luck(k)) / 60:.4f}" for k in range(5, 60)]
    file = tmp_path / "points.csv"
    file.write_text("group.strictness,group.clarity\n" + "\n".join(lines) + "\n")
    design = {"method": "list", "file": str(file)}
    found = analyze(
        made_up_sweep(tmp_path / "sweep", strict_and_clear, chosen=SHARE, design=design)
    ).of("size").found  # fmt: skip
    assert any("go together, so their indices overlap" in note for note in found.notes)


# One at a time


def test_effects_against_the_base_row_by_hand(tmp_path):
    """Paired by seed: differences 3 and 1 have the mean 2 and the interval 2 ± 12.7·√2/√2."""
    answers = {None: (10.0, 20.0), 0.5: (13.0, 21.0), 1.0: (10.0, 20.0)}

    def reply(settings, replicate):
        return answers[settings.get("group.strictness")][replicate]

    sweep = made_up_sweep(
        tmp_path, reply, chosen={"group.strictness": [0.5, 1.0]},
        design={"method": "one_at_a_time"}, replicates={"count": 2},
    )  # fmt: skip
    found = analyze(sweep).of("size").found
    half, full = found.effects
    assert (found.method, half.levels, half.mean, half.value) == (
        "one_at_a_time", ("0.5",), 17.0, 2.0,
    )  # fmt: skip
    assert half.high - half.value == pytest.approx(12.706205)
    assert (full.value, full.low, full.high, full.unsure) == (0.0, 0.0, 0.0, True)


def test_pairs_of_seeds_without_a_value_on_one_side_are_left_out(tmp_path):
    def reply(settings, replicate):
        if not settings and replicate == 1:
            return None
        return 100.0 * len(settings) + 10 * replicate

    sweep = made_up_sweep(
        tmp_path, reply, chosen={"group.levels": [1, 3]},
        design={"method": "one_at_a_time"}, replicates={"count": 3},
    )  # fmt: skip
    effects = analyze(sweep).of("size").found.effects
    assert [(e.value, e.runs) for e in effects] == [(100.0, 2), (100.0, 2)]


def test_without_the_base_row_no_effect_is_told(tmp_path):
    sweep = made_up_sweep(
        tmp_path, lambda settings, replicate: 1.0 * settings["group.levels"] if settings else None,
        chosen={"group.levels": [1, 3]}, design={"method": "one_at_a_time"},
    )  # fmt: skip
    found = analyze(sweep).of("size").found
    assert found.method == "means" and "in the scenario as it is" in found.notes[0]


# Grid

CUBE = {(1, 0.0): 1.0, (1, 1.0): 3.0, (3, 0.0): 5.0, (3, 1.0): 11.0}
"""Main effects ±3 and ±2, together ±1: of the variance 14 these are 9, 4 and 1."""
TWO = {"group.levels": [1, 3], "group.strictness": [0.0, 1.0]}


def of_cube(settings, replicate):
    return CUBE[settings["group.levels"], settings["group.strictness"]] + 7.0 * replicate


def test_effects_and_shares_of_a_grid_by_hand(tmp_path):
    sweep = made_up_sweep(tmp_path, of_cube, chosen=TWO, replicates={"count": 3})
    found = analyze(sweep).of("size").found
    first, total, second = (indices(found, kind) for kind in ("first", "total", "second"))
    assert first[("group.levels",)].value == pytest.approx(9 / 14)
    assert total[("group.levels",)].value == pytest.approx(10 / 14)
    assert first[("group.strictness",)].value == pytest.approx(4 / 14)
    assert total[("group.strictness",)].value == pytest.approx(5 / 14)
    assert second["group.levels", "group.strictness"].value == pytest.approx(1 / 14)
    assert not second["group.levels", "group.strictness"].unsure, "luck moves all points alike"
    effects = {(e.factors, e.levels): e for e in found.effects}
    assert effects[("group.levels",), ("3",)].value == pytest.approx(3.0)
    assert effects[("group.levels",), ("3",)].mean == pytest.approx(8.0 + 7.0)
    both = effects[("group.levels", "group.strictness"), ("1", "1")]
    assert both.value == pytest.approx(-1.0) and both.high == pytest.approx(-1.0)


def test_luck_is_not_taken_for_interactions():
    """Without any effect, what the jackknife leaves of the shares is about zero."""
    from selforg_sim.analysis.methods.grid import _shares, main_effect

    cube = np.array([[1.0, 3.0], [5.0, 11.0]])
    assert _shares(cube, [0, 1]) == pytest.approx([9 / 14, 4 / 14, 10 / 14, 5 / 14, 1 / 14])
    assert main_effect(cube, (0, 1)).sum() == 0.0


def test_noise_does_not_enlarge_the_shares_of_a_grid(tmp_path):
    def reply(settings, replicate):
        levels, strictness = settings["group.levels"], settings["group.strictness"]
        return 10.0 * levels + 8.0 * luck(replicate, int(1000 * levels + 100 * strictness))

    four = {"group.levels": [1, 2, 3], "group.strictness": [0.0, 0.25, 0.5, 0.75, 1.0]}
    sweep = made_up_sweep(tmp_path, reply, chosen=four, replicates={"count": 8})
    found = analyze(sweep).of("size").found
    assert indices(found, "first")[("group.levels",)].value == pytest.approx(1.0, abs=0.1)
    assert indices(found, "first")[("group.strictness",)].unsure
    assert indices(found, "second")["group.levels", "group.strictness"].unsure


def test_replicates_that_lack_a_point_are_left_out_of_a_grid(tmp_path):
    def reply(settings, replicate):
        lost = replicate == 1 and settings["group.levels"] == 3
        return None if lost else of_cube(settings, replicate)

    sweep = made_up_sweep(tmp_path, reply, chosen=TWO, replicates={"count": 3})
    found = analyze(sweep).of("size").found
    assert (found.used, found.left_out) == (2, 1)
    assert indices(found, "first")[("group.levels",)].value == pytest.approx(9 / 14)


def test_a_grid_with_a_point_that_always_fails_has_means_alone(tmp_path):
    def reply(settings, replicate):
        return None if settings == {"group.levels": 3, "group.strictness": 1.0} else 1.0 * len(
            str(settings)
        ) + settings["group.levels"]  # fmt: skip

    found = analyze(made_up_sweep(tmp_path, reply, chosen=TWO)).of("size").found
    assert found.method == "means"
    assert "1 point has no value, so that effects cannot be told apart" in found.notes[0]


def test_one_replicate_gives_shares_without_intervals(tmp_path):
    found = analyze(made_up_sweep(tmp_path, of_cube, chosen=TWO)).of("size").found
    assert all(math.isnan(index.low) and not index.unsure for index in found.indices)
    assert "no interval" in found.notes[0]


def test_a_single_factor_has_effects_and_no_shares(tmp_path):
    one = {"group.levels": [1, 2, 3]}

    def reply(settings, replicate):
        return 10.0 * settings["group.levels"]

    found = analyze(made_up_sweep(tmp_path, reply, chosen=one)).of("size").found
    assert not found.indices and [e.value for e in found.effects] == [-10.0, 0.0, 10.0]
