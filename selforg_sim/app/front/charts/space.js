// Value space as RadViz: each value pulls from its place on a circle, as strong as its weight.
(function (charts) {
  "use strict";
  const NEAR = 18;

  SG.parts["sg-space"] = {
    mixins: [charts.Chart],
    template: charts.frame({
      id: "space", name: "space", under: true, axes: false,
      body: `
    <g v-if="view && view.anchors.length">
      <circle :cx="view.cx" :cy="view.cy" :r="view.r" fill="none" :stroke="ink.line"/>
      <g v-for="anchor in view.anchors" :key="anchor.word">
        <circle :cx="anchor.x" :cy="anchor.y" r="3" :fill="ink.soft"/>
        <text :x="anchor.tx" :y="anchor.ty" :text-anchor="anchor.anchor" :fill="ink.ink"
          font-size="12">{{ anchor.word }}</text>
      </g>
      <g v-for="core in view.cores" :key="core.row" :opacity="core.faint ? 0.35 : 1">
        <path :d="core.trail" fill="none" :stroke="core.colour" stroke-width="1.6"
          stroke-linejoin="round"/>
        <circle :cx="core.x" :cy="core.y" :r="core.size" :fill="core.colour"
          :stroke="core.chosen ? ink.ink : ink.panel" :stroke-width="core.chosen ? 2.5 : 1"/>
      </g>
      <circle v-if="hover" class="sg-hover" :cx="hover.x" :cy="hover.y" r="11" fill="none" :stroke="ink.accent"
        stroke-width="2"/>
    </g>`,
    }),
    computed: { title() { return this.ofSide(SG.t("charts.space")); } },
    methods: {
      space() {
        const world = this.begun(this.world()) ? this.world() : null;
        return world && world.space && (world.space.dims || []).length ? world.space : null;
      },
      compose(ink) {
        const space = this.space();
        const view = {
          colours: ink, keys: [], anchors: [], cores: [], seen: SG.t("charts.nothing"),
          cx: this.width / 2, cy: this.height / 2, r: Math.max(10, this.height / 2 - 26),
        };
        if (!space) return view;
        view.anchors = space.dims.map((name, k) => this.anchor(view, name, k, space.dims.length));
        view.cores = this.cores(space, view);
        view.keys = [
          { name: "people", mark: "·", word: SG.t("charts.people"), colour: ink.ink },
          { name: "cores", mark: "⬤", word: SG.t("charts.cores"), colour: ink.ink },
          { name: "trails", mark: "∿", word: SG.t("charts.trails"), colour: ink.ink },
        ];
        view.seen = this.sentence(space);
        return view;
      },
      anchor(view, name, k, count) {
        const angle = (2 * Math.PI * k) / count - Math.PI / 2;
        const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
        return {
          dx, dy, word: this.word(name), x: view.cx + dx * view.r,
          y: view.cy + dy * view.r, tx: view.cx + dx * (view.r + 8),
          ty: view.cy + dy * (view.r + 14) + 4,
          anchor: dx > 0.2 ? "start" : dx < -0.2 ? "end" : "middle",
        };
      },
      /** Weights have length one, so their squares are shares of a whole. */
      place(view, weights, from) {
        let x = 0, y = 0, sum = 0;
        view.anchors.forEach((anchor, k) => {
          const pull = (weights[k + from] || 0) ** 2;
          x += pull * anchor.dx;
          y += pull * anchor.dy;
          sum += pull;
        });
        const r = sum ? view.r / sum : 0;
        return [view.cx + x * r, view.cy + y * r];
      },
      cores(space, view) {
        const world = this.world();
        const now = (world.groupSize || [])[world.day] || [];
        const chosen = SG.ui.chosen && SG.ui.chosen.side === this.side ? SG.ui.chosen.group : null;
        const picked = !charts.missing(chosen);
        const rows = Object.keys(space.cores || {}).map(Number);
        const living = rows.filter((row) => !charts.missing(now[row]) && space.cores[row].length);
        if (this.off.cores) return [];
        return living.sort((a, b) => now[b] - now[a]).map((row) => {
          const trail = space.cores[row].map((step) => this.place(view, step, 1));
          const [x, y] = trail[trail.length - 1];
          const path = trail.map(([a, b]) => a.toFixed(1) + " " + b.toFixed(1)).join("L");
          return {
            row, x, y, trail: this.off.trails || trail.length < 2 ? "" : "M" + path,
            size: 4 + 5 * Math.sqrt((now[row] || 0) / Math.max(1, charts.ofGroups(now).max)),
            colour: SG.groupColour(row), chosen: row === chosen, faint: picked && row !== chosen,
          };
        });
      },
      sentence(space) {
        const world = this.world();
        const now = (world.groupSize || [])[world.day] || [];
        let most = null;
        for (const row of Object.keys(space.cores || {}).map(Number)) {
          const trail = space.cores[row];
          if (charts.missing(now[row]) || trail.length < 2) continue;
          const [first, last] = [trail[0], trail[trail.length - 1]];
          const cosine = first.slice(1).reduce((sum, w, k) => sum + w * last[k + 1], 0);
          const moved = Math.acos(Math.max(-1, Math.min(1, cosine)));
          if (!most || moved > most.moved) most = { row, moved, first, last };
        }
        if (!most) return this.still(space, world);
        if (most.moved < 0.02) return SG.t("seen.space_still", { day: SG.number(world.day) });
        const gains = space.dims.map((_, k) => most.last[k + 1] - most.first[k + 1]);
        return SG.t("seen.space", {
          group: charts.name(world, most.row), value: this.word(space.dims[gains.indexOf(Math.max(...gains))]),
          degrees: SG.number(Math.round((most.moved * 180) / Math.PI)),
        });
      },
      /** Where nothing has had time to move: what most people care about most. */
      still(space, world) {
        const votes = space.dims.map(() => 0);
        for (const weights of space.people || []) votes[weights.indexOf(Math.max(...weights))] += 1;
        const most = votes.indexOf(Math.max(...votes));
        return SG.t("seen.space_now", {
          day: SG.number(world.day), value: this.word(space.dims[most]),
        });
      },
      word(name) {
        const word = SG.t("value." + name);
        return word === "value." + name ? name : word;
      },
      paint() {
        const pen = this.sheet();
        const space = this.space();
        if (!space || this.off.people) return;
        const colours = new Map(charts.coloured(this.world()).map((g) => [g, SG.groupColour(g)]));
        pen.globalAlpha = 0.5;
        (space.people || []).forEach((weights, i) => {
          const [x, y] = this.place(this.view, weights, 0);
          pen.fillStyle = colours.get((space.group || [])[i]) || this.view.colours.soft;
          pen.fillRect(x - 1.1, y - 1.1, 2.2, 2.2);
        });
        pen.globalAlpha = 1;
      },
      tell(at) {
        const space = this.space();
        let best = null;
        for (const core of this.view.cores) {
          const far = at.row === core.row ? -1 : Math.hypot(core.x - at.px, core.y - at.py);
          if (far < NEAR && (!best || far < best.far)) best = { far, core };
        }
        if (!best || !space) return null;
        const { row, x, y } = best.core;
        const weights = space.cores[row][space.cores[row].length - 1].slice(1);
        const rows = charts.largest(weights, 3).map((k) => ({
          text: this.view.anchors[k].word + " " + SG.percent(weights[k] ** 2),
        }));
        return { x, y, row: at.row, index: row, title: charts.name(this.world(), row), rows,
          act: ["choose", { side: this.side, group: row }] };
      },
      step(key) {
        const move = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[key];
        const cores = this.view.cores;
        if (!move || !cores.length) return false;
        const from = this.hover ? cores.findIndex((core) => core.row === this.hover.index) : -1;
        const to = from < 0 && move < 0 ? cores.length - 1 : from + move;
        this.point({ row: cores[(to + cores.length) % cores.length].row });
        return true;
      },
    },
  };
})(SG.charts);
