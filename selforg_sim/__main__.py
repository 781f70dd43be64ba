"""``python -m selforg_sim`` is the command ``selforg``."""

from selforg_sim.cli.main import main

if __name__ == "__main__":
    main()
