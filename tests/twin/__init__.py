"""The same model once more in plain Mesa, to check the engine against.

An object per person, group and membership; no tables, no kernels. ``model`` has the day,
``comparison`` runs engine and twin side by side, ``drawn`` and ``shipped`` say in which worlds.
"""
