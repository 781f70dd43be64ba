// The middle: every picture in its frame.

SG.parts["sg-pictures"] = {
  data: () => ({ ui: SG.ui }),
  computed: {
    two() { return this.ui.state.sides === 2; },
    side() { return this.two ? this.ui.state.hand : 0; },
    views() { return ["map", "values", "hours"]; },
    inView() { return { map: "sg-map", values: "sg-space", hours: "sg-hours" }[this.ui.view]; },
    parting() {
      if (!this.two) return "";
      if (this.ui.parted !== null) return SG.t("page.parted", { day: this.ui.parted });
      const { values, other } = this.ui.state;
      const same = JSON.stringify(values) === JSON.stringify(other);
      return SG.t(same ? "page.alike" : "page.alike_still");
    },
  },
  template: `
<div class="sg-pictures">
  <p v-if="two" class="sg-parting" data-testid="parting">{{ parting }}</p>
  <div class="sg-row">
    <component :is="'sg-lines'" v-if="has('sg-lines')" what="members" class="sg-panel"></component>
    <component :is="'sg-lines'" v-if="has('sg-lines')" what="belonging" class="sg-panel"></component>
  </div>
  <component :is="'sg-difference'" v-if="two && has('sg-difference')" class="sg-panel"></component>
  <component :is="'sg-runs'" v-if="ui.runs && has('sg-runs')" class="sg-panel"></component>
  <component :is="'sg-events'" v-if="has('sg-events')" :side="side" class="sg-panel"></component>
  <div class="sg-row">
    <component :is="'sg-standings'" v-if="has('sg-standings')" :side="side" class="sg-panel"></component>
    <component :is="'sg-why'" v-if="has('sg-why')" :side="side" class="sg-panel"></component>
  </div>
  <section class="sg-panel sg-view">
    <div class="sg-group" role="group" :aria-label="t('page.views')">
      <button v-for="v in views" :key="v" class="sg-button" :data-testid="'view-' + v"
              :aria-pressed="String(ui.view === v)" @click="look(v)">{{ t('page.view_' + v) }}</button>
    </div>
    <component :is="inView" v-if="has(inView)" :side="side"></component>
  </section>
</div>`,
  methods: {
    t: SG.t,
    has: SG.has,
    look(view) { SG.act("view", { view }); },
  },
};
