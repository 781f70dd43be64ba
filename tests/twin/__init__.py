"""The same model once more in plain Mesa, to check the engine against."""
