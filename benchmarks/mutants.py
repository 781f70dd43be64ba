"""Small mistakes that could be made in a function, one at a time; ``mutation.py`` tries them out.

A comparison turned or moved by its edge, another sign, a number one up or down, a named number one
up, *and* for *or*, the least for the greatest, a range one short, a condition turned, a statement
left out. Only bodies of functions are changed: text, types and defaults are not.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
SIGNS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
OTHER_CALL = {"min": "max", "max": "min"}
MOST_SHOWN = 60


@dataclass(frozen=True)
class Mutant:
    """One mistake: where, what was changed, and the function with it."""

    number: int
    file: str
    function: str
    line: int
    before: str
    after: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.file}.py:{self.line} {self.function}: {self.before} → {self.after}"


def mutants_of(path: Path, start: int = 0) -> list[Mutant]:
    """All mutants of the functions of a file, in the order of its text."""
    found: list[Mutant] = []
    for function in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(function, ast.FunctionDef):
            for line, before, after, code in mistakes_in(function):
                number = start + len(found)
                found.append(Mutant(number, path.stem, function.name, line, before, after, code))
    return found


def mistakes_in(function: ast.FunctionDef) -> Iterator[tuple[int, str, str, CodeType]]:
    """Line, text before, text after and code of every mistake in a function."""
    bound = Counter(
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    for holder, field, place, node in places_in(function):
        for other in mistakes_at(node, bound):
            put(holder, field, place, other)
            yield node.lineno, shown(node), shown(other), code_of(function)  # type: ignore[attr-defined]
            put(holder, field, place, node)


def places_in(function: ast.FunctionDef) -> list[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every expression and statement of a body, with what holds it; docstring and types apart."""
    found: list[tuple[ast.AST, str, int | None, ast.AST]] = []

    def visit(holder: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
        found.append((holder, field, place, node))
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "ctx", "op", "ops"):
                continue
            if isinstance(value, ast.AST):
                visit(node, name, None, value)
            elif isinstance(value, list):
                for i, each in enumerate(value):
                    if isinstance(each, ast.AST):
                        visit(node, name, i, each)

    for i, statement in enumerate(function.body):
        if not is_text(statement):
            visit(function, "body", i, statement)
    return found


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def put(holder: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
    """Put a node in a place of the tree."""
    if place is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[place] = node


def mistakes_at(node: ast.AST, bound: Counter[str]) -> Iterator[ast.AST]:
    """What could stand here by mistake."""
    match node:
        case ast.Compare(ops=[op]):
            others = COMPARISONS.get(type(op), ())
            yield from (changed(node, ops=[o()]) for o in others[of_a_draw(node.left) :])
        case ast.BinOp() | ast.AugAssign():
            if type(node.op) in SIGNS:
                yield changed(node, op=SIGNS[type(node.op)]())
        case ast.BoolOp():
            yield changed(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
        case ast.UnaryOp():
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield changed(node, value=not value)
        case ast.Constant(value=int() | float()):
            yield from (changed(node, value=node.value + step) for step in (1, -1))
        case ast.Name(id=name, ctx=ast.Load()) if name.isupper():
            yield moved(node, ast.Add())
        case ast.Call(func=ast.Name(id="min" | "max" as name)):
            yield changed(node, func=ast.Name(OTHER_CALL[name], ast.Load()))
        case ast.Call(func=ast.Name(id="range"), args=[*_, last]):
            first = node.args[0] if len(node.args) > 1 else ast.Constant(0)
            rest = node.args[1:] if len(node.args) > 1 else [last]
            yield changed(node, args=[moved(first, ast.Add()), *rest])
            yield changed(node, args=[first, moved(rest[0], ast.Sub()), *rest[1:]])
        case ast.If(test=test) | ast.IfExp(test=test) if not isinstance(test, ast.Compare):
            yield changed(node, test=ast.UnaryOp(ast.Not(), test))
    if is_worth_leaving_out(node, bound):
        yield ast.Pass()
    if isinstance(node, ast.Continue):
        yield ast.Break()


def of_a_draw(node: ast.expr) -> bool:
    """Whether a number is drawn from a continuous law: whether it may be *equal* is all one."""
    return ast.unparse(node).startswith(("uniform(", "luck["))


def is_worth_leaving_out(node: ast.AST, bound: Counter[str]) -> bool:
    """Whether the function could still run without a statement."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return bound[name] > 1
        case ast.Assign() | ast.AugAssign() | ast.Return() | ast.Continue() | ast.Break():
            return True
        case ast.Expr():
            return True
    return False


def changed(node: ast.AST, **fields: object) -> ast.AST:
    """A copy of a node with other fields; what hangs on it is shared."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def moved(node: ast.expr, sign: ast.operator) -> ast.BinOp:
    """A number one up or down."""
    return ast.BinOp(node, sign, ast.Constant(1))


def shown(node: ast.AST) -> str:
    """The first line of the text of a node, cut short."""
    text = ast.unparse(ast.fix_missing_locations(node)).splitlines()[0]
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"


def code_of(function: ast.FunctionDef) -> CodeType:
    """The code of a function as it stands in the tree."""
    bare = changed(function, decorator_list=[])
    module = ast.fix_missing_locations(ast.Module(body=[bare], type_ignores=[]))  # type: ignore[list-item]
    found = compile(module, "<mutant>", "exec", dont_inherit=True).co_consts
    return next(c for c in found if isinstance(c, CodeType) and c.co_name == function.name)
