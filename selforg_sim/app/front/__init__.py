"""The page's own drawing: Vue components and styles, put together without a build step."""

from __future__ import annotations

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def template() -> str:
    """One Vue component: what is seen, its script, its styles."""
    return (
        "<template><sg-app></sg-app></template>\n"
        f"<script>\n{_script()}\n</script>\n<style id='selforg-page'>\n{_styles()}\n</style>"
    )


def _script() -> str:
    """``base.js`` first, ``app.js`` last, all within one function."""
    names = [path for path in HERE.glob("*.js") if path.stem not in {"base", "app"}]
    files = [HERE / "base.js", *sorted(HERE.glob("charts/*.js")), *sorted(names), HERE / "app.js"]
    parts = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return f"module.exports = (function () {{\n'use strict';\n{parts}\nreturn SG.page;\n}})();"


def _styles() -> str:
    files = [HERE / "base.css", *sorted(p for p in HERE.rglob("*.css") if p.stem != "base")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)
