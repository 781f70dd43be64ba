"""What all tests share."""

from __future__ import annotations

collect_ignore = ["stub_cli.py"]  # a program that tests start, not a module to import
