// Members and belonging over time: a thin line for each group, a bold one for the mean.
(function (charts) {
  "use strict";
  const FEW = 12; // up to here every group has a colour of its own
  const NAMED = 5; // up to here every group is named at the end of its line
  const NEAR = 14; // px within which the pointer means a line

  const { KINDS, SEEN } = charts;

  function template(what) {
    return charts.frame({
      id: "chart-" + what, name: what, under: true,
      body: `
    <template v-if="view">
      <path v-for="(band, i) in view.bands" :key="'b' + i" :d="band.path" :fill="band.colour"
        fill-opacity="0.18" stroke="none"/>
      <path v-for="(line, i) in view.means" :key="'m' + i" :d="line.path" fill="none"
        :stroke="line.colour" stroke-width="2.5" stroke-linejoin="round"
        :stroke-dasharray="line.dash"/>
      <path v-if="view.chosen" :d="view.chosen.path" fill="none" :stroke="view.chosen.colour"
        stroke-width="2" stroke-linejoin="round"/>
      <path v-if="hover && hover.path" class="sg-hover" :d="hover.path" fill="none" :stroke="hover.colour"
        stroke-width="2.5" stroke-linejoin="round"/>
      <text v-for="(label, i) in view.labels" :key="'l' + i" :x="label.x" :y="label.y"
        :text-anchor="label.anchor" :fill="label.colour" font-weight="600" :stroke="ink.panel"
        stroke-width="3" paint-order="stroke">{{ label.text }}</text>
      <circle v-if="hover && hover.dot" class="sg-hover" :cx="hover.x" :cy="hover.dot" r="3.5"
        :fill="hover.colour" :stroke="ink.panel"/>
    </template>`,
    });
  }

  const lines = {
    mixins: [charts.Chart, charts.alongDays],
    computed: {
      title() { return SG.t("charts." + this.what); },
      kind() { return KINDS[this.what]; },
    },
    methods: {
      shows(name) { return !this.off[name]; },
      compose(ink) {
        const sides = this.worlds();
        const worlds = sides.map((side) => this.world(side));
        const horizon = Math.max(1, ...worlds.map((w) => w.horizon || w.day));
        const top = this.what === "belonging" ? 1 : charts.roof(this.highest(worlds));
        const pane = charts.pane(this.width, this.height, horizon, top, 0, this.kind);
        const view = {
          pane, colours: ink, keys: this.legend(ink, worlds),
          yTicks: charts.yTicks(pane, this.kind.word), xTicks: charts.xTicks(pane, horizon),
          means: [], bands: [], labels: [], chosen: null, parted: charts.parted(pane),
          seen: this.sentence(worlds),
        };
        sides.forEach((side, i) => this.addSide(view, pane, ink, side, worlds[i], sides.length));
        return view;
      },
      highest(worlds) {
        let top = 10;
        for (const world of worlds) {
          this.kind.groups(world).forEach((row, day) => {
            const now = charts.ofGroups(row);
            top = Math.max(top, (this.shows("groups") ? now.max : now.mean) || 0);
          });
        }
        return top;
      },
      sentence(worlds) {
        if (!worlds.length) return SG.t("charts.nothing");
        const both = worlds.length === 2 && SEEN.both(this.kind, worlds[0], worlds[1]);
        return both || SEEN[this.what](worlds[0]);
      },
      legend(ink, worlds) {
        if (!worlds.length) return [];
        const key = (name, mark, colour) => ({ name, mark, colour, word: SG.t("charts." + name) });
        const keys = [key("groups", "─", ink.soft), key("mean", "━", ink.accent)];
        if (this.what === "belonging") keys.push(key("band", "▒", ink.accent));
        if (worlds.length === 2) {
          keys.push({ name: "A", word: "A", mark: "━", colour: ink.accent });
          keys.push({ name: "B", word: "B", mark: "╍", colour: ink.other });
        }
        return keys;
      },
      addSide(view, pane, ink, side, world, count) {
        const letter = "AB"[side];
        if (count === 2 && !this.shows(letter)) return;
        const [days, kind] = [charts.days(world.day), this.kind];
        const colour = count === 2 && side === 1 ? ink.other : ink.accent;
        if (this.what === "belonging" && this.shows("band")) {
          const path = charts.area(pane, days, (d) => world.low[d], (d) => world.high[d]);
          view.bands.push({ path, colour });
        }
        if (this.shows("mean")) {
          const path = charts.line(pane, days, (d) => kind.mean(world, d));
          view.means.push({ path, colour, dash: count === 2 && side === 1 ? "7 4" : null });
          this.label(view, pane, kind.mean(world, world.day), world.day, colour,
            count === 2 ? letter : SG.t("charts.mean"));
        }
        const chosen = SG.ui.chosen;
        if (chosen && chosen.side === side && !charts.missing(chosen.group)) {
          const path = this.groupPath(world, chosen.group);
          view.chosen = { path, colour: SG.groupColour(chosen.group) };
          this.label(view, pane, (kind.groups(world)[world.day] || [])[chosen.group], world.day,
            SG.groupColour(chosen.group), charts.name(world, chosen.group));
        }
        if (count === 1 && this.shows("groups")) this.nameGroups(view, pane, world, chosen);
      },
      nameGroups(view, pane, world, chosen) {
        const count = (world.names || []).length;
        if (count < 2 || count > NAMED) return;
        const groups = this.kind.groups(world);
        for (let row = 0; row < count; row++) {
          if (chosen && chosen.group === row) continue;
          let day = world.day;
          while (day > 0 && charts.missing((groups[day] || [])[row])) day -= 1;
          this.label(view, pane, (groups[day] || [])[row], day, SG.groupColour(row), charts.name(world, row));
        }
      },
      label(view, pane, value, day, colour, text) {
        if (charts.missing(value)) return;
        const anchor = pane.x(day) > pane.right - 60 ? "end" : "start";
        const x = pane.x(day) + (anchor === "end" ? -2 : 4);
        let y = Math.max(12, pane.y(value) - 5);
        for (const other of view.labels) {
          if (Math.abs(other.x - x) < 60 && Math.abs(other.y - y) < 12) y = other.y + 13;
        }
        view.labels.push({ x, y, anchor, colour, text });
      },
      groupPath(world, row) {
        const groups = this.kind.groups(world);
        const pane = this.pane || this.view.pane;
        return charts.line(pane, charts.days(world.day), (day) => (groups[day] || [])[row]);
      },
      /** Thin lines are painted, not drawn: there may be a hundred. */
      paint() {
        const pen = this.sheet();
        if (!this.view || !this.shows("groups")) return;
        const sides = this.worlds().filter((s, _, all) => all.length < 2 || this.shows("AB"[s]));
        for (const side of sides) this.paintSide(pen, side);
      },
      paintSide(pen, side) {
        const [world, pane] = [this.world(side), this.view.pane];
        const [groups, days] = [this.kind.groups(world), charts.days(world.day)];
        const count = (world.names || []).length;
        const few = count <= FEW;
        pen.setLineDash(side === 1 && few ? [4, 3] : []);
        pen.lineWidth = few ? 1.3 : 0.8;
        pen.globalAlpha = few ? 0.85 : count > 40 ? 0.35 : 0.5;
        const { soft, accent, other } = this.view.colours;
        pen.strokeStyle = this.worlds().length < 2 ? soft : side === 1 ? other : accent;
        for (let row = 0; row < count; row++) {
          if (few) pen.strokeStyle = SG.groupColour(row);
          this.paintLine(pen, pane, days, groups, row);
        }
      },
      paintLine(pen, pane, days, groups, row) {
        let down = false;
        pen.beginPath();
        for (const day of days) {
          const value = groups[day] && groups[day][row];
          if (charts.missing(value)) down = false;
          else if (down) pen.lineTo(pane.x(day), pane.y(value));
          else {
            pen.moveTo(pane.x(day), pane.y(value));
            down = true;
          }
        }
        pen.stroke();
      },
      tell(at) {
        const day = this.dayAt(at);
        const pane = this.view.pane;
        const told = { day, x: pane.x(day), y: at.py, rows: this.means(day) };
        const near = this.near(at, day);
        told.title = SG.t("charts.on_day", { day: SG.number(day) });
        if (!near) return told.rows.length ? told : null;
        const world = this.world(near.side);
        return Object.assign(told, near, {
          title: charts.name(world, near.group) + " · " + told.title,
          rows: [{ text: this.kind.word(near.value), mark: "●", colour: near.colour }]
            .concat(told.rows),
          act: ["choose", { side: near.side, group: near.group }],
          path: this.groupPath(world, near.group),
        });
      },
      means(day) {
        const sides = this.worlds();
        const ink = this.view.colours;
        return sides.filter((side) => this.world(side).day >= day).map((side) => {
          const value = this.kind.mean(this.world(side), day);
          const name = SG.t("charts.mean") + (sides.length === 2 ? " " + "AB"[side] : "");
          return charts.missing(value) ? null : {
            mark: "━", text: name + " " + this.kind.word(value),
            colour: sides.length === 2 && side === 1 ? ink.other : ink.accent,
          };
        }).filter(Boolean);
      },
      /** The group whose line is nearest, or the one that keys have moved to. */
      near(at, day) {
        if (!this.shows("groups")) return null;
        let best = null;
        for (const side of this.worlds()) {
          (this.kind.groups(this.world(side))[day] || []).forEach((value, group) => {
            if (charts.missing(value)) return;
            const dot = this.view.pane.y(value);
            const far = at.group === group ? -1 : Math.abs(dot - at.py);
            if (far <= NEAR && (!best || far < best.far)) best = { far, group, side, value, dot };
          });
        }
        if (best) best.colour = SG.groupColour(best.group);
        return best;
      },
      across(key) {
        if (key !== "ArrowUp" && key !== "ArrowDown") return false;
        const day = this.hover ? this.hover.day : this.lastDay();
        const side = this.worlds()[0];
        const row = side === undefined ? [] : this.kind.groups(this.world(side))[day] || [];
        const order = row.map((_, group) => group).filter((group) => !charts.missing(row[group]));
        if (!order.length) return false;
        order.sort((a, b) => row[a] - row[b] || a - b);
        const from = order.indexOf(this.hover ? this.hover.group : undefined);
        const to = key === "ArrowUp" ? from + 1 : (from < 0 ? order.length : from) - 1;
        const group = order[(to + order.length) % order.length];
        this.point({ px: this.view.pane.x(day), py: this.view.pane.y(row[group]), group });
        return true;
      },
    },
  };

  for (const what of Object.keys(KINDS)) {
    SG.parts["sg-lines-" + what] = Object.assign({}, lines, {
      props: { what: { type: String, default: what } }, template: template(what),
    });
  }
  // One component for the page; `what` decides which of the two it is.
  SG.parts["sg-lines"] = {
    props: { what: { type: String, default: "members" }, side: { type: Number, default: 0 } },
    template: `<component :is="'sg-lines-' + what" :what="what" :side="side"></component>`,
  };
})(SG.charts);
