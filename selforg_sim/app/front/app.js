// The page itself: three columns, or tabs on a narrow screen.

SG.parts["sg-app"] = {
  data: () => ({ ui: SG.ui }),
  computed: {
    state() { return this.ui.state; },
    classes() {
      return ["sg", this.ui.dark ? "dark" : "", this.ui.narrow ? "narrow" : "",
        this.ui.narrow ? "tab-" + this.ui.tab : ""];
    },
    tabs() { return ["pictures", this.state.lesson ? "lesson" : "levers", "who"]; },
    onlyLevers() { return this.state.lesson ? this.state.lesson.levers || null : null; },
  },
  template: `
<div :class="classes" data-testid="page" :lang="ui.lang === 'zh' ? 'zh-CN' : 'en'">
  <div v-if="!ui.ready || !state" class="sg-wait" role="status">
    <template v-if="ui.notice"><p role="alert" data-testid="notice">{{ ui.notice.text }}</p></template>
    <template v-else>selforg …</template>
  </div>
  <template v-else>
    <a class="sg-skip" href="#sg-pictures">{{ t('page.skip') }}</a>
    <sg-header></sg-header>
    <div v-if="ui.notice" :class="['sg-notice', 'sg-notice-' + ui.notice.kind]" :role="ui.notice.kind === 'error' ? 'alert' : 'status'"
         data-testid="notice">
      <span>{{ ui.notice.text }}</span>
      <button class="sg-button plain" @click="ui.notice = null" :aria-label="t('page.close')">✕</button>
    </div>
    <nav v-if="ui.narrow" class="sg-tabs" :aria-label="t('page.tabs')">
      <button v-for="name in tabs" :key="name" class="sg-button" :aria-pressed="String(ui.tab === name)"
              :data-testid="'tab-' + name" @click="ui.tab = name">{{ t('page.tab_' + name) }}</button>
    </nav>
    <div class="sg-columns">
      <aside class="sg-left" :aria-label="t('page.levers')">
        <sg-lesson v-if="has('sg-lesson') && state.lesson"></sg-lesson>
        <sg-hands v-if="state.sides === 2"></sg-hands>
        <sg-levers v-if="has('sg-levers')" :only="onlyLevers" :number="state.hand"></sg-levers>
        <sg-more></sg-more>
      </aside>
      <section class="sg-middle" id="sg-pictures" tabindex="-1" :aria-label="t('page.pictures')">
        <sg-transport></sg-transport>
        <sg-pictures></sg-pictures>
      </section>
      <aside class="sg-right" :aria-label="t('page.who')">
        <sg-who></sg-who>
      </aside>
    </div>
    <footer class="sg-footer"><sg-gauges v-if="has('sg-gauges')"></sg-gauges></footer>
    <sg-summary></sg-summary>
  </template>
</div>`,
  methods: {
    t: SG.t,
    has: SG.has,
  },
};

SG.back = () => {
  if (SG.ui.panel) SG.ui.panel = null;
  else if (SG.ui.notice) SG.ui.notice = null;
  else if (SG.ui.chosen) SG.act("choose", {});
};

SG.page = {
  beforeCreate() {
    // ipyvue hands over no components of a script, so they are registered here.
    Object.assign(this.$options.components, SG.parts);
    for (const part of Object.values(SG.parts)) {
      part.components = Object.assign({}, SG.parts, part.components);
    }
  },
  data: () => ({ ui: SG.ui }),
  created() { SG.send = (data) => this.act(data); },
  mounted() {
    const query = window.matchMedia("(max-width: 800px)");
    const narrow = () => { SG.ui.narrow = query.matches; };
    narrow();
    query.addEventListener("change", narrow);
    this.leave = (event) => { if (event.key === "Escape") SG.back(); };
    window.addEventListener("keydown", this.leave);
    const zoom = document.querySelector("meta[name=viewport]");
    if (zoom) zoom.content = "width=device-width, initial-scale=1"; // Solara's forbids to enlarge
    const dark = SG.remembered("dark");
    SG.ui.dark = dark === null ? window.matchMedia("(prefers-color-scheme: dark)").matches : dark === "1";
    const lang = SG.remembered("lang") || navigator.language;
    window.__sg = SG;
    SG.act("hello", { lang, query: window.location.search, width: window.innerWidth });
    // A message that was the last one for a while can be missed by its number only so.
    this.beat = window.setInterval(() => SG.tell("heard", { number: SG.heard }), 3000);
  },
  beforeDestroy() {
    window.clearInterval(this.beat);
    window.removeEventListener("keydown", this.leave);
  },
  methods: {
    jupyter_begin(data, number) { SG.hear("begin", data, number); },
    jupyter_state(data, number) { SG.hear("state", data, number); },
    jupyter_frame(data, number) { SG.hear("frame", data, number); },
    jupyter_answer(data, number) { SG.hear("answer", data, number); },
    jupyter_notice(data, number) { SG.hear("notice", data, number); },
    jupyter_ping(data, number) { SG.hear("ping", data, number); },
  },
};
