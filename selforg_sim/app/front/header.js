// The head of the page: lessons, presets, A or A|B, language, light, sharing.

SG.parts["sg-header"] = {
  data: () => ({ ui: SG.ui }),
  computed: {
    presets() {
      const { scenario, title, own, lesson } = this.ui.state;
      const known = (name) => this.ui.scenarios.some((s) => s.name === name);
      const first = own ? [{ name: "own", title: own }] : [];
      if (scenario !== "own" && !known(scenario)) {
        first.push({ name: scenario, title: lesson ? lesson.title : title || scenario });
      }
      return first.concat(this.ui.scenarios);
    },
  },
  template: `
<header class="sg-header">
  <h1 class="sg-brand">selforg</h1>
  <sg-lesson-menu v-if="has('sg-lesson-menu')"></sg-lesson-menu>
  <label class="sg-preset"><span class="sg-hidden">{{ t('page.scenario') }}</span>
    <select :value="ui.state.scenario" data-testid="preset" @change="preset($event.target.value)">
      <option v-for="s in presets" :key="s.name" :value="s.name">{{ named(s) }}</option>
    </select>
  </label>
  <span class="sg-space"></span>
  <div class="sg-group" role="group" :aria-label="t('page.worlds')">
    <button class="sg-button" data-testid="one" :aria-pressed="String(ui.state.sides === 1)" @click="two(false)">A</button>
    <button class="sg-button" data-testid="two" :aria-pressed="String(ui.state.sides === 2)" @click="two(true)"
            :title="t('page.two')">A|B</button>
  </div>
  <button class="sg-button" data-testid="lang" :lang="ui.lang === 'zh' ? 'en' : 'zh-CN'" @click="lang">{{ ui.lang === 'zh' ? 'English' : '中文' }}</button>
  <button class="sg-button" data-testid="dark" :aria-label="t('page.dark')" :title="t('page.dark')"
          :aria-pressed="String(ui.dark)" @click="dark">◐</button>
  <sg-share v-if="has('sg-share')"></sg-share>
</header>`,
  methods: {
    t: SG.t,
    has: SG.has,
    named(s) { return SG.wordOr("scenarios." + s.name, s.title || s.name); },
    preset(name) { SG.act("preset", { name }); },
    two(on) { SG.act("two", { on }); },
    lang() {
      const lang = this.ui.lang === "zh" ? "en" : "zh";
      SG.remember("lang", lang);
      SG.act("lang", { lang });
    },
    dark() {
      this.ui.dark = !this.ui.dark;
      SG.remember("dark", this.ui.dark ? "1" : "0");
    },
  },
};
