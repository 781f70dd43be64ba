"""Phases of the day as somebody would write them with numpy: whole columns at once.

Memberships are dense here, person and group of each as plain index arrays made beforehand. Each
function takes the columns as they are before the phase and returns the columns that it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from selforg_sim.engine import codes as code
from selforg_sim.engine.columns import Array
from selforg_sim.engine.draws import MULTIPLY_0, MULTIPLY_1, ROUNDS, WEYL_0, WEYL_1
from selforg_sim.rules.value_core import (
    DISRUPT,
    GIVE,
    MESSAGES,
    MESSAGES_MEAN,
    MOST_EXPECTED_MESSAGES,
    MOST_VOICE,
)

Columns = Mapping[str, Array]
WORD = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)


@dataclass(frozen=True)
class Tables:
    """What a phase reads.

    ``m``, ``p``, ``g`` : columns of memberships (dense), people and groups
    ``person``, ``group`` : for each membership, the row of its person and its group
    ``n`` : numbers of the rules
    """

    m: Columns
    p: Columns
    g: Columns
    person: Array
    group: Array
    n: Mapping[str, Any]
    seed: int
    day: int


def words(t: Tables, decision: int, a: Array, b: Array) -> tuple[Array, ...]:
    """Four random words for each pair of keys, as ``engine.draws.words``."""
    c0, c1 = a.astype(np.uint64), b.astype(np.uint64)
    c2 = np.full(a.shape, t.day, np.uint64)
    c3 = np.full(a.shape, decision << 16, np.uint64)
    key = [t.seed & int(WORD), t.seed >> 32 & int(WORD)]
    for _ in range(ROUNDS):
        p0, p1 = c0 * np.uint64(MULTIPLY_0), c2 * np.uint64(MULTIPLY_1)
        c0, c1 = (p1 >> HALF) ^ c1 ^ np.uint64(key[0]), p1 & WORD
        c2, c3 = (p0 >> HALF) ^ c3 ^ np.uint64(key[1]), p0 & WORD
        key = [(key[0] + WEYL_0) & int(WORD), (key[1] + WEYL_1) & int(WORD)]
    return c0, c1, c2, c3


def to_unit(high: Array, low: Array) -> Array:
    """Two words to a number in (0, 1)."""
    bits = (high << np.uint64(20)) | (low >> np.uint64(12))
    return (bits.astype(np.float64) + 0.5) * 2.220446049250313e-16


def uniforms(t: Tables, decision: int, of: Array) -> Array:
    """One number in (0, 1) for the chosen memberships."""
    a, b = t.p["person_key"][t.person[of]], t.g["group_key"][t.group[of]]
    return to_unit(*words(t, decision, a, b)[:2])


def saturating(amount: Array, half: float) -> Array:
    """Half of full effect at ``half``."""
    return np.where(amount > 0.0, amount / (amount + half), 0.0)


def give(t: Tables) -> dict[str, Array]:
    """Everybody decides whether to give; troublemakers whether to disrupt."""
    m, g, n = t.m, t.g, t.n
    size = t.person.shape[0]
    given, disrupted = np.zeros(size), np.zeros(size)
    messages = np.zeros(size, m["messages"].dtype)
    last_gave = m["last_gave"].copy()
    there = (m["standing"] != code.QUIET) & (m["muted_until"] <= t.day)
    there &= t.p["withheld"][t.person] == 0
    trouble = np.flatnonzero(there & (m["standing"] == code.TROUBLEMAKER))
    of = np.flatnonzero(there & (m["standing"] != code.TROUBLEMAKER))
    loud = trouble[uniforms(t, DISRUPT, trouble) < n["disrupting_days"]]
    disrupted[loud] = m["hours"][loud] * t.p["dedication"][t.person[loud]]
    group, person = t.group[of], t.person[of]
    silence = t.p["log_silence"][person]
    owns = np.flatnonzero(g["owner"][group] == person)
    silence[owns] = np.log1p(-np.minimum(g["owner_voice"][group[owns]], MOST_VOICE))
    kappa = m["belonging"][of] * (
        n["drawn_base"] + n["drawn_quality"] * g["quality"][group]
        + n["drawn_order"] * g["order"][group]
        + n["drawn_returns"] * saturating(m["returned"][of], n["half_return"])
    )  # fmt: skip
    gave = of[uniforms(t, GIVE, of) < -np.expm1(kappa * silence)]
    given[gave] = m["hours"][gave] * t.p["dedication"][t.person[gave]]
    gave = gave[given[gave] > 0.0]
    messages[gave] = number_of_messages(t, gave)
    last_gave[gave] = t.day
    return {"given": given, "disrupted": disrupted, "messages": messages, "last_gave": last_gave}


def number_of_messages(t: Tables, of: Array) -> Array:
    """Messages of those who give: one, and a Poisson number of others."""
    a, b = t.p["person_key"][t.person[of]], t.g["group_key"][t.group[of]]
    w = words(t, MESSAGES_MEAN, a, b)
    normal = np.sqrt(-2.0 * np.log(to_unit(w[0], w[1]))) * np.cos(2 * np.pi * to_unit(w[2], w[3]))
    mean = np.exp(t.n["messages_log_mean"] + t.n["messages_log_sd"] * normal)
    mean = np.minimum(mean, MOST_EXPECTED_MESSAGES)
    u = to_unit(*words(t, MESSAGES, a, b)[:2])
    term = np.exp(-mean)
    total, number = term.copy(), np.zeros(of.shape[0], np.int64)
    more = np.flatnonzero(u > total)
    while more.size:
        number[more] += 1
        term[more] *= mean[more] / number[more]
        total[more] += term[more]
        more = more[(u[more] > total[more]) & (term[more] > 0.0)]
    return 1 + number


def weigh(t: Tables) -> dict[str, Array]:
    """Every member's fit, and the value of what was given, by group and resource."""
    fit = np.einsum("ij,ij->i", t.p["values"][t.person], t.g["supplied"][t.group])
    gave = np.flatnonzero(t.m["given"] > 0.0)
    person, group = t.person[gave], t.group[gave]
    value = t.m["given"][gave] * fit[gave]
    groups, kinds = t.g["supply_by_resource"].shape
    by_kind = np.bincount(
        group * kinds + t.p["resource"][person], weights=value, minlength=groups * kinds
    )
    impact = value * (1.0 + t.n["status_weight"] * t.p["status"][person])
    return {
        "fit": fit,
        "sum_supply": np.bincount(group, weights=value, minlength=groups),
        "supply_by_resource": by_kind.reshape(groups, kinds),
        "sum_impact": np.bincount(group, weights=impact, minlength=groups),
    }


def experience(t: Tables) -> dict[str, Array]:
    """Everybody experiences the day."""
    m, n, group = t.m, t.n, t.group
    total = t.g["sum_influence"][group]
    counts = (m["standing"] != code.QUIET) & (total > 0.0)
    own = np.where(counts, np.minimum(1.0, m["influence"] / np.where(counts, total, 1.0)), 0.0)
    shared = 1.0
    if n["social_friends"]:
        shared = 1.0 - n["alone_loss"] * np.exp(-m["friends"] / n["friends_scale"])
    interest = t.p["interest"][t.person]
    of_values = (1.0 - interest) * m["fit"] * t.g["quality"][group] * (1.0 - own) * shared
    of_returns = interest * saturating(m["returned"], n["half_return"])
    u = (of_values + of_returns) * (1.0 - n["noise_weight"] * t.g["noise"][group])
    u += np.where(m["met"] > 0.0, n["meet_up_value"], 0.0)
    x = m["experienced"]
    return {"experienced": x + (np.minimum(1.0, u) - x) / n["experience_days"]}


def belong(t: Tables) -> dict[str, Array]:
    """Trust follows the owner, evidence accrues, belonging follows both."""
    m, g, n, group = t.m, t.g, t.n, t.group
    owns = g["owner"][group] == t.person
    giving = g["owner_giving"][group]
    on_core = g["attention_on_core"][group]
    if on_core.any():
        layer = np.maximum(1, g["core_layer"][group])
        felt = giving * (1.0 - on_core)
        felt += np.where(
            m["standing"] == code.CORE, giving * on_core * g["size"][group] / layer, 0.0
        )
        giving = np.where((on_core > 0.0) & (g["core_layer"][group] > 0), felt, giving)
    target = saturating(giving, n["trusted_giving"]) * (1.0 - g["noise"][group])
    trust = np.where(owns, m["trust"], m["trust"] + (target - m["trust"]) / n["trust_days"])
    evidence = m["evidence"] + np.minimum(1.0, g["sum_supply"] / n["half_supply"])[group]
    worth = saturating(m["experienced"], 1.0)
    expected = t.p["expectation"][t.person]
    some = m["experienced"] > 0.0
    worth = np.where(some, m["experienced"] / np.where(some, m["experienced"] + expected, 1), 0.0)
    drawn_to = (n["trust_weight"] * trust + evidence * worth) / (n["trust_weight"] + evidence)
    belonging = m["belonging"] + n["belonging_rate"] * (drawn_to - m["belonging"])
    return {"trust": trust, "evidence": evidence, "belonging": belonging}


def influence_and_stand(t: Tables) -> dict[str, Array]:
    """Influence, the core layer, and the drift of values."""
    m, g, n, group = t.m, t.g, t.n, t.group
    gained = m["given"] * m["fit"] * (1.0 + n["status_weight"] * t.p["status"][t.person])
    influence = n["influence_memory"] * m["influence"] + gained
    total = n["influence_memory"] * g["sum_influence"] + g["sum_impact"]
    threshold = (n["core_influence"] * total / np.maximum(1, g["active"]))[group]
    lately = (m["last_gave"] >= 0) & (t.day - m["last_gave"] < n["contributing_days"])
    standing = np.where(lately, code.CONTRIBUTOR, code.LURKER)
    standing[influence > threshold] = code.CORE
    away = (m["standing"] == code.QUIET) | (m["standing"] == code.TROUBLEMAKER)
    standing = np.where(away, m["standing"], standing)
    standing[g["owner"][group] == t.person] = code.OWNER
    return {
        "influence": influence,
        "standing": standing.astype(np.int8),
        "values": drifted_values(t) if n["social_drift"] else t.p["values"],
    }


def drifted_values(t: Tables) -> Array:
    """Values drift to one group after the other: first groups of all, then second groups."""
    values = t.p["values"].copy()
    starts = np.flatnonzero(np.r_[True, t.person[1:] != t.person[:-1]])
    counts = np.diff(np.r_[starts, t.person.shape[0]])
    step = (t.n["value_drift"] * t.m["belonging"])[:, None]
    for k in range(int(counts.max(initial=0))):
        of = starts[counts > k] + k
        moved = values[t.person[of]]
        moved += step[of] * (t.g["supplied"][t.group[of]] - moved)
        length = np.sqrt(np.einsum("ij,ij->i", moved, moved))
        moved *= np.where(length > 0.0, 1.0 / np.where(length > 0.0, length, 1.0), 1.0)[:, None]
        values[t.person[of]] = moved
    return values


PHASES: dict[str, Callable[[Tables], dict[str, Array]]] = {
    "give": give,
    "weigh": weigh,
    "experience": experience,
    "belong": belong,
    "influence and stand": influence_and_stand,
}
"""The numpy version of a phase by the phase's name."""
