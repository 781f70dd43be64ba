// The menus of lessons and puzzles in the head of the page, and what the model leaves out.

SG.parts["sg-lesson-list"] = {
  props: ["kind", "label"],
  computed: {
    shown() { return SG.ui.panel === this.kind; },
    all() { return SG.ui.lessons.filter((lesson) => lesson.kind === this.kind); },
    now() { return SG.ui.state.lesson; },
  },
  watch: {
    shown(on) {
      if (on) this.$nextTick(() => this.$refs.list.querySelector("button").focus());
      else if (this.$refs.list.contains(document.activeElement)) this.$refs.button.focus();
    },
  },
  mounted() {
    this.elsewhere = (event) => { if (this.shown && !this.$el.contains(event.target)) this.toggle(); };
    document.addEventListener("pointerdown", this.elsewhere);
  },
  beforeDestroy() { document.removeEventListener("pointerdown", this.elsewhere); },
  template: `
<div class="sg-menu">
  <button ref="button" class="sg-button" :data-testid="'menu-' + kind" :aria-expanded="String(shown)" @click="toggle">{{ label }} ▾</button>
  <ol v-if="shown" ref="list" :class="['sg-menu-list', kind]" :data-testid="'list-' + kind">
    <li v-for="lesson in all" :key="lesson.id"><button class="sg-menu-item" :data-testid="'open-' + lesson.id"
      :aria-current="now && now.id === lesson.id ? 'true' : undefined" @click="open(lesson.id)"><b>{{ lesson.number }}</b> {{ lesson.title }}</button></li>
  </ol>
</div>`,
  methods: {
    toggle() { SG.ui.panel = this.shown ? null : this.kind; },
    open(id) { SG.openLesson(id); },
  },
};

SG.openLesson = (id) => {
  SG.ui.panel = null;
  SG.ui.notice = null;
  SG.lessonAsked = id !== "sandbox";
  SG.act("lesson", { id });
};

SG.parts["sg-lesson-menu"] = {
  computed: {
    ui() { return SG.ui; },
    label() {
      const lesson = SG.ui.state.lesson;
      const open = lesson && lesson.kind === "lesson";
      return open ? SG.t("lessons.menu_lesson", { number: lesson.number }) : SG.t("lessons.menu");
    },
    sandbox() { const lesson = SG.ui.state.lesson; return Boolean(lesson && lesson.kind === "sandbox"); },
  },
  template: `
<nav class="sg-lesson-menu" :aria-label="t('lessons.menu')">
  <sg-lesson-list kind="lesson" :label="label"></sg-lesson-list>
  <button class="sg-button" data-testid="sandbox" :aria-pressed="String(sandbox)" @click="open">{{ t('lessons.sandbox') }}</button>
  <sg-lesson-list kind="puzzle" :label="t('lessons.puzzles')"></sg-lesson-list>
  <sg-leaves-out v-if="ui.panel === 'leaves'"></sg-leaves-out>
</nav>`,
  methods: { t: SG.t, open() { SG.openLesson("sandbox"); } },
};

SG.parts["sg-leaves-out"] = {
  computed: { points() { return SG.t("lessons.leaves.points").split("|"); } },
  mounted() { this.before = document.activeElement; this.$refs.close.focus(); },
  beforeDestroy() { if (this.before && this.before.focus) this.before.focus(); },
  template: `
<div class="sg-veil" @click.self="close">
  <div class="sg-dialog" role="dialog" aria-modal="true" aria-labelledby="sg-leaves-title" data-testid="leaves" @keydown.tab.prevent>
    <h2 id="sg-leaves-title">{{ t('lessons.leaves.title') }}</h2>
    <p>{{ t('lessons.leaves.intro') }}</p>
    <ul><li v-for="point in points" :key="point">{{ point }}</li></ul>
    <button ref="close" class="sg-button main" data-testid="leaves-close" @click="close">{{ t('lessons.leaves.close') }}</button>
  </div>
</div>`,
  methods: { t: SG.t, close() { SG.ui.panel = null; } },
};
