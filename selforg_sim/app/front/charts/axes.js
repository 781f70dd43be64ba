// Scales, ticks and paths that every chart shares. Numbers in, strings out; nothing is kept.
SG.charts = {};
(function (charts) {
  "use strict";
  const POINTS = 300; // a line needs no more to look smooth
  const round = (value) => Math.round(value * 10) / 10;

  /** The part of a picture that data is drawn in, with its two scales; `word` writes values. */
  charts.pane = function (width, height, days, top, bottom, margins) {
    const m = Object.assign({ left: 38, right: 10, top: 8, bottom: 18 }, margins);
    if (m.word) m.left = 14 + 6.4 * Math.max(m.word(top).length, m.word(bottom).length);
    const w = Math.max(1, width - m.left - m.right);
    const h = Math.max(1, height - m.top - m.bottom);
    const span = Math.max(1, days);
    const range = top - bottom || 1;
    return {
      width, height, left: m.left, right: m.left + w, top: m.top, bottom: m.top + h,
      high: top, low: bottom,
      x: (day) => round(m.left + (day / span) * w),
      y: (value) => round(m.top + h - ((value - bottom) / range) * h),
      day: (x) => Math.max(0, Math.min(span, Math.round(((x - m.left) / w) * span))),
    };
  };

  /** A round number at or above what is to be shown, so that the scale seldom jumps. */
  charts.roof = function (value) {
    if (!(value > 0)) return 1;
    const power = Math.pow(10, Math.floor(Math.log10(value)));
    const part = value / power;
    return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => part <= step + 1e-9) * power;
  };

  charts.yTicks = function (pane, word, count) {
    const parts = count || 2;
    return Array.from({ length: parts + 1 }, (_, i) => {
      const value = pane.low + ((pane.high - pane.low) * i) / parts;
      return { y: pane.y(value), text: word(value) };
    });
  };

  /** Few days along the bottom; the last one is always the horizon. */
  charts.xTicks = function (pane, days) {
    const room = Math.max(1, Math.floor((pane.right - pane.left) / 56));
    const steps = [1, 2, 5, 7, 10, 14, 30, 60, 90, 180, 365, 730, 1825, 3650, 7300, 36500];
    const step = steps.find((s) => days / s <= room) || days;
    const ticks = [];
    for (let day = 0; day <= days; day += step) {
      if (day && pane.right - pane.x(day) < 58) continue;
      ticks.push({ x: pane.x(day), text: SG.number(day), anchor: day ? "middle" : "start" });
    }
    ticks.push({ x: pane.right, text: SG.t("charts.day", { day: SG.number(days) }), anchor: "end" });
    return ticks;
  };

  /** Days to draw: at most POINTS of them, and always the newest. */
  charts.days = function (last) {
    const step = Math.max(1, Math.ceil(last / POINTS));
    const days = [];
    for (let day = 0; day < last; day += step) days.push(day);
    days.push(last);
    return days;
  };

  const missing = (value) => value === null || value === undefined || Number.isNaN(value);
  charts.missing = missing;

  /** A line that breaks where nothing is defined. */
  charts.line = function (pane, days, value) {
    let path = "";
    let pen = "M";
    for (const day of days) {
      const v = value(day);
      if (missing(v)) pen = "M";
      else {
        path += pen + pane.x(day) + " " + pane.y(v);
        pen = "L";
      }
    }
    return path;
  };

  /** The area between two values of each day. */
  charts.area = function (pane, days, low, high) {
    const there = days.filter((day) => !missing(low(day)) && !missing(high(day)));
    if (there.length < 2) return "";
    const above = there.map((day) => pane.x(day) + " " + pane.y(high(day)));
    const below = there.reverse().map((day) => pane.x(day) + " " + pane.y(low(day)));
    return "M" + above.concat(below).join("L") + "Z";
  };

  /** Layers one upon the other: an area for each, given a list of amounts for each day. */
  charts.stack = function (pane, days, layers, amounts) {
    const sums = days.map(() => 0);
    return layers.map((layer, k) => {
      const low = sums.slice();
      days.forEach((_, i) => (sums[i] += amounts[i][k] || 0));
      const place = new Map(days.map((day, i) => [day, i]));
      const end = days.length - 1;
      return Object.assign({}, layer, {
        path: charts.area(pane, days, (d) => low[place.get(d)], (d) => sums[place.get(d)]),
        x: pane.x(days[end]), y: pane.y((low[end] + sums[end]) / 2),
        thick: pane.y(low[end]) - pane.y(sums[end]),
      });
    });
  };

  const known = new WeakMap();
  /** Sum, mean and largest of one day's numbers by group; remembered as long as the day is. */
  charts.ofGroups = function (row) {
    if (!row) return { sum: 0, mean: null, max: 0, count: 0 };
    let found = known.get(row);
    if (found && found.length === row.length) return found;
    let sum = 0, max = 0, count = 0;
    for (const value of row) {
      if (missing(value)) continue;
      sum += value;
      count += 1;
      if (value > max) max = value;
    }
    found = { sum, max, count, mean: count ? sum / count : null, length: row.length };
    known.set(row, found);
    return found;
  };

  /** Rows of the groups with the largest numbers, largest first. */
  charts.largest = function (amounts, count) {
    const rows = [];
    (amounts || []).forEach((value, row) => {
      if (!missing(value) && value > 0) rows.push(row);
    });
    return rows.sort((a, b) => amounts[b] - amounts[a] || a - b).slice(0, count);
  };

  charts.name = (world, row) => SG.named((world.names && world.names[row]) || "#" + row);
})(SG.charts);
