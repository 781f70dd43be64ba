"""Nine lessons, a sandbox and three puzzles: data in TOML, and the engine that runs them."""
