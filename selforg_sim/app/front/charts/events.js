// What happened, day by day: a strip of marks to click. Where they are dense, one stands for many.
(function (charts) {
  "use strict";
  const MARKS = {
    founded: "▪", opened: "▪", split: "✂", dissolved: "✝", owner_silent: "☾", owner_leaves: "⇥",
    exodus: "⇢",
  };
  const WEIGHT = ["founded", "opened", "exodus", "split", "dissolved"]; // of others a cluster shows first
  const APART = 26; // px, so that each mark can be hit with a finger
  const TOLD = 4; // events of a cluster that are told one by one
  charts.EVENT_MARKS = MARKS;

  const mark = (event) => MARKS[event.event] || "◆";
  const weight = (event) => {
    const at = WEIGHT.indexOf(event.event);
    return at < 0 ? WEIGHT.length : at;
  };

  SG.parts["sg-events"] = {
    mixins: [charts.Chart],
    template: `
  <figure class="sg-chart sg-events" data-testid="events">
    <div ref="box" class="sg-chart-box sg-box-events" role="group" :aria-label="title"
        @keydown="typed" @pointerleave="away">
      <svg data-export="events" role="img" :aria-label="seen" xmlns="http://www.w3.org/2000/svg"
          :width="width" :height="height" :viewBox="'0 0 ' + (width || 1) + ' ' + (height || 1)"
          font-size="13" font-family="system-ui, sans-serif">
        <g v-if="view">
          <line :x1="view.pane.left" :x2="view.pane.right" :y1="height - 5" :y2="height - 5"
            :stroke="ink.line"/>
          <line :x1="view.now" :x2="view.now" :y1="2" :y2="height - 2" :stroke="ink.accent"/>
          <text v-for="mark in view.marks" :key="mark.day" :x="mark.x" :y="height - 10"
            text-anchor="middle" :fill="ink.ink">{{ mark.mark }}<tspan v-if="mark.count > 1"
            font-size="9" dy="-4" :fill="ink.soft">{{ mark.count }}</tspan></text>
        </g>
      </svg>
      <button v-for="(mark, i) in marks" :key="mark.day" type="button" class="sg-event"
        :style="{left: mark.x + 'px'}" :aria-label="mark.label" ref="marks"
        :tabindex="i === Math.min(at, marks.length - 1) ? 0 : -1" @click="go(mark)"
        @pointerenter="show(mark)" @focus="show(mark, i)" @blur="away"></button>
      <div class="sg-tip" v-if="hover" aria-hidden="true"
          :class="{'sg-tip-left': hover.x > width / 2}" :style="{left: hover.x + 'px', top: '4px'}">
        <strong>{{ hover.title }}</strong>
        <span v-for="(row, i) in hover.rows" :key="i" class="sg-tip-row">{{ row }}</span></div>
    </div>
    <figcaption class="sg-seen"><span>{{ seen }}</span><span class="sg-event-keys"
      aria-hidden="true"><span v-for="key in signs" :key="key.word">{{ key.mark }} {{ key.word
      }}</span></span></figcaption>
  </figure>`,
    data: () => ({ at: 0 }),
    computed: {
      title() { return this.ofSide(SG.t("charts.events")); },
      signs() {
        const names = ["opened", "split", "dissolved", "owner_silent", "owner_leaves", "exodus", "other"];
        return names.map((name) => ({ mark: MARKS[name] || "◆", word: SG.t("sign." + name) }));
      },
      marks() { return (this.view && this.view.marks) || []; },
    },
    methods: {
      compose(ink) {
        const world = this.begun(this.world()) ? this.world() : null;
        const horizon = world ? Math.max(1, world.horizon || world.day) : 1;
        const pane = charts.pane(this.width, this.height, horizon, 1, 0, { left: 10 });
        const events = world ? world.events || [] : [];
        return {
          pane, colours: ink, marks: this.clusters(pane, world, events),
          now: pane.x(world ? world.day : 0), seen: this.whose() + this.sentence(world, events),
        };
      },
      /** Events in places of one width: a mark stays where it is when others come. */
      clusters(pane, world, events) {
        const places = new Map();
        const last = Math.max(0, Math.floor((pane.right - pane.left) / APART) - 1);
        for (const event of events) {
          const place = Math.min(last, Math.floor((pane.x(event.day) - pane.left) / APART));
          if (!places.has(place)) places.set(place, []);
          places.get(place).push(event);
        }
        const middle = (place) => pane.left + (place + 0.5) * APART;
        return Array.from(places, ([place, found]) => this.cluster(middle(place), world, found));
      },
      cluster(x, world, found) {
        const first = found.reduce((a, b) => (weight(b) > weight(a) ? b : a));
        const told = found.slice().sort((a, b) => weight(b) - weight(a) || a.day - b.day);
        const lines = told.slice(0, TOLD).map((event) => this.words(world, event));
        if (found.length > TOLD) {
          lines.push(SG.t("charts.more_events", { count: SG.number(found.length - TOLD) }));
        }
        return {
          x, lines, day: first.day, group: first.group, mark: mark(first),
          count: found.filter((event) => mark(event) === mark(first)).length,
          label: lines.join("; "),
        };
      },
      words(world, event) {
        const group = charts.missing(event.group) || event.group < 0
          ? "" : charts.name(world, event.group);
        return mark(event) + " " + SG.t("charts.event", {
          day: SG.number(event.day), group, what: SG.t("event." + event.event),
        });
      },
      sentence(world, events) {
        if (!world) return SG.t("charts.nothing");
        const count = (name) => SG.number(events.filter((e) => e.event === name).length);
        return SG.t("seen.events", {
          day: SG.number(world.day), split: count("split"), dissolved: count("dissolved"),
          exodus: count("exodus"), silent: count("owner_silent"),
        });
      },
      show(mark, i) {
        if (i !== undefined) this.at = i;
        this.hover = Object.freeze({
          x: mark.x, title: SG.t("charts.go_to", { day: SG.number(mark.day) }), rows: mark.lines,
        });
      },
      go(mark) {
        SG.act("goto", { day: mark.day });
        if (!charts.missing(mark.group) && mark.group >= 0) {
          SG.act("choose", { side: this.side, group: mark.group });
        }
      },
      typed(event) {
        const move = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
        if (!move || !this.marks.length) return;
        event.preventDefault();
        this.at = Math.max(0, Math.min(this.marks.length - 1, this.at + move));
        const button = this.$refs.marks[this.at];
        if (button) button.focus();
      },
      point() {},
    },
  };
})(SG.charts);
