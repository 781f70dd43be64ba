// The right column: the story of a person or a group.

SG.bar = (share) => ({ width: Math.max(1, Math.round(100 * share)) + "%" });

SG.parts["sg-who"] = {
  data: () => ({ ui: SG.ui, asked: "" }),
  computed: {
    story() { return this.ui.story; },
    what() { return this.story ? ("person" in this.story ? "sg-person" : "sg-group-story") : null; },
    old() { return this.story && this.story.day !== this.ui.day; },
  },
  template: `
<section class="sg-who" data-testid="who">
  <form class="sg-ask" @submit.prevent="ask">
    <label>{{ t('who.ask') }} <input type="number" min="0" :max="ui.state.people - 1" v-model="asked" data-testid="ask"></label>
    <button class="sg-button" type="submit">{{ t('who.show') }}</button>
  </form>
  <p v-if="!story" class="sg-soft">{{ t('who.nobody') }}</p>
  <template v-else>
    <div class="sg-who-head">
      <p class="sg-soft" data-testid="told">{{ t('who.told', {day: story.day}) }}<template v-if="ui.state.sides === 2"> · {{ story.side ? 'B' : 'A' }}</template></p>
      <button v-if="old" class="sg-button" data-testid="again" @click="again">{{ t('who.again') }}</button>
      <button class="sg-button plain" data-testid="close" :aria-label="t('page.close')" @click="close">✕</button>
    </div>
    <component :is="what" :story="story"></component>
  </template>
</section>`,
  methods: {
    t: SG.t,
    ask() { if (this.asked !== "") SG.act("choose", { side: this.ui.state.hand, person: this.asked }); },
    again() { SG.act("story", {}); },
    close() { SG.act("choose", {}); },
  },
};

SG.parts["sg-weights"] = {
  props: ["dims", "values", "core", "name"],
  computed: {
    // A weight is a part of a vector of length one: its square is its share.
    rows() {
      return this.dims.map((dim, k) => ({
        dim, own: this.values[k] ** 2, core: this.core ? this.core[k] ** 2 : null,
      })).sort((a, b) => b.own - a.own);
    },
  },
  template: `
<table class="sg-weights"><caption>{{ name }}</caption>
  <tr v-for="row in rows" :key="row.dim">
    <th scope="row">{{ word(row.dim) }}</th>
    <td class="sg-bars"><span class="sg-bar" :style="bar(row.own)"></span>
      <span v-if="row.core !== null" class="sg-bar other" :style="bar(row.core)"></span></td>
    <td class="sg-value">{{ percent(row.own) }}<template v-if="row.core !== null"> · {{ percent(row.core) }}</template></td>
  </tr>
</table>`,
  methods: {
    bar: SG.bar,
    percent: SG.percent,
    word(dim) { const key = "dims." + dim; return SG.t(key) === key ? dim : SG.t(key); },
  },
};

SG.parts["sg-reasons"] = {
  props: ["why"],
  computed: {
    rows() { return Object.entries(this.why).filter((r) => r[1] >= 0.01).sort((a, b) => b[1] - a[1]); },
  },
  template: `
<ul class="sg-reasons" data-testid="reasons">
  <li v-for="row in rows" :key="row[0]"><span class="sg-bar" :style="bar(row[1])"></span>
    <span>{{ t('why.' + row[0]) }}</span> <b>{{ percent(row[1]) }}</b></li>
</ul>`,
  methods: { t: SG.t, bar: SG.bar, percent: SG.percent },
};

SG.parts["sg-person"] = {
  props: ["story"],
  data: () => ({ ui: SG.ui }),
  computed: {
    main() { return this.story.now.length ? this.story.now.reduce((a, b) => (b.hours > a.hours ? b : a)) : null; },
    shown() { return this.story.stays.slice().sort((a, b) => b.joined - a.joined); },
  },
  template: `
<article data-testid="person">
  <h2>{{ t('who.person', {name: story.name}) }}</h2>
  <p>{{ t('who.kind', {kind: kindName(story.kind), hours: number(story.budget, 1)}) }}</p>
  <h3>{{ t('who.now') }}</h3>
  <p v-if="!story.now.length" class="sg-soft">{{ t('who.nowhere') }}</p>
  <ul v-else class="sg-list">
    <li v-for="m in story.now" :key="m.group">
      <span :class="'sg-mark ' + m.standing" aria-hidden="true">{{ marks[m.standing] }}</span>
      <button class="sg-link" @click="group(m.group)">{{ named(m.name) }}</button>:
      {{ t('standing.' + m.standing) }}, {{ t('who.minutes', {n: number(60 * m.hours)}) }}, {{ t('who.belonging', {n: percent(m.belonging)}) }}
    </li>
  </ul>
  <sg-weights :dims="story.dims" :values="story.values" :core="main && main.values"
              :name="main ? t('who.values_beside', {group: named(main.name)}) : t('who.values')"></sg-weights>
  <h3>{{ t('who.curve') }}</h3>
  <sg-curve :curves="story.curves" :until="story.day"></sg-curve>
  <h3>{{ t('who.stays', {n: story.stays.length}) }}</h3>
  <section v-for="(stay, n) in shown" :key="n" class="sg-stay" data-testid="stay">
    <h4><button class="sg-link" @click="group(stay.group)">{{ named(stay.name) }}</button></h4>
    <p>{{ came(stay) }} {{ went(stay) }}</p>
    <sg-reasons v-if="stay.left !== null" :why="stay.why"></sg-reasons>
  </section>
  <details v-if="ui.lang === 'en'"><summary>{{ t('who.sentences') }}</summary>
    <p v-for="(line, n) in story.story" :key="n" class="sg-story">{{ line }}</p></details>
</article>`,
  methods: {
    t: SG.t,
    named: SG.named,
    kindName: SG.kindName,
    number: SG.number,
    percent: SG.percent,
    group(group) { SG.act("choose", { side: this.story.side, group }); },
    came(stay) {
      const key = { invited: "invited", founded: "founded", "split off": "split" }[stay.came] || "found";
      return SG.t("who.came_" + key, { day: stay.joined, by: stay.invited_by });
    },
    went(stay) {
      if (stay.left === null) return SG.t("who.still", { day: this.story.day });
      return SG.t("reason." + stay.reason.replace(" ", "_"), { day: stay.left, days: stay.left - stay.joined });
    },
  },
  created() { this.marks = SG.MARKS; },
};

SG.parts["sg-curve"] = {
  props: ["curves", "until"],
  computed: {
    lines() {
      const until = Math.max(1, this.until);
      return this.curves.map((curve) => ({
        name: curve.name, colour: SG.groupColour(curve.group),
        points: curve.days.map((day, k) => `${(30 + 250 * day / until).toFixed(1)},${(80 - 70 * curve.belonging[k]).toFixed(1)}`).join(" "),
      }));
    },
  },
  template: `
<svg class="sg-curve" viewBox="0 0 290 100" role="img" :aria-label="t('who.curve')" data-testid="curve">
  <line x1="30" x2="280" y1="80" y2="80" class="sg-axis"></line>
  <text x="26" y="14" text-anchor="end">100%</text><text x="26" y="83" text-anchor="end">0</text>
  <text x="30" y="95">0</text><text x="280" y="95" text-anchor="end">{{ t('who.day', {day: until}) }}</text>
  <template v-for="line in lines">
    <polyline v-if="line.points.indexOf(' ') > 0" :points="line.points" :stroke="line.colour"></polyline>
    <circle v-else :cx="line.points.split(',')[0]" :cy="line.points.split(',')[1]" r="2" :fill="line.colour"></circle>
  </template>
</svg>`,
  methods: { t: SG.t },
};

SG.parts["sg-group-story"] = {
  props: ["story"],
  data: () => ({ ui: SG.ui }),
  template: `
<article data-testid="group">
  <h2>{{ t('who.group', {name: named(story.name)}) }}</h2>
  <p>{{ begun }} {{ now }} {{ largest }}</p>
  <p v-if="story.children.length">{{ t('who.children') }}
    <button v-for="c in story.children" :key="c.group" class="sg-link" @click="group(c.group)">{{ named(c.name) }} </button></p>
  <ul class="sg-list"><li v-for="name in standings" :key="name">
    <span :class="'sg-mark ' + name" aria-hidden="true">{{ marks[name] }}</span> {{ t('standing.' + name) }}: {{ number(story.standing[name]) }}</li></ul>
  <sg-weights :dims="story.dims" :values="story.values" :core="story.first_values" :name="t('who.core')"></sg-weights>
  <h3>{{ t('who.leading') }}</h3>
  <ol class="sg-list"><li v-for="m in story.leading" :key="m.person">
    <span :class="'sg-mark ' + m.standing" aria-hidden="true">{{ marks[m.standing] }}</span>
    <button class="sg-link" data-testid="leading" @click="person(m.person)">{{ t('who.person', {name: m.person}) }}</button>, {{ t('standing.' + m.standing) }}</li></ol>
  <h3>{{ t('who.why_they') }}</h3>
  <sg-reasons v-if="Object.keys(story.why).length" :why="story.why"></sg-reasons>
  <p v-else class="sg-soft">{{ t('who.nobody_left') }}</p>
</article>`,
  computed: {
    begun() {
      const s = this.story;
      return s.parent ? SG.t("who.split_from", { day: s.founded, parent: SG.named(s.parent) })
        : SG.t("who.opened", { day: s.founded, founder: s.founder });
    },
    now() {
      const s = this.story;
      if (s.ended !== null) return SG.t("who.ended", { day: s.ended });
      return SG.t(s.owner < 0 ? "who.size_alone" : "who.size", { size: SG.number(s.size), ever: SG.number(s.ever) });
    },
    largest() { return SG.t("who.largest", { size: SG.number(this.story.largest.size), day: this.story.largest.day }); },
    standings() { return SG.STANDINGS.filter((name) => this.story.standing[name]); },
  },
  methods: {
    t: SG.t,
    named: SG.named,
    number: SG.number,
    group(group) { SG.act("choose", { side: this.story.side, group }); },
    person(person) { SG.act("choose", { side: this.story.side, person }); },
  },
  created() { this.marks = SG.MARKS; },
};
