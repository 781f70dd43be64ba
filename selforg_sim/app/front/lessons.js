// The panel of a lesson: question, steps, prediction, run, comparison, task.

SG.parts["sg-lesson-predict"] = {
  props: ["lesson"],
  data: () => ({ points: null, guesses: {} }),
  computed: {
    asked() { return this.lesson.prediction; },
    kept() { return this.lesson.predicted; },
  },
  watch: { "lesson.id"() { this.points = null; this.guesses = {}; } },
  template: `
<div class="sg-lesson-predict">
  <fieldset v-if="asked.kind === 'choose'"><legend>{{ asked.text }}</legend>
    <label v-for="(option, n) in asked.options" :key="n"><input type="radio" name="sg-predict" :value="n" :data-testid="'option-' + n"
      :checked.prop="kept !== null && kept.choice === n" @change="act({choice: n})"> {{ option }}</label>
  </fieldset>
  <template v-else-if="asked.kind === 'draw'">
    <p><b>{{ asked.text }}</b></p>
    <sg-lesson-curve ref="curve" :key="lesson.id" :asked="asked" :days="lesson.days" :predicted="kept" :editable="true" @drawn="drawn"></sg-lesson-curve>
    <p class="sg-soft">{{ t('lessons.draw_hint') }}</p>
    <button class="sg-button" data-testid="save" :disabled="!points || points.length < 2" @click="act({points})">{{ t('lessons.save') }}</button>
    <button class="sg-button" data-testid="clear" @click="$refs.curve.clear()">{{ t('lessons.draw_clear') }}</button>
  </template>
  <fieldset v-else><legend>{{ asked.text }}</legend>
    <label v-for="name in asked.measures" :key="name" class="sg-guess">{{ t('lessons.measures.' + name) }}
      <input type="range" min="0" max="1" step="0.05" :value="guess(name)" :data-testid="'guess-' + name"
             :aria-valuetext="percent(guess(name))" @input="set(name, Number($event.target.value))">
      <output>{{ percent(guess(name)) }}</output></label>
    <button class="sg-button" data-testid="save" @click="keep">{{ t('lessons.save') }}</button>
  </fieldset>
  <p v-if="kept" role="status" data-testid="kept">{{ t('lessons.kept') }}</p>
</div>`,
  methods: {
    t: SG.t,
    percent: SG.percent,
    act(data) { SG.act("predict", data); },
    drawn(points) { this.points = points; },
    guess(name) {
      if (name in this.guesses) return this.guesses[name];
      return this.kept ? this.kept.guesses[name] : 0.5;
    },
    set(name, value) { this.$set(this.guesses, name, value); },
    keep() {
      const guesses = {};
      for (const name of this.asked.measures) guesses[name] = this.guess(name);
      SG.act("predict", { guesses });
    },
  },
};

SG.parts["sg-lesson-compare"] = {
  props: ["lesson"],
  computed: {
    asked() { return this.lesson.prediction; },
    kept() { return this.lesson.predicted; },
    found() { return this.lesson.found; },
    verdict() {
      if (!this.kept) return SG.t("lessons.not_predicted");
      return SG.t(this.kept.choice === this.found.choice ? "lessons.right" : "lessons.wrong");
    },
  },
  template: `
<div class="sg-lesson-compare" data-testid="compare">
  <template v-if="asked.kind === 'choose'">
    <ul class="sg-list"><li v-for="(option, n) in asked.options" :key="n" :class="{'sg-found': found.choice === n}">
      {{ option }} <span v-if="kept && kept.choice === n" class="sg-tag">{{ t('lessons.predicted') }}</span>
      <span v-if="found.choice === n" class="sg-tag found">{{ t('lessons.found') }}</span></li></ul>
    <p role="status"><b>{{ verdict }}</b></p>
  </template>
  <sg-lesson-curve v-else-if="asked.kind === 'draw'" key="compared" :asked="asked" :days="lesson.days" :predicted="kept" :found="found" :editable="false"></sg-lesson-curve>
  <table v-else class="sg-guesses"><thead><tr><td></td><th scope="col">{{ t('lessons.predicted') }}</th><th scope="col">{{ t('lessons.found') }}</th></tr></thead>
    <tbody><tr v-for="name in asked.measures" :key="name"><th scope="row">{{ t('lessons.measures.' + name) }}</th>
      <td>{{ kept ? percent(kept.guesses[name]) : '–' }}</td><td>{{ percent(found.guesses[name]) }}</td></tr></tbody></table>
  <h3>{{ t('lessons.compare') }}</h3>
  <p>{{ lesson.compare }}</p>
</div>`,
  methods: { t: SG.t, percent: SG.percent },
};

SG.parts["sg-lesson-task"] = {
  props: ["lesson"],
  computed: {
    horizon() { return SG.ui.state.horizon; },
    next() {
      const same = SG.ui.lessons.filter((other) => other.kind === this.lesson.kind);
      return same.find((other) => other.number === this.lesson.number + 1) || null;
    },
    praise() { return "lessons.done_" + (this.next ? "" : "last_") + this.lesson.kind; },
  },
  template: `
<div class="sg-lesson-task">
  <p v-if="lesson.needs_first" data-testid="needs-first">{{ t('lessons.needs_first', {days: lesson.days}) }}</p>
  <ul class="sg-list"><li v-for="(task, n) in lesson.tasks" :key="n" :data-testid="'task-' + n" :class="{'sg-done': task.done}">
    <span class="sg-tick" role="img" :aria-label="t(task.done ? 'lessons.done' : 'lessons.todo')">{{ task.done ? '☑' : '☐' }}</span>
    <span>{{ task.text }} <span v-if="!task.done && task.progress > 0" class="sg-soft">({{ t('lessons.progress', {n: Math.round(100 * task.progress)}) }})</span></span></li></ul>
  <button v-if="lesson.tasks.length" class="sg-button" data-testid="try" :aria-disabled="String(lesson.needs_first)" @click="run">{{ t('lessons.try', {days: horizon}) }}</button>
  <p v-if="lesson.done" class="sg-all-done" role="status" data-testid="done">{{ t(praise) }}
    <button v-if="next" class="sg-link" data-testid="next-lesson" @click="open">{{ t('lessons.next_' + lesson.kind) }}: {{ next.title }}</button></p>
</div>`,
  methods: {
    t: SG.t,
    run() { if (!this.lesson.needs_first) SG.act("lesson_run", { keep: true }); },
    open() { SG.act("lesson", { id: this.next.id }); },
  },
};

SG.parts["sg-lesson"] = {
  computed: {
    lesson() { return SG.ui.state.lesson; },
    names() { return this.lesson.steps.length === 3 ? ["predict", "run", "task"] : []; },
    step() { return this.names[this.lesson.step] || "task"; },
    running() { return SG.ui.state.hurry !== null; },
    open() { return !this.lesson.prediction || this.lesson.predicted !== null; },
    blocked() { return !this.open || this.running; },
    place() { return this.lesson.id + " " + this.lesson.step; },
    // Whether what is there differs from how the lesson begins, which its own run leaves aside.
    changed() {
      const { seed, sides, pulled } = SG.ui.state;
      return seed !== this.lesson.seed || sides > 1 || pulled.some((levers) => levers.length > 0);
    },
    head() {
      const { kind, number, title } = this.lesson;
      if (kind === "sandbox") return title;
      return SG.t(kind === "puzzle" ? "lessons.puzzle_number" : "lessons.lesson_number", { number, title });
    },
  },
  watch: { place() { this.$nextTick(this.begin); } },
  mounted() { if (SG.lessonAsked) this.begin(); },
  template: `
<section class="sg-lesson" data-testid="lesson" :aria-label="head">
  <div class="sg-lesson-head"><h2 ref="head" tabindex="-1" data-testid="lesson-head">{{ head }}</h2>
    <button class="sg-button plain" data-testid="lesson-close" :aria-label="t('lessons.close')" :title="t('lessons.close')" @click="close">✕</button></div>
  <p class="sg-question">{{ lesson.question }}</p>
  <div v-if="names.length" class="sg-group sg-steps" role="group" :aria-label="t('lessons.steps')">
    <button v-for="(name, n) in names" :key="name" class="sg-button" :data-testid="'step-' + n" :aria-pressed="String(lesson.step === n)"
            @click="go(n)">{{ n + 1 }} {{ t('lessons.step_' + name) }}</button></div>
  <p>{{ lesson.steps[lesson.step] }}</p>
  <template v-if="step === 'predict'">
    <sg-lesson-predict :lesson="lesson"></sg-lesson-predict>
    <button class="sg-button main" data-testid="next" :disabled="!open" @click="go(1)">{{ t('lessons.next') }}</button>
  </template>
  <template v-else-if="step === 'run'">
    <p v-if="!open" class="sg-soft">{{ t('lessons.first_predict') }}</p>
    <p v-if="changed && !running" class="sg-soft" data-testid="run-own">{{ t('lessons.run_own', {seed: lesson.seed}) }}</p>
    <button :class="['sg-button', lesson.found ? '' : 'main']" data-testid="run" :aria-disabled="String(blocked)" @click="run">{{ running ? t('lessons.running') : lesson.found ? t('lessons.rerun') : t('lessons.run', {days: lesson.days}) }}</button>
    <sg-lesson-compare v-if="lesson.found" :lesson="lesson"></sg-lesson-compare>
    <button v-if="lesson.found" class="sg-button main" data-testid="next" @click="go(2)">{{ t('lessons.next') }}</button>
  </template>
  <sg-lesson-task v-else-if="lesson.tasks.length" :lesson="lesson"></sg-lesson-task>
  <p><button class="sg-link" data-testid="leaves-out" @click="leaves">{{ t('lessons.leaves_out') }}</button></p>
</section>`,
  methods: {
    t: SG.t,
    begin() { SG.lessonAsked = false; this.$refs.head.focus(); },
    go(step) { SG.act("lesson_step", { step }); },
    run() { if (!this.blocked) SG.act("lesson_run", {}); },
    close() { SG.act("lesson", { id: null }); if (SG.ui.tab === "lesson") SG.ui.tab = "pictures"; },
    leaves() { SG.ui.panel = "leaves"; },
  },
};
