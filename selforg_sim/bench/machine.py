"""The machine and the versions that numbers were taken with; no names of hosts, no paths."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from selforg_sim import __version__

LIBRARIES = ("numpy", "numba", "mesa")


def machine() -> dict[str, Any]:
    """What a reader needs to judge a number.

    >>> sorted(machine())
    ['cores', 'cpu', 'memory_gb', 'system', 'versions']
    """
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "memory_gb": memory_gb(),
        "system": platform.system(),
        "versions": {
            "selforg_sim": __version__,
            "python": platform.python_version(),
            **{name: _version(name) for name in LIBRARIES},
        },
    }


def cpu_model() -> str:
    """The processor's name, as far as the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def memory_gb() -> float | None:
    """Memory of the machine in gigabytes; None where the system does not tell it."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, OSError, ValueError):
        return None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def peak_memory_mb() -> float | None:
    """The most memory that this program has held, in megabytes; None where that cannot be told.

    On Linux the kernel's usual number would count what the parent process held at the start.
    """
    try:
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    if sys.platform == "win32":
        return None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
