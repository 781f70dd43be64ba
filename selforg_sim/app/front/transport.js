// Play, pause, step, the day, the speed, the seed.

SG.ICONS = {
  play: "M5 3l10 6-10 6z", pause: "M4 3h3.5v12H4zM10.5 3H14v12h-3.5z",
  step: "M4 3l7 6-7 6zM12 3h2.5v12H12z", reset: "M14 3L7 9l7 6zM3.5 3H6v12H3.5z",
};
SG.parts["sg-icon"] = {
  props: ["name"],
  computed: { path() { return SG.ICONS[this.name]; } },
  template: `<svg class="sg-icon" viewBox="0 0 18 18" width="16" height="16" aria-hidden="true"><path :d="path" fill="currentColor"></path></svg>`,
};

SG.parts["sg-transport"] = {
  data: () => ({ ui: SG.ui, drag: null, typed: null }),
  computed: {
    state() { return this.ui.state; },
    moving() { return this.state.playing || this.state.hurry !== null; },
    day() { return this.drag === null ? this.ui.day : this.drag; },
  },
  template: `
<div class="sg-transport" role="group" :aria-label="t('page.transport')">
  <button v-if="moving" class="sg-button main" data-testid="pause" @click="act('pause')" :title="t('page.pause')"
          :aria-label="t('page.pause')"><sg-icon name="pause"></sg-icon></button>
  <button v-else class="sg-button main" data-testid="play" @click="act('play')" :title="t('page.play')"
          :aria-label="t('page.play')"><sg-icon name="play"></sg-icon></button>
  <button class="sg-button" data-testid="step" @click="act('step')" :title="t('page.step')" :aria-label="t('page.step')"><sg-icon name="step"></sg-icon></button>
  <button class="sg-button" data-testid="reset" @click="act('reset')" :title="t('page.reset')" :aria-label="t('page.reset')"><sg-icon name="reset"></sg-icon></button>
  <span class="sg-day" data-testid="day">{{ t('page.day', {day: number(day), horizon: number(state.horizon)}) }}</span>
  <input class="sg-slide" type="range" min="0" :max="state.horizon" :value="day" data-testid="slide"
         :aria-label="t('page.goto')" @input="drag = Number($event.target.value)"
         @change="go(Number($event.target.value))">
  <div class="sg-group" role="group" :aria-label="t('page.speed')">
    <button v-for="s in ['1', '10', 'max']" :key="s" class="sg-button" :data-testid="'speed-' + s"
            :aria-pressed="String(state.speed === s)" @click="act('speed', {speed: s})">{{ s === 'max' ? t('page.max') : '×' + s }}</button>
  </div>
  <label class="sg-seed">{{ t('page.seed') }}
    <input type="number" min="0" step="1" :value="typed === null ? state.seed : typed" data-testid="seed"
           @input="typed = $event.target.value" @blur="typed = null" @change="sow"></label>
  <button class="sg-button" data-testid="luck" :title="t('page.luck')" :aria-label="t('page.luck')" @click="luck">⚄</button>
</div>`,
  methods: {
    t: SG.t,
    number: SG.number,
    act: SG.act,
    go(day) { this.drag = null; SG.act("goto", { day }); },
    sow() {
      SG.act("seed", { seed: this.typed });
      this.typed = null;
    },
    luck() { SG.act("seed", { seed: Number(this.state.seed) + 1 }); },
  },
};
