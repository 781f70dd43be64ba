"""How groups on the internet organise themselves: an agent-based simulation."""

__version__ = "0.1.0"
