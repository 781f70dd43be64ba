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
# # A first look
#
# Load a scenario, run it, look at it, change one lever. You need nothing but this package; open the
# file in JupyterLab with jupytext (*Open as notebook*), or read it as it is.

# %%
import matplotlib.pyplot as plt

from selforg_sim import load_scenario, simulate
from selforg_sim.results import measures, plots

# %% [markdown]
# ## Load
#
# A scenario says who there is, which groups they may join and what the owners do. `smoke` is the
# smallest one: 300 people, six groups, sixty days.

# %%
scenario = load_scenario("smoke")
print(scenario.title)
print({kind: people.count for kind, people in scenario.people.items()})

# %% [markdown]
# ## Run
#
# Three times, with three seeds: how much of what we see is luck?

# %%
results = simulate(scenario, replicates=3)
measures.headline_table(results)

# %% [markdown]
# ## Look
#
# Group size and belonging over time; lines are medians of the runs.

# %%
plots.plot_size_and_belonging(results)
plt.show()

# %% [markdown]
# Every membership is a row of the table `spells`: who joined which group, when, invited by whom,
# and why it ended.

# %%
spells = results.table("spells")
spells["reason"].value_counts(dropna=False)

# %% [markdown]
# ## Change one lever
#
# What if entry is strict? Same people, same luck; one thing differs.

# %%
strict = simulate(load_scenario("smoke", ["group.strictness=0.8"]), replicates=3)
for name, run in {"as it is": results, "strict entry": strict}.items():
    last = run.table("series").query("day == day.max() and size > 0")
    size, belonging = last["size"].mean(), last["belonging"].mean()
    print(f"{name:13}: mean size {size:5.1f}, mean belonging {belonging:.2f}")
