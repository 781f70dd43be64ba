// A curve over the days: drawn by the learner with a pointer or the keyboard, and compared with the run.

SG.KNOTS = 13;

SG.parts["sg-lesson-curve"] = {
  props: ["asked", "days", "predicted", "found", "editable"],
  data: () => ({ values: [], at: 0, pressed: false, last: null, wide: 260, high: 150 }),
  created() { this.fill(); },
  // Every message brings new objects: only what stands in them says whether anything changed.
  watch: { days() { this.fill(); }, kept() { this.fill(); } },
  computed: {
    ui() { return SG.ui; },
    kept() { return JSON.stringify(this.predicted); },
    box() { return { left: 34, right: this.wide - 6, top: 8, bottom: this.high - 18 }; },
    top() {
      const seen = this.found ? this.found.points.map((p) => p[1]) : [];
      return Math.max(this.asked.high, ...seen);
    },
    knots() { return this.values.map((v, i) => [this.dayOf(i), v]); },
    drawnPath() { return this.path(this.knots.filter((p) => p[1] !== null)); },
    foundPath() { return this.found ? this.path(this.found.points) : ""; },
    cursor() { return { x: this.x(this.dayOf(this.at)), y: this.y(this.here) }; },
    here() { return this.values[this.at] === null ? this.middle : this.values[this.at]; },
    middle() { return (this.asked.low + this.asked.high) / 2; },
    ticks() { return [0, 0.5, 1].map((part) => ({ v: part * this.top, y: this.y(part * this.top) })); },
    dayTicks() { return [0, 0.5, 1].map((part) => Math.round(part * this.days)); },
    said() {
      return SG.t("lessons.draw_label", { day: this.dayOf(this.at), value: this.shown(this.here) });
    },
    name() { return SG.t("lessons.measures." + this.asked.measure); },
  },
  template: `
<div class="sg-curve-lesson">
  <svg :viewBox="'0 0 ' + wide + ' ' + high" data-testid="draw" :class="{'sg-editable': editable}"
       :role="editable ? 'slider' : 'img'" :tabindex="editable ? 0 : undefined"
       :aria-label="editable ? t('lessons.draw_hint') : name" :aria-valuemin="editable ? asked.low : undefined"
       :aria-valuemax="editable ? asked.high : undefined" :aria-valuenow="editable ? here : undefined"
       :aria-valuetext="editable ? said : undefined"
       @pointerdown="press" @pointermove="move" @pointerup="release" @pointercancel="release" @keydown="key">
    <g v-for="tick in ticks" :key="tick.y">
      <line :x1="box.left" :x2="box.right" :y1="tick.y" :y2="tick.y" class="sg-curve-line"></line>
      <text :x="box.left - 4" :y="tick.y + 3" text-anchor="end">{{ shown(tick.v) }}</text>
    </g>
    <text v-for="day in dayTicks" :key="'d' + day" :x="x(day)" :y="high - 5"
          :text-anchor="day === 0 ? 'start' : day === days ? 'end' : 'middle'">{{ day }}</text>
    <path v-if="foundPath" :d="foundPath" class="sg-curve-found"></path>
    <path v-if="drawnPath" :d="drawnPath" class="sg-curve-drawn"></path>
    <circle v-if="editable" :cx="cursor.x" :cy="cursor.y" r="4" class="sg-curve-knot"></circle>
  </svg>
  <p class="sg-curve-key"><span v-if="drawnPath"><i class="drawn"></i>{{ t('lessons.predicted') }}</span>
    <span v-if="foundPath"><i class="found"></i>{{ t('lessons.found') }}</span><span class="sg-soft">{{ name }}</span></p>
</div>`,
  methods: {
    t: SG.t,
    fill() {
      const given = this.predicted ? this.predicted.points : [];
      this.values = Array.from({ length: SG.KNOTS }, (_, i) => {
        const near = given.find((p) => p[0] === this.dayOf(i));
        return near ? near[1] : null;
      });
    },
    dayOf(i) { return Math.round((i * this.days) / (SG.KNOTS - 1)); },
    x(day) { return this.box.left + ((this.box.right - this.box.left) * day) / this.days; },
    y(value) { return this.box.bottom - ((this.box.bottom - this.box.top) * value) / this.top; },
    path(points) { return points.map((p, i) => (i ? "L" : "M") + this.x(p[0]).toFixed(1) + " " + this.y(p[1]).toFixed(1)).join(""); },
    shown(value) { return this.asked.high <= 1 ? SG.percent(value) : SG.number(value); },
    clear() {
      this.values = this.values.map(() => null);
      this.at = 0;
      this.$emit("drawn", []);
    },
    set(i, value) {
      const v = Math.min(this.asked.high, Math.max(this.asked.low, value));
      this.values.splice(i, 1, v);
      this.$emit("drawn", this.knots.filter((p) => p[1] !== null));
    },
    place(event) {
      const box = event.currentTarget.getBoundingClientRect();
      const x = ((event.clientX - box.left) * this.wide) / box.width;
      const y = ((event.clientY - box.top) * this.high) / box.height;
      const part = (x - this.box.left) / (this.box.right - this.box.left);
      const i = Math.round(Math.min(1, Math.max(0, part)) * (SG.KNOTS - 1));
      return [i, ((this.box.bottom - y) / (this.box.bottom - this.box.top)) * this.top];
    },
    press(event) {
      if (!this.editable) return;
      this.pressed = true;
      this.last = null;
      event.currentTarget.setPointerCapture(event.pointerId);
      this.move(event);
    },
    move(event) {
      if (!this.pressed) return;
      const [i, value] = this.place(event);
      const [from, was] = this.last || [i, value];
      const step = i >= from ? 1 : -1;
      for (let k = from; k !== i + step; k += step) {
        this.set(k, i === from ? value : was + ((value - was) * (k - from)) / (i - from));
      }
      this.at = i;
      this.last = [i, value];
    },
    release() { this.pressed = false; },
    key(event) {
      if (!this.editable) return;
      const step = (this.asked.high - this.asked.low) / 20;
      const far = SG.KNOTS - 1;
      const sideways = { ArrowLeft: -1, ArrowRight: 1, Home: -far, End: far }[event.key];
      const upward = { ArrowUp: step, ArrowDown: -step }[event.key];
      if (sideways === undefined && upward === undefined) return;
      event.preventDefault();
      if (upward) this.set(this.at, this.here + upward);
      if (!sideways) return;
      const value = this.here;
      const to = Math.min(far, Math.max(0, this.at + sideways));
      const way = Math.sign(to - this.at);
      for (let k = this.at; way && k !== to + way; k += way) {
        if (this.values[k] === null) this.set(k, value);
      }
      this.at = to;
    },
  },
};
