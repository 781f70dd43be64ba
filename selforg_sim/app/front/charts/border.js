// The frame of a chart as a template: title, legend, picture, and the sentence on what is seen.
(function (charts) {
  "use strict";
  const KEYS = `
    <div class="sg-keys" role="group" :aria-label="t('charts.legend')" v-if="keys.length">
      <button v-for="key in keys" :key="key.name" type="button" class="sg-key"
          :aria-pressed="String(!off[key.name])" @click="toggle(key.name)"
          :title="t('charts.toggle', {name: key.word})">
        <span class="sg-key-mark" aria-hidden="true" :style="{color: key.colour}"
            >{{ key.mark }}</span>{{ key.word }}</button>
    </div>`;

  const TIP = `
    <div class="sg-tip" v-if="hover" aria-hidden="true"
        :class="{'sg-tip-left': hover.x > width / 2}"
        :style="{left: hover.x + 'px', top: tipTop + 'px'}">
      <strong>{{ hover.title }}</strong>
      <span v-for="(row, i) in hover.rows" :key="i" class="sg-tip-row">
        <i v-if="row.mark" :style="{color: row.colour}">{{ row.mark }}</i> {{ row.text }}</span>
    </div>
    <span class="sg-unseen" role="status">{{ spoken }}</span>`;

  const AXES = `
    <g v-if="view">
      <g v-for="tick in view.yTicks" :key="'y' + tick.y">
        <line :x1="view.pane.left" :x2="view.pane.right" :y1="tick.y" :y2="tick.y"
          :stroke="ink.line" stroke-width="1" shape-rendering="crispEdges"/>
        <text :x="view.pane.left - 5" :y="Math.max(tick.y + 4, 10)" text-anchor="end"
          :fill="ink.soft">{{ tick.text }}</text>
      </g>
      <text v-for="(tick, i) in view.xTicks" :key="'x' + i" :x="tick.x"
        :y="view.pane.bottom + 14" :text-anchor="tick.anchor" :fill="ink.soft"
        >{{ tick.text }}</text>
    </g>`;

  const CURSOR = `
    <line v-if="hover && hover.day !== undefined && view" class="sg-hover" :x1="hover.x" :x2="hover.x"
      :y1="view.pane.top" :y2="view.pane.bottom" :stroke="ink.soft" stroke-width="1"
      stroke-dasharray="2 2"/>`;

  const PARTED = `
    <g v-if="view && view.parted">
      <line :x1="view.parted.x" :x2="view.parted.x" :y1="view.pane.top" :y2="view.pane.bottom"
        :stroke="ink.ink" stroke-width="1" stroke-dasharray="1 3"/>
      <text :x="view.parted.x + view.parted.shift" :y="view.pane.top + 9" :fill="ink.ink"
        :text-anchor="view.parted.anchor">{{ view.parted.text }}</text>
    </g>`;

  // Stands below what the page shows of the picture, and is seen only where it is taken away.
  const ALONE = `
    <g class="sg-alone">
      <text x="8" :y="height + 14" :fill="ink.ink" font-weight="600">{{ title }}</text>
      <text v-for="(place, i) in alone" :key="i" :x="place.x" :y="place.y" :fill="ink.ink"
        ><tspan :fill="place.colour">{{ place.mark }}</tspan> {{ place.word }}</text>
    </g>`;

  /** A template: `body` is SVG, `under` a canvas or nothing, `after` HTML below the picture. */
  charts.frame = function ({ id, name, body, under, after, axes }) {
    return `
  <figure class="sg-chart" data-testid="${id}">
    <div class="sg-chart-head"><h3 class="sg-chart-title">{{ title }}</h3>${KEYS}</div>
    <div ref="box" class="sg-chart-box sg-box-${name}" tabindex="0" role="group"
        :aria-label="title + '. ' + t('charts.keys')"
        @pointermove="over" @pointerdown="over" @pointerleave="away" @click="press"
        @keydown="typed" @blur="away" :class="{'sg-may-press': hover && hover.act}">
      ${under ? '<canvas ref="sheet" class="sg-sheet" aria-hidden="true"></canvas>' : ""}
      <svg ref="svg" data-export="${name}" role="img" :aria-label="seen"
          xmlns="http://www.w3.org/2000/svg" :width="width" :height="fullHeight"
          :viewBox="'0 0 ' + (width || 1) + ' ' + (fullHeight || 1)" font-size="11"
          font-family="system-ui, sans-serif"${under ? ' data-under="canvas"' : ""}>
        <rect class="sg-alone" width="100%" height="100%" :fill="ink.panel"/>
        ${axes === false ? "" : AXES}${body}${axes === false ? "" : CURSOR + PARTED}${ALONE}
      </svg>${TIP}
    </div>
    <figcaption class="sg-seen">{{ seen }}</figcaption>${after || ""}
  </figure>`;
  };

  /** The mark of the day on which two worlds part. */
  charts.parted = function (pane) {
    const day = SG.ui.parted;
    if (charts.missing(day) || !SG.ui.state || SG.ui.state.sides !== 2) return null;
    const x = pane.x(day);
    const left = x > (pane.left + pane.right) / 2;
    return {
      x, shift: left ? -4 : 4, anchor: left ? "end" : "start",
      text: SG.t("charts.parted", { day: SG.number(day) }),
    };
  };

  /** Keys move along the days and, where there are groups, from line to line. */
  charts.alongDays = {
    methods: {
      step(key, far) {
        const move = { ArrowLeft: -1, ArrowRight: 1 }[key];
        if (key === "Home" || key === "End") return this.goDay(key === "Home" ? 0 : Infinity);
        if (!move) return this.across ? this.across(key) : false;
        const from = this.hover && this.hover.day !== undefined ? this.hover.day : Infinity;
        return this.goDay(Math.min(from, this.lastDay()) + move * (far ? 10 : 1));
      },
      lastDay() {
        return Math.max(0, ...this.worlds().map((side) => this.world(side).day));
      },
      goDay(wanted) {
        const day = Math.max(0, Math.min(this.lastDay(), wanted));
        const py = this.hover ? this.hover.py : this.height / 2;
        this.point({ px: this.view.pane.x(day), py, group: this.hover && this.hover.group });
        return true;
      },
      /** The day under a place of the picture, not beyond the newest. */
      dayAt(at) {
        return Math.min(this.view.pane.day(at.px), this.lastDay());
      },
    },
  };
})(SG.charts);
