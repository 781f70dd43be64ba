// Why they left: memberships that ended, week by week, shared out by reasons.
(function (charts) {
  "use strict";
  const LARGEST = 6, WEEK = 7;
  const OTHERS = "others";
  const COLOURS = { // one for each reason, the same in every run
    value_mismatch: "#0072b2", weak_supply: "#e69f00", crowding: "#56b4e9", trouble: "#d55e00",
    no_returns: "#009e73", little_trust: "#cc79a7", no_friends: "#f0e442", restlessness: "#9aa5b1",
    no_time: "#7b5ea7", better_group: "#8c6d31", removed: "#b2182b", group_ended: "#4d5661",
    event: "#2ca6a4", own_program: "#a6761d",
  };
  charts.REASONS = COLOURS;

  /** Days 1-7 are the first week: sums by reason. */
  function weeks(world) {
    const sums = [];
    for (let day = 1; day <= world.day; day++) {
      const week = Math.floor((day - 1) / WEEK);
      const row = (world.why || [])[day] || [];
      sums[week] = sums[week] || (SG.data.whys || []).map(() => 0);
      row.forEach((amount, k) => (sums[week][k] += amount || 0));
    }
    return sums;
  }

  SG.parts["sg-why"] = {
    mixins: [charts.Chart, charts.alongDays],
    template: charts.frame({
      id: "chart-why", name: "why",
      body: `
    <template v-if="view">
      <path v-for="bar in view.bars" :key="bar.name" :d="bar.path" :fill="bar.colour"
        :stroke="ink.panel" stroke-width="0.6"/>
    </template>`,
    }),
    computed: { title() { return this.ofSide(SG.t("charts.why")); } },
    methods: {
      worlds() { return this.begun(this.world()) ? [this.side] : []; },
      /** The largest reasons in the order of the list, so that bars do not change places. */
      reasons(sums) {
        const names = SG.data.whys || [];
        const totals = names.map((_, k) => sums.reduce((sum, week) => sum + week[k], 0));
        return charts.largest(totals, LARGEST).sort((a, b) => a - b);
      },
      amounts(week, main) {
        const named = main.map((k) => week[k]);
        const rest = week.reduce((a, b) => a + b, 0) - named.reduce((a, b) => a + b, 0);
        return named.concat([rest > 1e-6 ? rest : 0]);
      },
      legend(main, ink) {
        const names = SG.data.whys || [];
        const key = (name, colour) => ({ name, colour, mark: "■", word: SG.t("why." + name) });
        return main.map((k) => key(names[k], COLOURS[names[k]] || ink.soft))
          .concat(main.length === LARGEST ? [key(OTHERS, ink.line)] : []);
      },
      compose(ink) {
        const world = this.begun(this.world()) ? this.world() : null;
        const sums = world ? weeks(world) : [];
        const main = this.reasons(sums);
        const keys = this.legend(main, ink);
        this.weeks = sums.map((week) => this.amounts(week, main).map(
          (amount, k) => (keys[k] && !this.off[keys[k].name] ? amount : 0)));
        const top = charts.roof(Math.max(10, ...this.weeks.map((w) => w.reduce((a, b) => a + b, 0))));
        const word = (value) => SG.number(Math.round(value));
        const horizon = world ? Math.max(1, world.horizon || world.day) : 1;
        const pane = charts.pane(this.width, this.height, horizon, top, 0, { word });
        return {
          pane, colours: ink, keys, xTicks: charts.xTicks(pane, horizon),
          yTicks: charts.yTicks(pane, word),
          bars: this.bars(pane, keys), seen: this.sentence(world, sums),
        };
      },
      bars(pane, keys) {
        const under = this.weeks.map(() => 0);
        return keys.map((key, k) => {
          let path = "";
          this.weeks.forEach((week, w) => {
            if (!week[k]) return;
            const [left, right] = [pane.x(w * WEEK) + 0.5, Math.min(pane.right, pane.x((w + 1) * WEEK))];
            const low = pane.y(under[w]);
            under[w] += week[k];
            path += `M${left} ${low}V${pane.y(under[w])}H${right}V${low}Z`;
          });
          return Object.assign({ path }, key);
        });
      },
      sentence(world, sums) {
        if (!world) return SG.t("charts.nothing");
        let left = 0;
        const last = (SG.data.whys || []).map(() => 0);
        for (let day = Math.max(1, world.day - WEEK + 1); day <= world.day; day++) {
          left += (world.left || [])[day] || 0;
          ((world.why || [])[day] || []).forEach((amount, k) => (last[k] += amount || 0));
        }
        const most = charts.largest(last, 1)[0];
        if (most === undefined) return SG.t("seen.nobody_left", { day: SG.number(world.day) });
        const all = last.reduce((a, b) => a + b, 0);
        return SG.t("seen.why", {
          day: SG.number(world.day), left: SG.number(left), share: SG.percent(last[most] / all),
          reason: SG.t("why." + SG.data.whys[most]),
        });
      },
      step(key, far) {
        const days = WEEK * (far ? 4 : 1);
        if (key !== "ArrowLeft" && key !== "ArrowRight") return false;
        const from = this.hover ? this.hover.day : this.lastDay() + WEEK;
        return this.goDay(from + (key === "ArrowLeft" ? -days : days));
      },
      tell(at) {
        const week = Math.floor(Math.max(0, this.view.pane.day(at.px) - 1) / WEEK);
        const amounts = this.weeks[Math.min(week, this.weeks.length - 1)];
        if (!amounts) return null;
        const shown = Math.min(week, this.weeks.length - 1);
        const day = Math.min(shown * WEEK + 4, this.lastDay());
        const rows = this.view.keys.map((key, k) => ({
          mark: key.mark, colour: key.colour, amount: amounts[k],
          text: key.word + " " + SG.number(Math.round(amounts[k])),
        }));
        return {
          day, x: this.view.pane.x(day), y: 6,
          rows: rows.filter((row) => row.amount > 0.5).sort((a, b) => b.amount - a.amount),
          title: SG.t("charts.in_week", { week: SG.number(shown + 1) }),
        };
      },
    },
  };
})(SG.charts);
