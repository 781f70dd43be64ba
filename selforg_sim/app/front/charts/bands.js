// Charts of layers one upon the other: how they are drawn, and what they tell.
(function (charts) {
  "use strict";
  /** Bodies of a chart of layers; `view.layers` comes from `charts.stack`. */
  charts.LAYERS = `
    <template v-if="view">
      <path v-for="layer in view.layers" :key="layer.name" :d="layer.path" :fill="layer.colour"
        :stroke="ink.panel" stroke-width="0.6" :fill-opacity="hover && hover.layer !== undefined
          && hover.layer !== layer.name ? 0.45 : 0.92"/>
      <text v-for="layer in view.layers" :key="'t' + layer.name" v-if="layer.thick > 13 &&
          layer.x - view.pane.left > 90" :x="layer.x - 5" :y="layer.y + 4" text-anchor="end"
        :fill="layer.on || '#111111'" font-weight="600">{{ layer.mark }} {{ layer.word }}</text>
    </template>`;

  /** Dark or light letters, whichever can be read on a colour given as #rrggbb. */
  charts.lettersOn = function (colour) {
    const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
    if (!hex) return "#111111";
    const part = (text) => Math.pow(parseInt(text, 16) / 255, 2.2);
    const light = 0.2126 * part(hex[1]) + 0.7152 * part(hex[2]) + 0.0722 * part(hex[3]);
    return light > 0.18 ? "#111111" : "#ffffff";
  };

  /** What a chart of layers tells of the day under the pointer, and which layer is there. */
  charts.layered = {
    methods: {
      tell(at) {
        const day = this.dayAt(at);
        const world = this.world();
        if (!this.begun(world)) return null;
        const pane = this.view.pane;
        const amounts = this.amounts(world, day);
        const layers = this.view.layers;
        let sum = 0, layer;
        layers.forEach((each, k) => {
          const low = sum;
          sum += amounts[k] || 0;
          if (at.py <= pane.y(low) && at.py >= pane.y(sum)) layer = each.name;
        });
        const rows = layers.map((each, k) => ({
          mark: each.mark, colour: each.colour, text: each.word + " " + this.amountWord(amounts[k], amounts),
        }));
        return {
          day, x: pane.x(day), y: 6, rows: rows.reverse(), layer,
          title: SG.t("charts.on_day", { day: SG.number(day) }),
          act: this.actOf ? this.actOf(layer) : undefined,
        };
      },
    },
  };
})(SG.charts);
