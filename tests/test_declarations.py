"""What rules declare: unique names, known arguments, the same parts in the same order."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import selforg_sim
from selforg_sim import happenings, plan, world
from selforg_sim.engine.declarations import Column, Decision, Measure
from selforg_sim.engine.state import argument_names
from selforg_sim.rules import POINTS
from selforg_sim.rules.initiation import REQUEST_COLUMNS
from selforg_sim.scenario import scenario_from_dict

PACKAGE = Path(selforg_sim.__file__).resolve().parent
NINE_POINTS = (
    "initiation", "value_core", "belonging", "structure", "influence", "interest",
    "time_and_cash", "aggregation", "evolution",
)  # fmt: skip
RULE_FILES = [PACKAGE / "rules" / f"{point}.py" for point in NINE_POINTS]
TABLES = {"person", "group", "membership"}

MAY_IMPORT = {
    "engine": {"engine"},
    "rules": {"engine", "rules"},
    "scenario": {"engine", "rules", "scenario", "errors"},
    "world": {"engine", "rules", "scenario", "errors"},
    "happenings": {"engine", "rules", "scenario", "errors", "world"},
    "observe": {"engine", "rules"},
    "plan": {"engine", "rules", "world", "happenings"},
}
"""What each room may know; rooms not named here may know everything but those in ``OUTSIDE``."""
OUTSIDE = {"cli", "app"}
FURTHER_PARTS = {"asking": "initiation", "entry": "initiation", "splitting": "evolution"}
SLOW_TO_IMPORT = ("mesa", "matplotlib", "pandas", "solara", "networkx", "jinja2")


def repeated(names: Iterator[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def state():
    return world.build_world(scenario_from_dict({"name": "nobody", "horizon": 0})).state


def test_all_nine_points_have_a_file():
    assert tuple(POINTS) == NINE_POINTS
    assert {path.stem for path in (PACKAGE / "rules").glob("*.py")} == {
        *NINE_POINTS,
        "asking",
        "entry",
        "leaving",
        "splitting",
        "__init__",
    }
    assert [number_of(path) for path in RULE_FILES] == list(range(1, 10))


def number_of(path: Path) -> int:
    """The number of the point in the first line of a rule file, "Point 3, belonging: ..."."""
    first = ast.get_docstring(parse(path)).splitlines()[0]
    return int(first.removeprefix("Point ").split(",")[0])


def test_no_column_is_declared_twice():
    assert repeated(column.name for column in (*world.COLUMNS, *REQUEST_COLUMNS)) == []


def test_no_decision_measure_or_parameter_has_the_name_of_another():
    assert set(happenings.DECISIONS) <= set(plan.DECISIONS)
    assert repeated(decision.name for decision in plan.DECISIONS) == []
    assert repeated(decision.number for decision in plan.DECISIONS) == []
    assert repeated(measure.name for measure in plan.MEASURES) == []
    assert repeated(name for point in POINTS.values() for name in point.Params.model_fields) == []
    assert repeated(phase.name for phase in plan.PLAN) == []


def test_an_argument_can_mean_one_thing_only(state):
    rooms = (
        state.memberships.arrays, state.groups.arrays, state.people.arrays, state.parameters,
        state.requests.arrays, state.asked.arrays, state.clock,
    )  # fmt: skip
    assert repeated(name for room in rooms for name in room) == []


def test_a_name_means_the_array_that_kernels_get_and_one_that_nobody_declared_is_refused(state):
    assert state.find("belonging") is state.memberships.arrays["belonging"]
    with pytest.raises(KeyError, match=r"no column, parameter or number .* called 'belongings'"):
        state.call(lambda belongings: belongings)


def test_every_kernel_of_the_plan_finds_its_arguments(state):
    for phase in plan.PLAN:
        names = argument_names(phase.kernel)
        if phase.span == "world":
            assert names == ("state",), phase.name
            continue
        assert names[:2] == ("lo", "hi"), phase.name
        for name in names[2:]:
            state.find(name)


def test_the_plan_goes_through_the_steps_in_order():
    steps = [phase.step for phase in plan.PLAN]
    assert steps == sorted(steps)
    assert set(steps) == set(range(1, 13))
    assert {phase.point for phase in plan.PLAN} == set(NINE_POINTS)
    for phase in plan.PLAN:
        home = phase.kernel.__module__.removeprefix("selforg_sim.rules.")
        assert FURTHER_PARTS.get(home, home) == phase.point, phase.name
        assert phase.meaning.endswith("."), phase.name


@pytest.mark.parametrize("point", NINE_POINTS)
def test_declarations_of_a_rule_file_are_whole(point):
    rule = POINTS[point]
    for column in rule.COLUMNS:
        assert isinstance(column, Column) and column.table in TABLES
        assert column.unit and column.meaning.endswith("."), column.name
        assert column.width is None or column.table in {"person", "group"}, column.name
    assert all(isinstance(decision, Decision) for decision in rule.DECISIONS)
    for measure in rule.MEASURES:
        assert isinstance(measure, Measure)
        assert measure.unit and measure.meaning.endswith("."), measure.name
        assert (measure.categories is None) == (measure.dtype != "category"), measure.name
    for name, field in rule.Params.model_fields.items():
        assert field.json_schema_extra["unit"], name
        assert field.description.endswith("."), name


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_a_rule_file_has_the_same_parts_in_the_same_order(path):
    tree = parse(path)
    text = ast.get_docstring(tree)
    heads = [text.index(head) for head in ("**Statement.**", "**Equations.**", "**Sources.**")]
    assert heads == sorted(heads)
    parts = [name for node in tree.body for name in declared(node)]
    wanted = ["Params", "COLUMNS", "DECISIONS", "MEASURES"]
    assert [name for name in parts if name in wanted] == wanted
    functions = [i for i, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef)]
    places = {name: i for i, node in enumerate(tree.body) for name in declared(node)}
    assert places["DECISIONS"] < functions[0], "functions come after what is declared"
    assert functions[-1] < places["MEASURES"] == len(tree.body) - 1, "measures come last"


def declared(node: ast.stmt) -> list[str]:
    """Names that a statement at the top of a file gives to classes and constants."""
    if isinstance(node, ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_rule_functions_stand_before_the_phases_that_use_them(path):
    names = [node.name for node in parse(path).body if isinstance(node, ast.FunctionDef)]
    phases = {phase.kernel.__name__ for phase in plan.PLAN if phase.point == path.stem}
    first_phase = min(names.index(name) for name in phases if name in names)
    functions = [node for node in parse(path).body if isinstance(node, ast.FunctionDef)]
    rules = {node.name for node in functions if takes_numbers(node)}
    late = {name for name in rules if names.index(name) > first_phase}
    assert late <= BESIDE_THEIR_USE


BESIDE_THEIR_USE = {"busyness", "new_key"}
"""Rule functions that stand beside the one function that uses them."""


def takes_numbers(node: ast.FunctionDef) -> bool:
    """Whether a function is compiled and takes numbers only."""
    compiled = any(isinstance(d, ast.Name) and d.id == "compiled" for d in node.decorator_list)
    kinds = {ast.unparse(argument.annotation) for argument in node.args.args}
    return compiled and kinds <= {"int", "float", "bool"}


def modules() -> Iterator[tuple[str, Path]]:
    """Room and path of every module of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path


def imported(path: Path) -> set[str]:
    """Full names of everything that a module imports anywhere, for type checks too."""
    names = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def rooms(names: set[str]) -> set[str]:
    """Rooms of the package among names of modules."""
    return {name.split(".")[1] for name in names if name.startswith("selforg_sim.")}


def test_imports_go_one_way():
    wrong = []
    for room, path in modules():
        known = rooms(imported(path))
        if room in MAY_IMPORT:
            wrong += [f"{path.name} of {room} imports {name}" for name in known - MAY_IMPORT[room]]
        elif room not in OUTSIDE | {"__main__"}:
            wrong += [f"{path.name} of {room} imports {name}" for name in known & OUTSIDE]
    assert wrong == []


def test_the_engine_knows_no_mesa_and_chance_is_keyed_everywhere():
    wrong = []
    for room, path in modules():
        names = imported(path)
        if room in MAY_IMPORT:
            heavy = {name.split(".")[0] for name in names} & set(SLOW_TO_IMPORT)
            # networkx reads GraphML, inside the one function that needs it
            allowed = {"networkx"} if room == "scenario" else set()
            wrong += [f"{path.name} imports {name}" for name in heavy - allowed]
        text = path.read_text(encoding="utf-8")
        if room in MAY_IMPORT or room in {"simulation", "model"}:
            chance = {n for n in names if n.split(".")[0] in {"random", "secrets"}}
            wrong += [f"{path.name} imports {name}" for name in chance]
            wrong += [f"{path.name} uses numpy's chance"] * (calls_numpy_random(text))
    assert wrong == []


def calls_numpy_random(text: str) -> bool:
    """Whether code, comments apart, speaks of ``np.random``."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "random"
        and ast.unparse(node.value) in {"np", "numpy"}
        for node in ast.walk(ast.parse(text))
    )


def test_running_imports_nothing_slow():
    code = (
        "import sys, selforg_sim.simulation\n"
        f"print([name for name in {SLOW_TO_IMPORT!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    assert done.stdout.strip() == "[]"
