"""Scenarios: what a run is made from, read from TOML files, checked and frozen."""

from __future__ import annotations

from selforg_sim.scenario.cards import Card, card_names, find_card, read_card
from selforg_sim.scenario.file_schema import json_schema
from selforg_sim.scenario.groups import GroupSpec, Levers
from selforg_sim.scenario.load import (
    changed,
    contacts_digest,
    contacts_file,
    load_scenario,
    scenario_from_dict,
    scenario_names,
)
from selforg_sim.scenario.people import TRAITS, Kind
from selforg_sim.scenario.platforms import PRESETS, Platform
from selforg_sim.scenario.schema import Record, Scenario
from selforg_sim.scenario.write import diff, scenario_hash, to_toml

__all__ = [
    "PRESETS",
    "TRAITS",
    "Card",
    "GroupSpec",
    "Kind",
    "Levers",
    "Platform",
    "Record",
    "Scenario",
    "card_names",
    "changed",
    "contacts_digest",
    "contacts_file",
    "diff",
    "find_card",
    "json_schema",
    "load_scenario",
    "read_card",
    "scenario_from_dict",
    "scenario_hash",
    "scenario_names",
    "to_toml",
]
