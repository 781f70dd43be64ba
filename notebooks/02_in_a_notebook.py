# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Pictures in a notebook
#
# Widgets with tabs that show what a run left behind: pictures, and the numbers behind them. They
# need neither internet nor the server of `selforg app`.

# %%
from selforg_sim import load_scenario, simulate
from selforg_sim.app import cells

results = simulate(load_scenario("smoke"))

# %% [markdown]
# ## How large are the groups, and do people belong?

# %%
cells.size_and_belonging(results)

# %% [markdown]
# ## Who is what?

# %%
cells.standings(results)

# %% [markdown]
# ## Why did they leave?

# %%
cells.why(results)

# %% [markdown]
# The same of three runs: lines are medians then, and bands say how much is luck.

# %%
cells.size_and_belonging(simulate(load_scenario("smoke"), replicates=3))

# %% [markdown]
# ## A world that lives while you look
#
# Press the button to play, or draw the slide to a day. Days lived are kept: you may go back.

# %%
world = cells.play("smoke", seed=7)
world

# %% [markdown]
# The slide can be moved by a line of Python, too.

# %%
world.children[0].children[1].value = 20

# %% [markdown]
# ## In Mesa's own page
#
# Users of Mesa know `SolaraViz`, with its buttons and sliders. It needs one package more:
# `python -m pip install altair`.

# %%
from selforg_sim.viz import SelforgViz

SelforgViz("smoke", seed=7)
