// What all charts have in common: when they draw, their frame, their legend, what hovering tells.
(function (charts) {
  "use strict";
  const REST = 220; // ms between two drawings of one chart: its lines hardly move in less
  const SHIFT = 6; // ms of one animation frame that charts may take
  const waiting = new Set();
  let asked = false;

  function ask() {
    if (asked || !waiting.size) return;
    asked = true;
    requestAnimationFrame(work);
  }

  function work() {
    asked = false;
    const begun = performance.now();
    for (const chart of Array.from(waiting)) {
      if (begun - chart.drawn < REST) continue;
      waiting.delete(chart);
      chart.drawn = begun;
      chart.draw();
      if (performance.now() - begun > SHIFT) break;
    }
    ask();
  }

  const NAMES = ["ground", "panel", "ink", "soft", "line", "accent"];
  let colours = null;
  let coloursFor = null;

  /** Colours of the page as plain values: a picture that leaves the page takes them along. */
  charts.colours = function (element) {
    const key = String(SG.ui.dark);
    if (colours && coloursFor === key) return colours;
    const style = getComputedStyle(element);
    const read = (name) => style.getPropertyValue("--" + name).trim() || "#777777";
    colours = {};
    for (const name of NAMES.concat(SG.STANDINGS)) colours[name] = read(name);
    colours.other = SG.ui.dark ? "#f0a33a" : "#b35900"; // side B beside the accent of side A
    coloursFor = key;
    return colours;
  };

  const wide = (text) => Array.from(text).reduce((w, c) => w + (c > "\u2e80" ? 12 : 6.6), 0);

  /** Where the entries of a legend go when the picture stands alone, below what the page shows. */
  function aloneLegend(keys, width, height) {
    let x = 8, y = height + 32;
    return keys.map((key) => {
      const need = wide(key.word) + 34;
      if (x + need > width && x > 8) [x, y] = [8, y + 16];
      const place = { x, y, word: key.word, mark: key.mark, colour: key.colour };
      x += need;
      return place;
    });
  }

  charts.Chart = {
    props: { side: { type: Number, default: 0 } },
    data() {
      return { width: 0, height: 0, view: null, hover: null, off: {}, spoken: "" };
    },
    computed: {
      ui: () => SG.ui,
      title() { return ""; },
      seen() { return (this.view && this.view.seen) || SG.t("charts.nothing"); },
      keys() { return (this.view && this.view.keys) || []; },
      alone() { return aloneLegend(this.keys, this.width, this.height); },
      fullHeight() {
        return this.alone.length ? this.alone[this.alone.length - 1].y + 10 : this.height + 26;
      },
      /** High enough for the whole of what is told to be seen. */
      tipTop() {
        const lines = this.hover ? this.hover.rows.length + 1 : 0;
        return Math.max(0, Math.min((this.hover && this.hover.y) || 0, this.height - 17 * lines - 18));
      },
      ink() { return (this.view && this.view.colours) || {}; },
    },
    created() {
      this.drawn = -REST;
      this.pane = null;
    },
    mounted() {
      this.watcher = new ResizeObserver(() => this.measure());
      if (this.$refs.box) this.watcher.observe(this.$refs.box);
      this.measure();
      this.$watch(() => this.because(), () => this.mark());
    },
    beforeDestroy() {
      waiting.delete(this);
      if (this.watcher) this.watcher.disconnect();
    },
    methods: {
      t: (key, values) => SG.t(key, values),
      because() {
        const ui = SG.ui;
        const sides = ui.state && ui.state.sides;
        return [ui.tick, ui.lang, ui.dark, ui.chosen, ui.parted, ui.runs, sides, ui.texts];
      },
      mark() {
        waiting.add(this);
        ask();
      },
      measure() {
        const box = this.$refs.box;
        if (!box || (box.clientWidth === this.width && box.clientHeight === this.height)) return;
        this.width = box.clientWidth;
        this.height = box.clientHeight;
        this.drawn = -REST;
        this.mark();
      },
      world(side) {
        const index = side === undefined ? this.side : side;
        return (SG.data && SG.data.sides && SG.data.sides[index]) || null;
      },
      /** A title, with the letter of the one world that is shown where there are two. */
      ofSide(title) { return this.whose() + title; },
      whose() { return SG.ui.state && SG.ui.state.sides === 2 ? "AB"[this.side] + ": " : ""; },
      /** The sides that a chart of both shows. */
      worlds() {
        const two = SG.ui.state && SG.ui.state.sides === 2;
        return (two ? [0, 1] : [this.side]).filter((side) => this.begun(this.world(side)));
      },
      begun: (world) => Boolean(world && world.size && world.size.length && world.day >= 0),
      draw() {
        if (!this.width || !this.$refs.box) return;
        const made = this.compose(charts.colours(this.$refs.box));
        this.view = made ? Object.freeze(made) : null;
        if (this.hover) this.point(this.hover);
        if (this.paint) this.paint();
      },
      toggle(name) {
        this.$set(this.off, name, !this.off[name]);
        this.drawn = -REST;
        this.mark();
      },
      /** A sheet to paint on, sharp on screens of any density. */
      sheet() {
        const canvas = this.$refs.sheet;
        const dense = Math.min(2, window.devicePixelRatio || 1);
        const [w, h] = [Math.round(this.width * dense), Math.round(this.height * dense)];
        if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
        const pen = canvas.getContext("2d");
        pen.setTransform(dense, 0, 0, dense, 0, 0);
        pen.clearRect(0, 0, this.width, this.height);
        return pen;
      },
      over(event) {
        const box = this.$refs.box.getBoundingClientRect();
        this.point({ px: event.clientX - box.left, py: event.clientY - box.top });
      },
      away() { this.hover = null; },
      /** Tell what is at a place of the picture; `told` comes from the chart. */
      point(at) {
        const told = this.view && this.tell ? this.tell(at) : null;
        this.hover = told ? Object.freeze(Object.assign({}, at, told)) : null;
      },
      say() {
        if (this.hover) {
          const rows = this.hover.rows.map((row) => row.text);
          this.spoken = [this.hover.title].concat(rows).join(", ");
        }
      },
      press() {
        if (this.hover && this.hover.act) SG.act(this.hover.act[0], this.hover.act[1]);
      },
      typed(event) {
        if (event.key === "Escape" && this.hover) {
          this.away(); // and the page goes back
        } else if (event.key === "Enter" || event.key === " ") {
          this.press();
          event.preventDefault();
        } else if (this.step && this.view && this.step(event.key, event.shiftKey)) {
          event.preventDefault();
          this.say();
        }
      },
    },
  };
})(SG.charts);
