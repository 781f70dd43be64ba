// The panel of levers: nine foldable points; in a lesson only its own levers, unfolded.
{
  const SENT_EVERY = 150; // ms between two acts while a slider is being drawn

  function decimals(step) {
    const text = String(step);
    return text.indexOf(".") < 0 ? 0 : text.length - text.indexOf(".") - 1;
  }

  // One lever: its name, control, number, sentence.
  SG.parts["sg-lever"] = {
    props: ["lever", "value", "side", "changed"],
    data: () => ({ drawn: null, timer: null }),
    template: `
<div class="sg-lever" :class="{'sg-lever-changed': changed}">
  <div class="sg-lever-head">
    <label :for="id">{{ words.name }}<span v-if="changed" class="sg-lever-dot" role="img" :aria-label="t('levers.differs')" :title="t('levers.differs')">●</span></label>
    <output v-if="lever.kind === 'slider'" :for="id" class="sg-lever-number">{{ number(shown) }} <small>{{ words.unit }}</small></output>
    <button v-if="changed" type="button" class="sg-lever-reset" :data-testid="'reset-' + lever.key" :title="t('levers.reset')" :aria-label="words.name + ': ' + t('levers.reset')" @click="reset">↺</button>
  </div>
  <div v-if="lever.kind === 'slider'" class="sg-lever-track">
    <input type="range" :id="id" :data-testid="'lever-' + lever.key" :min="lever.low" :max="lever.high" :step="lever.step"
      :value.prop="shown" :aria-valuetext="number(shown) + ' ' + words.unit" :aria-describedby="id + '-says'" @input="draw" @change="drop">
    <div class="sg-lever-typical" :style="typical" :title="typicalText"></div>
    <div class="sg-lever-ends"><span>{{ words.low_word }}</span><span>{{ words.high_word }}</span></div>
  </div>
  <select v-else-if="lever.kind === 'choice'" :id="id" :data-testid="'lever-' + lever.key" :aria-describedby="id + '-says'" @change="choose">
    <option v-for="(option, index) in options" :key="index" :value="index" :selected="option.value === value">{{ option.name }}</option>
  </select>
  <label v-else class="sg-lever-switch"><input type="checkbox" :id="id" :data-testid="'lever-' + lever.key" :checked.prop="value" :aria-label="words.name" :aria-describedby="id + '-says'" @change="flip">
    {{ t(value ? 'levers.on' : 'levers.off') }}</label>
  <p class="sg-lever-says" :id="id + '-says'">{{ words.sentence }}
    <em v-if="waits">{{ t('levers.restarts') }}</em>
    <span class="sg-lever-rule" :title="'selforg_sim/rules/' + lever.rule">{{ t('levers.rule') }}: {{ lever.rule }}</span>
  </p>
</div>`,
    computed: {
      id() { return "sg-lever-" + this.side + "-" + this.lever.key; },
      words() { return this.lever[SG.ui.lang] || this.lever.en; },
      shown() { return this.drawn === null ? this.value : this.drawn; },
      waits() { return !this.lever.live && SG.ui.state.when !== "restart"; },
      options() {
        const names = this.words.choices;
        const list = this.lever.choices.map((value, i) => ({ value, name: names[i] }));
        const value = this.value;
        const known = list.some((option) => option.value === value);
        return known ? list : list.concat([{ value, name: SG.wordOr("levers.choice." + value, String(value)) }]);
      },
      typical() {
        const low = this.lever.low, wide = this.lever.high - low || 1, ends = this.lever.typical;
        if (!ends.length) return { display: "none" };
        const from = Math.max(0, (ends[0] - low) / wide), to = Math.min(1, (ends[1] - low) / wide);
        return { left: 100 * from + "%", width: 100 * Math.max(0.01, to - from) + "%" };
      },
      typicalText() {
        const ends = this.lever.typical;
        return ends.length ? this.t("levers.typical", { low: this.number(ends[0]), high: this.number(ends[1]) }) : "";
      }
    },
    watch: { value() { if (!this.timer) this.drawn = null; } },
    beforeDestroy() { clearTimeout(this.timer); },
    methods: {
      t: SG.t,
      number(value) {
        const lang = SG.ui.lang === "zh" ? "zh-CN" : "en";
        if (/\.count$/.test(this.lever.setting)) {
          return Number(value).toLocaleString(lang, { style: "percent", maximumFractionDigits: 1 });
        }
        return Number(value).toLocaleString(lang, { maximumFractionDigits: decimals(this.lever.step) });
      },
      send(value) { SG.act("lever", { side: this.side, key: this.lever.key, value }); },
      draw(event) {
        this.drawn = Number(event.target.value);
        if (this.waits || SG.ui.state.when === "restart" || this.timer) return;
        this.timer = setTimeout(() => {
          this.timer = null;
          if (this.drawn !== null) this.send(this.drawn);
        }, SENT_EVERY);
      },
      drop(event) {
        clearTimeout(this.timer);
        this.timer = null;
        this.drawn = Number(event.target.value);
        this.send(this.drawn);
      },
      choose(event) { this.send(this.options[Number(event.target.value)].value); },
      flip(event) { this.send(event.target.checked); },
      reset() { this.drawn = null; this.send(null); }
    }
  };

  SG.parts["sg-levers"] = {
    props: { only: { default: null }, number: { default: 0 } },
    template: `
<section class="sg-levers" :aria-label="title" data-testid="levers">
  <h2>{{ title }}</h2>
  <fieldset class="sg-levers-when" :aria-label="t('levers.when')">
    <label v-for="when in ['now', 'restart']" :key="when" :title="t('levers.' + when + '_what')"><input type="radio" name="sg-when" :data-testid="'when-' + when" :value="when"
      :checked.prop="ui.state.when === when" @change="setWhen(when)"> {{ t('levers.' + when) }}</label>
  </fieldset>
  <template v-if="only">
    <sg-lever v-for="lever in listed" :key="number + lever.key" :lever="lever" :side="number" :value="values[lever.key]" :changed="differs(lever)"></sg-lever>
  </template>
  <details v-else v-for="point in points" :key="point.number" class="sg-point" :open="point.number === 3" :data-testid="'point-' + point.number">
    <summary><b>{{ point.number }}</b> {{ t('levers.points.' + point.number) }}<span v-if="point.changed" class="sg-lever-dot" role="img" :aria-label="t('levers.differs')">●</span></summary>
    <sg-lever v-for="lever in point.levers" :key="number + lever.key" :lever="lever" :side="number" :value="values[lever.key]" :changed="differs(lever)"></sg-lever>
    <p v-if="!point.levers.length" class="sg-lever-says">{{ t('levers.left_out') }}</p>
  </details>
</section>`,
    computed: {
      ui() { return SG.ui; },
      values() { return (this.number ? SG.ui.state.other : SG.ui.state.values) || {}; },
      title() {
        return SG.ui.state.sides === 2 ? SG.t("levers.side", { side: this.number ? "B" : "A" }) : SG.t("levers.title");
      },
      listed() {
        const only = this.only, values = this.values;
        return SG.ui.levers.filter((lever) => lever.key in values && (!only || only.includes(lever.key)));
      },
      points() {
        return [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => {
          const levers = this.listed.filter((lever) => lever.point === number);
          return { number, levers, changed: levers.some(this.differs) };
        });
      }
    },
    methods: {
      t: SG.t,
      differs(lever) { return (SG.ui.state.changed || []).includes(lever.key); },
      setWhen(when) { SG.act("when", { when }); }
    }
  };
}
