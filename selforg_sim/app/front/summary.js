// The state in sentences, for those who hear the page: spoken when the world stands still.

SG.parts["sg-summary"] = {
  data: () => ({ ui: SG.ui }),
  computed: {
    still() { return !this.ui.state.playing && this.ui.state.hurry === null; },
    text() {
      const all = this.ui.tick >= 0 ? SG.data.sides.slice(0, this.ui.state.sides) : [];
      return all.map((side, n) => {
        const d = side.day;
        if (d < 0) return "";
        const groups = side.groupSize[d].filter((size) => size !== null).length;
        const said = SG.t("page.summary", {
          day: d, groups, people: SG.number(side.people[d]), members: SG.number(side.size[d]),
          belonging: SG.percent(side.belonging[d]), stayed: SG.percent(side.retained[d]),
          took: SG.percent(side.involved[d]), got: SG.percent(side.with_results[d]), happy: SG.percent(side.happy[d]),
        });
        return (all.length > 1 ? (n ? "B: " : "A: ") : "") + said;
      }).join(" ");
    },
  },
  template: `<p class="sg-hidden" data-testid="summary" :aria-live="still ? 'polite' : 'off'">{{ text }}</p>`,
};
