// Members and belonging: where the numbers lie, and the sentences that say what is seen of them.
(function (charts) {
  "use strict";
  const KINDS = {
    members: {
      groups: (world) => world.groupSize || [],
      mean: (world, day) => charts.ofGroups((world.groupSize || [])[day]).mean,
      word: (value) => SG.number(Math.round(value)),
    },
    belonging: {
      groups: (world) => world.groupBelonging || [],
      mean: (world, day) => (world.belonging || [])[day],
      word: (value) => SG.percent(value),
    },
  };

  /** Sentences that say what is seen now. */
  const SEEN = {
    /** A loss that began when something happened to a group, if there was one lately. */
    loss(world) {
      const causes = ["owner_silent", "owner_leaves", "supply_stops", "rival_opens"];
      const now = (world.groupSize || [])[world.day] || [];
      let worst = null;
      for (const event of world.events || []) {
        if (!causes.includes(event.event) || world.day - event.day > 90) continue;
        const before = ((world.groupSize || [])[Math.max(0, event.day - 1)] || [])[event.group];
        const lost = (before || 0) - (now[event.group] || 0);
        if (lost >= Math.max(3, 0.1 * before) && (!worst || lost > worst.lost)) {
          worst = { lost, event };
        }
      }
      if (!worst) return null;
      return SG.t("seen.loss", {
        group: charts.name(world, worst.event.group), lost: SG.number(worst.lost),
        since: SG.t("since." + worst.event.event), day: SG.number(worst.event.day),
      });
    },
    members(world) {
      const now = charts.ofGroups(world.groupSize[world.day]);
      if (!now.count) return SG.t("seen.no_groups", { day: SG.number(world.day) });
      const largest = charts.largest(world.groupSize[world.day], 1)[0];
      return SEEN.loss(world) || SG.t("seen.members", {
        day: SG.number(world.day), count: SG.number(now.count),
        mean: SG.number(Math.round(now.mean)), max: SG.number(now.max),
        group: charts.name(world, largest),
      });
    },
    belonging(world) {
      const at = (list) => (list || [])[world.day];
      if (charts.missing(at(world.belonging))) return SEEN.members(world);
      const known = !charts.missing(at(world.low)) && !charts.missing(at(world.high));
      return SG.t(known ? "seen.belonging" : "seen.belonging_mean", {
        day: SG.number(world.day), mean: SG.percent(at(world.belonging)),
        low: SG.percent(at(world.low)), high: SG.percent(at(world.high)),
      });
    },
    both(kind, a, b) {
      const [first, second] = [kind.mean(a, a.day), kind.mean(b, b.day)];
      if (charts.missing(first) || charts.missing(second)) return null;
      const key = kind === KINDS.members ? "seen.members_both" : "seen.belonging_both";
      return SG.t(key, {
        day: SG.number(Math.min(a.day, b.day)), a: kind.word(first), b: kind.word(second),
      });
    },
  };
  charts.SEEN = SEEN;
  charts.KINDS = KINDS;
})(SG.charts);
