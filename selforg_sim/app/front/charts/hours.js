// Where everybody's time goes: the largest groups, the others, and what is left.
(function (charts) {
  "use strict";
  const LARGEST = 8;
  const OTHERS = "others", FREE = "free";

  SG.parts["sg-hours"] = {
    mixins: [charts.Chart, charts.alongDays, charts.layered],
    template: charts.frame({ id: "hours", name: "hours", body: charts.LAYERS }),
    computed: { title() { return this.ofSide(SG.t("charts.hours")); } },
    methods: {
      worlds() { return this.begun(this.world()) ? [this.side] : []; },
      /** Rows of the groups that took most hours up to today. */
      leading(world) {
        const sums = [];
        for (const row of world.groupHours || []) {
          (row || []).forEach((hours, group) => {
            sums[group] = (sums[group] || 0) + (hours || 0);
          });
        }
        return charts.largest(sums, LARGEST).sort((a, b) => a - b);
      },
      amounts(world, day) {
        const row = (world.groupHours || [])[day] || [];
        const budget = world.budget || 1;
        const all = charts.ofGroups(row).sum;
        const named = this.groups.map((group) => row[group] || 0);
        const rest = all - named.reduce((a, b) => a + b, 0);
        const parts = named.concat([rest, Math.max(0, budget - all)]).map((h) => h / budget);
        return parts.filter((_, k) => !this.off[this.names[k]]);
      },
      amountWord(amount) { return SG.percent(amount || 0); },
      actOf(layer) {
        const group = /^g\d+$/.test(layer) ? Number(layer.slice(1)) : null;
        return group === null ? undefined : ["choose", { side: this.side, group }];
      },
      legend(world, ink) {
        const key = (name, word, colour) => ({
          name, word, colour, mark: "■", on: charts.lettersOn(colour),
        });
        return this.groups.map((row) => key("g" + row, charts.name(world, row), SG.groupColour(row)))
          .concat([key(OTHERS, SG.t("charts.other_groups"), ink.soft),
            key(FREE, SG.t("charts.free"), ink.line)]);
      },
      compose(ink) {
        const world = this.begun(this.world()) ? this.world() : null;
        this.groups = world ? this.leading(world) : [];
        this.names = this.groups.map((row) => "g" + row).concat([OTHERS, FREE]);
        const days = world ? charts.days(world.day) : [];
        const amounts = days.map((day) => this.amounts(world, day));
        const most = Math.max(0.1, ...amounts.map((row) => row.reduce((a, b) => a + b, 0)));
        const top = this.off[FREE] ? Math.min(1, charts.roof(most)) : 1;
        const horizon = world ? Math.max(1, world.horizon || world.day) : 1;
        const pane = charts.pane(this.width, this.height, horizon, top, 0);
        const keys = world ? this.legend(world, ink) : [];
        const layers = keys.filter((key) => !this.off[key.name]);
        return {
          pane, colours: ink, keys, xTicks: charts.xTicks(pane, horizon),
          yTicks: charts.yTicks(pane, (value) => SG.percent(value)),
          layers: days.length ? charts.stack(pane, days, layers, amounts) : [],
          seen: this.sentence(world),
        };
      },
      sentence(world) {
        const row = world && (world.groupHours || [])[world.day];
        const most = charts.largest(row, 1)[0];
        if (most === undefined) return SG.t("charts.nothing");
        const budget = world.budget || 1;
        return SG.t("seen.hours", {
          day: SG.number(world.day), share: SG.percent(charts.ofGroups(row).sum / budget),
          group: charts.name(world, most), most: SG.percent(row[most] / budget),
        });
      },
    },
  };
})(SG.charts);
