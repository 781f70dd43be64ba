// The four measures of success: how much now, and how it came to that.
(function (charts) {
  "use strict";
  const MEASURES = ["retained", "involved", "with_results", "happy"];
  const W = 190, H = 66, CX = 38, CY = 44, R = 30; // of one gauge, in px
  const NARROW = 560; // px of all four, below which there is no room for history

  /** A half circle from the left, as far round as the share goes. */
  function arc(share, radius) {
    if (charts.missing(share)) return "";
    const angle = Math.PI * (1 - Math.max(0, Math.min(1, share)));
    const [x, y] = [CX + radius * Math.cos(angle), CY - radius * Math.sin(angle)];
    return `M${CX - radius} ${CY}A${radius} ${radius} 0 0 1 ${x.toFixed(1)} ${y.toFixed(1)}`;
  }

  SG.parts["sg-gauges"] = {
    mixins: [charts.Chart],
    template: `
  <section class="sg-gauges" data-testid="gauges" ref="box" :aria-label="t('charts.gauges')">
    <div v-for="gauge in gauges" :key="gauge.name" class="sg-gauge">
      <svg :data-export="'gauge-' + gauge.name" :data-title="gauge.word" role="img" :aria-label="gauge.label"
          xmlns="http://www.w3.org/2000/svg" :viewBox="'0 0 ' + wide + ' ' + tall" :width="wide" :height="tall"
          font-family="system-ui, sans-serif" font-size="11">
        <path :d="gauge.whole" fill="none" :stroke="ink.line" stroke-width="7"/>
        <path :d="gauge.arc" fill="none" :stroke="ink.accent" stroke-width="7"/>
        <path v-if="gauge.other" :d="gauge.other" fill="none" :stroke="ink.other"
          stroke-width="4"/>
        <text x="${CX}" y="${CY}" text-anchor="middle" :font-size="gauge.second ? 12 : 15" font-weight="600"
          :fill="ink.ink">{{ gauge.number }}</text>
        <text v-if="gauge.second" x="${CX}" y="${CY + 15}" text-anchor="middle"
          :fill="ink.ink">B {{ gauge.second }}</text>
        <text v-if="small" x="${CX}" y="72" text-anchor="middle" :fill="ink.ink">{{ gauge.word }}</text>
        <text v-else x="80" y="12" :fill="ink.ink" font-weight="600">{{ gauge.word }}</text>
        <line v-if="!small" x1="80" x2="${W - 4}" y1="${CY}" y2="${CY}" :stroke="ink.line"/>
        <path v-if="!small" :d="gauge.line" fill="none" :stroke="ink.accent" stroke-width="1.5"/>
        <path v-if="!small && gauge.otherLine" :d="gauge.otherLine" fill="none" :stroke="ink.other"
          stroke-width="1.5" stroke-dasharray="4 2"/>
        <title>{{ gauge.label }}</title>
      </svg>
    </div>
  </section>`,
    computed: {
      ink() { return (this.view && this.view.colours) || {}; },
      small() { return this.width < NARROW; },
      wide() { return this.small ? 76 : W; },
      tall() { return this.small ? 76 : this.worlds().length === 2 ? H : CY + 6; },
      gauges() { return (this.view && this.view.gauges) || []; },
    },
    methods: {
      compose(ink) {
        return { colours: ink, gauges: MEASURES.map((name) => this.gauge(name)) };
      },
      gauge(name) {
        const worlds = this.worlds().map((side) => this.world(side));
        const now = (world) => (world && (world[name] || [])[world.day]);
        const number = (value) => (charts.missing(value) ? "–" : SG.percent(value));
        const [first, second] = worlds;
        const word = SG.t("charts." + name);
        const both = second ? ` (A), ${number(now(second))} (B)` : "";
        return {
          name, word, whole: arc(1, R), arc: arc(now(first), R), number: number(now(first)),
          other: second && arc(now(second), R - 7), second: second && number(now(second)),
          line: this.line(first, name), otherLine: second && this.line(second, name),
          label: SG.t("charts.gauge", {
            name: word, share: number(now(first)) + both, meaning: SG.t("charts.means_" + name),
          }),
        };
      },
      line(world, name) {
        if (!world) return "";
        const margins = { left: 80, right: 4, top: 18, bottom: H - CY };
        const pane = charts.pane(W, H, world.horizon || world.day, 1, 0, margins);
        return charts.line(pane, charts.days(world.day), (day) => (world[name] || [])[day]);
      },
    },
  };
})(SG.charts);
