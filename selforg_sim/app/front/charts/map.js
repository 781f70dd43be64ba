// The map: who knows whom lie close together; group as colour, standing as shape.
(function (charts) {
  "use strict";
  const NEAR = 12, EDGE = 12;

  SG.parts["sg-map"] = {
    mixins: [charts.Chart],
    template: charts.frame({
      id: "map", name: "map", under: true, axes: false,
      body: `
    <g v-if="ring"><circle :cx="ring.x" :cy="ring.y" r="9" fill="none" :stroke="ink.ink"
      stroke-width="2"/></g>
    <circle v-if="hover" class="sg-hover" :cx="hover.x" :cy="hover.y" r="7" fill="none" :stroke="ink.accent"
      stroke-width="2"/>`,
      after: `
    <div class="sg-keys" v-if="view && view.groups.length">
      <button v-for="group in view.groups" :key="group.row" type="button" class="sg-key"
          @click="choose(group.row)"><span class="sg-key-mark" aria-hidden="true"
          :style="{color: group.colour}">■</span>{{ group.name }}</button></div>`,
    }),
    computed: {
      title() { return this.ofSide(SG.t("charts.map")); },
      ring() { return this.view && this.view.ring; },
    },
    methods: {
      people() {
        const world = this.begun(this.world()) ? this.world() : null;
        return world && world.map ? world.map : null;
      },
      compose(ink) {
        const map = this.people();
        const world = this.world();
        const rows = map ? charts.coloured(world) : [];
        return {
          colours: ink, seen: this.sentence(map), ring: map && this.ringed(map),
          groups: rows.map((row) => ({
            row, name: charts.name(world, row), colour: SG.groupColour(row),
          })),
          keys: map ? SG.STANDINGS.map((name) => ({
            name, mark: SG.MARKS[name], word: SG.t("standing." + name), colour: ink.ink,
          })) : [],
        };
      },
      sentence(map) {
        if (!map) return SG.t("charts.nothing");
        const values = {
          shown: SG.number(map.ids.length), of: SG.number(map.of || map.ids.length),
          inside: SG.percent(map.group.filter((g) => g >= 0).length / Math.max(1, map.ids.length)),
        };
        return SG.t(map.of > map.ids.length ? "seen.map_sample" : "seen.map", values);
      },
      place(map, i) {
        return [EDGE + map.x[i] * (this.width - 2 * EDGE), EDGE + map.y[i] * (this.height - 2 * EDGE)];
      },
      ringed(map) {
        const chosen = SG.ui.chosen;
        if (!chosen || chosen.side !== this.side || charts.missing(chosen.person)) return null;
        const i = map.ids.indexOf(chosen.person);
        if (i < 0) return null;
        const [x, y] = this.place(map, i);
        return { x, y };
      },
      shows(map, i) {
        return !this.off[SG.STANDINGS[map.standing[i]]];
      },
      paint() {
        const map = this.people();
        const pen = this.sheet();
        if (!map) return;
        const colour = new Map(this.view.groups.map((group) => [group.row, group.colour]));
        const chosen = SG.ui.chosen && SG.ui.chosen.side === this.side ? SG.ui.chosen.group : null;
        const picked = !charts.missing(chosen);
        if (picked) colour.set(chosen, SG.groupColour(chosen));
        for (const over of [false, true]) { // those in colour lie above the others
          for (let i = 0; i < map.ids.length; i++) {
            if (colour.has(map.group[i]) !== over || !this.shows(map, i)) continue;
            const [x, y] = this.place(map, i);
            pen.globalAlpha = picked && map.group[i] !== chosen ? 0.25 : over ? 1 : 0.55;
            const paint = over ? colour.get(map.group[i]) : this.view.colours.soft;
            charts.paintPerson(pen, x, y, map.standing[i], paint);
          }
        }
        pen.globalAlpha = 1;
      },
      tell(at) {
        const map = this.people();
        if (!map) return null;
        const i = at.person === undefined ? this.nearest(map, at) : map.ids.indexOf(at.person);
        if (i < 0) return null;
        const [x, y] = this.place(map, i);
        return { x, y, title: SG.t("charts.person", { person: SG.number(map.ids[i]) }),
          person: at.keys ? map.ids[i] : undefined, index: i, rows: [this.row(map, i)],
          act: ["choose", { side: this.side, person: map.ids[i] }] };
      },
      row(map, i) {
        const [standing, group] = [SG.STANDINGS[map.standing[i]], map.group[i]];
        if (group < 0) return { text: SG.t("charts.in_no_group") };
        return {
          mark: SG.MARKS[standing], colour: SG.groupColour(group),
          text: SG.t("charts.standing_in", {
            standing: standing ? SG.t("standing." + standing) : "",
            group: charts.name(this.world(), group),
          }),
        };
      },
      nearest(map, at) {
        let best = -1, least = NEAR * NEAR;
        for (let i = 0; i < map.ids.length; i++) {
          if (!this.shows(map, i)) continue;
          const [x, y] = this.place(map, i);
          const far = (x - at.px) ** 2 + (y - at.py) ** 2;
          if (far < least) [best, least] = [i, far];
        }
        return best;
      },
      choose(group) { SG.act("choose", { side: this.side, group }); },
      /** Keys go from person to person, group by group. */
      step(key) {
        const move = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[key];
        const map = this.people();
        if (!move || !map || !map.ids.length) return false;
        const order = map.ids.map((_, i) => i).filter((i) => this.shows(map, i));
        order.sort((a, b) => map.group[a] - map.group[b] || a - b);
        const from = this.hover ? order.indexOf(this.hover.index) : move < 0 ? 0 : -1;
        const i = order[(from + move + order.length) % order.length];
        if (i === undefined) return false;
        this.point({ person: map.ids[i], keys: true });
        return true;
      },
    },
  };
})(SG.charts);
