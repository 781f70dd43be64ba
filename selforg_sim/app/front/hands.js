// A|B: whose levers are in the hand; and, under the levers, what else can be done with a world.

SG.parts["sg-hands"] = {
  data: () => ({ ui: SG.ui }),
  template: `
<div class="sg-hands" role="group" :aria-label="t('page.hand')">
  <button v-for="(name, n) in ['A', 'B']" :key="n" class="sg-button" :data-testid="'hand-' + name"
          :aria-pressed="String(ui.state.hand === n)" @click="hand(n)">{{ t('page.levers_of', {world: name}) }}</button>
</div>`,
  methods: { t: SG.t, hand(side) { SG.act("hand", { side }); } },
};

SG.parts["sg-more"] = {
  data: () => ({ ui: SG.ui }),
  computed: {
    running() { return this.ui.runs !== null && this.ui.runs.done < this.ui.runs.of && !this.ui.runs.failed; },
    failed() { return SG.whyRunsFailed(this.ui.runs); },
  },
  template: `
<div class="sg-more">
  <button class="sg-button" data-testid="runs" :disabled="running" @click="run">{{ t('page.runs') }}</button>
  <span v-if="running" role="status" data-testid="runs-done">{{ t('page.runs_done', ui.runs) }}</span>
  <span v-if="failed" role="alert" class="sg-notice-error" data-testid="runs-failed">{{ failed }}</span>
</div>`,
  methods: { t: SG.t, run() { SG.act("runs", {}); } },
};

SG.whyRunsFailed = (runs) => {
  if (!runs || !runs.failed) return null;
  return runs.failed === "killed" ? SG.t("page.runs_killed") : SG.t("page.runs_failed", { why: runs.failed });
};

SG.on.runs = (data) => { SG.ui.runs = data.sides ? data : null; };
