// Who is what: memberships by standing, one layer upon the other.
(function (charts) {
  "use strict";

  SG.parts["sg-standings"] = {
    mixins: [charts.Chart, charts.alongDays, charts.layered],
    template: charts.frame({ id: "chart-standings", name: "standings", body: charts.LAYERS }),
    computed: { title() { return this.ofSide(SG.t("charts.standings")); } },
    methods: {
      worlds() { return this.begun(this.world()) ? [this.side] : []; },
      shown() { return SG.STANDINGS.filter((name) => !this.off[name]); },
      amounts(world, day) {
        const row = (world.standing || [])[day] || [];
        return this.shown().map((name) => row[SG.STANDINGS.indexOf(name)] || 0);
      },
      amountWord(amount) { return SG.number(amount || 0); },
      layer(name, ink) {
        return {
          name, mark: SG.MARKS[name], word: SG.t("standing." + name), colour: ink[name],
          on: charts.lettersOn(ink[name]),
        };
      },
      compose(ink) {
        const world = this.begun(this.world()) ? this.world() : null;
        const days = world ? charts.days(world.day) : [];
        const amounts = days.map((day) => this.amounts(world, day));
        const total = (row) => row.reduce((a, b) => a + b, 0);
        const top = charts.roof(Math.max(10, ...amounts.map(total)));
        const word = (value) => SG.number(Math.round(value));
        const horizon = world ? Math.max(1, world.horizon || world.day) : 1;
        const pane = charts.pane(this.width, this.height, horizon, top, 0, { word });
        const layers = this.shown().map((name) => this.layer(name, ink));
        return {
          pane, colours: ink, yTicks: charts.yTicks(pane, word),
          xTicks: charts.xTicks(pane, horizon),
          keys: SG.STANDINGS.map((name) => this.layer(name, ink)),
          layers: days.length ? charts.stack(pane, days, layers, amounts) : [],
          seen: this.sentence(world),
        };
      },
      sentence(world) {
        const row = world && (world.standing || [])[world.day];
        const all = row ? row.reduce((a, b) => a + b, 0) : 0;
        if (!all) return SG.t("charts.nothing");
        const share = (name) => SG.percent(row[SG.STANDINGS.indexOf(name)] / all);
        return SG.t("seen.standings", {
          day: SG.number(world.day), all: SG.number(all), core: share("core"),
          lurker: share("lurker"), quiet: share("quiet"),
        });
      },
    },
  };
})(SG.charts);
