// B less A, day by day: what one lever did.
(function (charts) {
  "use strict";
  // Differences of shares are told in points: "2% higher" would mean something else.
  const word = (kind, value) => SG.number(Math.round(kind === charts.KINDS.members ? value : value * 100));
  const signed = (kind, value) => (value > 0 ? "+" : value < 0 ? "−" : "") + word(kind, Math.abs(value));

  SG.parts["sg-difference"] = {
    mixins: [charts.Chart, charts.alongDays],
    props: { what: { type: String, default: "members" } },
    template: charts.frame({
      id: "difference", name: "difference",
      body: `
    <template v-if="view">
      <path :d="view.more" :fill="ink.other" fill-opacity="0.25"/>
      <path :d="view.line" fill="none" :stroke="ink.other" stroke-width="2"
        stroke-linejoin="round"/>
      <line :x1="view.pane.left" :x2="view.pane.right" :y1="view.zero" :y2="view.zero"
        :stroke="ink.ink" stroke-width="1" shape-rendering="crispEdges"/>
    </template>`,
    }),
    computed: {
      title() { return SG.t("charts.difference_" + this.what); },
      kind() { return charts.KINDS[this.what]; },
    },
    methods: {
      at(day) {
        const [a, b] = [this.kind.mean(this.world(0), day), this.kind.mean(this.world(1), day)];
        return charts.missing(a) || charts.missing(b) ? null : b - a;
      },
      lastDay() {
        return this.worlds().length < 2 ? 0 : Math.min(this.world(0).day, this.world(1).day);
      },
      compose(ink) {
        const both = this.worlds().length === 2;
        const last = this.lastDay();
        const days = both ? charts.days(last) : [];
        const horizon = both ? Math.max(1, this.world(0).horizon || last) : 1;
        const floor = this.what === "members" ? 1 : 0.05;
        const most = Math.max(floor, ...days.map((day) => Math.abs(this.at(day) || 0)));
        const top = charts.roof(most);
        const pane = charts.pane(this.width, this.height, horizon, top, -top, {
          word: (value) => signed(this.kind, value),
        });
        return {
          pane, colours: ink, keys: [], both, zero: pane.y(0), parted: charts.parted(pane),
          yTicks: charts.yTicks(pane, (value) => signed(this.kind, value)),
          xTicks: charts.xTicks(pane, horizon),
          line: charts.line(pane, days, (day) => this.at(day)),
          more: charts.area(pane, days, (day) => (this.at(day) === null ? null : 0),
            (day) => this.at(day)),
          seen: this.sentence(both, last),
        };
      },
      sentence(both, last) {
        const value = both ? this.at(last) : null;
        if (charts.missing(value)) return SG.t("charts.nothing");
        if (charts.missing(SG.ui.parted)) return SG.t("seen.same", { day: SG.number(last) });
        const amount = word(this.kind, Math.abs(value));
        const key = amount === "0" ? "seen.equal_" : value > 0 ? "seen.more_" : "seen.fewer_";
        return SG.t(key + this.what, {
          day: SG.number(last), amount,
          parted: SG.number(SG.ui.parted),
        });
      },
      tell(at) {
        if (!this.view.both) return null;
        const day = this.dayAt(at);
        const value = this.at(day);
        if (charts.missing(value)) return null;
        return {
          day, x: this.view.pane.x(day), y: at.py,
          title: SG.t("charts.on_day", { day: SG.number(day) }),
          rows: [{ text: "B − A: " + signed(this.kind, value) }],
        };
      },
    },
  };
})(SG.charts);
