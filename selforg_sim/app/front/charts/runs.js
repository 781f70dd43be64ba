// The same world run many times with other luck: the fan of what came of it.
(function (charts) {
  "use strict";

  SG.parts["sg-runs"] = {
    mixins: [charts.Chart, charts.alongDays],
    template: charts.frame({
      id: "runs", name: "runs",
      body: `
    <template v-if="view">
      <path v-for="fan in view.fans" :key="'b' + fan.side" :d="fan.band" :fill="fan.colour"
        fill-opacity="0.2"/>
      <path v-for="fan in view.fans" :key="'m' + fan.side" :d="fan.mid" fill="none"
        :stroke="fan.colour" stroke-width="2.5" :stroke-dasharray="fan.side ? '7 4' : null"/>
    </template>`,
      after: `
    <div class="sg-keys" role="group" :aria-label="t('charts.runs_of')">
      <button v-for="name in ['size', 'belonging']" :key="name" type="button" class="sg-turn"
        :aria-pressed="String(what === name)" @click="turn(name)"
        >{{ t('charts.runs_' + name) }}</button></div>`,
    }),
    data: () => ({ what: "size" }),
    computed: { title() { return SG.t("charts.runs") + ": " + SG.t("charts.runs_" + this.what); } },
    methods: {
      turn(name) {
        this.what = name;
        this.drawn = -1e9;
        this.mark();
      },
      sides() {
        const runs = SG.ui.runs;
        const ready = (side) => side && side.days && side.days.length && side[this.what];
        return ((runs && runs.sides) || []).map((side, i) => ({ side, i })).filter((s) => ready(s.side));
      },
      word(value) {
        return this.what === "size" ? SG.number(Math.round(value)) : SG.percent(value);
      },
      worlds: () => [],
      lastDay() {
        return Math.max(0, ...this.sides().map(({ side }) => side.days[side.days.length - 1]));
      },
      compose(ink) {
        const sides = this.sides();
        const highs = sides.map(({ side }) => Math.max(0, ...side[this.what].high.map(Number)));
        const top = this.what === "belonging" ? 1 : charts.roof(Math.max(10, ...highs));
        const horizon = Math.max(1, this.lastDay());
        const pane = charts.pane(this.width, this.height, horizon, top, 0, {
          word: (value) => this.word(value),
        });
        const fans = sides.filter(({ i }) => !this.off["AB"[i]]);
        return {
          pane, colours: ink, seen: this.sentence(sides), xTicks: charts.xTicks(pane, horizon),
          yTicks: charts.yTicks(pane, (value) => this.word(value)),
          fans: fans.map(({ side, i }) => this.fan(pane, side, i, ink)),
          keys: sides.length < 2 ? [] : sides.map(({ i }) => ({
            name: "AB"[i], word: "AB"[i], mark: i ? "╍" : "━", colour: i ? ink.other : ink.accent,
          })),
        };
      },
      fan(pane, side, i, ink) {
        const place = new Map(side.days.map((day, k) => [day, k]));
        const of = (name) => (day) => side[this.what][name][place.get(day)];
        return {
          side: i, colour: i ? ink.other : ink.accent,
          band: charts.area(pane, side.days, of("low"), of("high")),
          mid: charts.line(pane, side.days, of("mid")),
        };
      },
      sentence(sides) {
        const runs = SG.ui.runs;
        if (!runs) return SG.t("seen.runs_none");
        if (!sides.length || runs.done < runs.of) {
          const far = SG.t("seen.runs_done", { done: SG.number(runs.done || 0), of: SG.number(runs.of || 0) });
          return [SG.whyRunsFailed(runs), far].filter(Boolean).join(" ");
        }
        return sides.map(({ side, i }) => {
          const end = side.days.length - 1;
          const of = (name) => this.word(side[this.what][name][end]);
          return (sides.length > 1 ? "AB"[i] + ": " : "") + SG.t("seen.runs_" + this.what, {
            day: SG.number(side.days[end]), mid: of("mid"), low: of("low"), high: of("high"),
            of: SG.number(runs.of / runs.sides.length),
          });
        }).join(" ");
      },
      tell(at) {
        const sides = this.sides();
        if (!sides.length) return null;
        const day = this.dayAt(at);
        const rows = sides.map(({ side, i }) => {
          const k = side.days.findIndex((d) => d >= day);
          const of = (name) => this.word(side[this.what][name][k < 0 ? side.days.length - 1 : k]);
          return {
            mark: i ? "╍" : "━", colour: i ? this.view.colours.other : this.view.colours.accent,
            text: `${of("mid")} (${of("low")} – ${of("high")})`,
          };
        });
        return { day, x: this.view.pane.x(day), y: at.py, rows,
          title: SG.t("charts.on_day", { day: SG.number(day) }) };
      },
    },
  };
})(SG.charts);
