// What all components share: the store, words, colours, and the messages of the visit.

const SG = { parts: {}, on: {}, send: null };

SG.STANDINGS = ["owner", "core", "contributor", "lurker", "quiet", "troublemaker"];
SG.MARKS = {
  owner: "★", core: "●", contributor: "▲", lurker: "○", quiet: "–", troublemaker: "✕",
};
SG.GROUP_COLOURS = [
  "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a6a00", "#56b4e9",
  "#8b4513", "#5f4b8b", "#e69f00", "#2f7f7f", "#a23b3b", "#6b8e23",
];
SG.groupColour = (id) => SG.GROUP_COLOURS[id % SG.GROUP_COLOURS.length];

SG.newSide = () => ({
  day: -1, horizon: 0, names: [], parents: [], founded: [], budget: 0, events: [],
  size: [], people: [], belonging: [], low: [], high: [],
  retained: [], involved: [], with_results: [], happy: [],
  standing: [], why: [], left: [], groupSize: [], groupBelonging: [], groupHours: [],
  map: null, space: null,
});
SG.LISTS = [
  "size", "people", "belonging", "low", "high", "retained", "involved", "with_results", "happy",
  "standing", "why", "left", "groupSize", "groupBelonging", "groupHours",
];

SG.data = { sides: [SG.newSide(), SG.newSide()], whys: [] };

SG.remembered = (key) => {
  try { return window.localStorage.getItem("selforg." + key); } catch (error) { return null; }
};
SG.remember = (key, value) => {
  try { window.localStorage.setItem("selforg." + key, value); } catch (error) { /* not kept */ }
};

SG.newStore = () => ({
  ready: false, lang: "en", texts: {}, scenarios: [], levers: [], lessons: [], limits: {},
  state: null, chosen: null, story: null, view: "map", notice: null, busy: false,
  parted: null, runs: null, tick: 0, day: 0, tab: "pictures", narrow: false, panel: null,
  dark: false,
});
SG.ui = SG.newStore();

// What the page says by itself, and what its visitor does.
SG.tell = (name, data) => {
  if (SG.send) SG.send(Object.assign({}, data || {}, { act: name }));
};
SG.act = (name, data) => {
  SG.ui.notice = null; // it was said of what was done before
  SG.tell(name, data);
};

// Words: SG.t("charts.members", {n: 3}); "{n} {n|group|groups}" is "1 group" or "3 groups".
SG.t = (key, values) => {
  let word = SG.ui.texts;
  for (const part of key.split(".")) word = word === undefined ? undefined : word[part];
  if (typeof word !== "string") return key;
  if (!values) return word;
  return word
    .replace(/\{(\w+)\|([^|}]*)\|([^}]*)\}/g, (all, name, one, many) => (String(values[name]) === "1" ? one : many))
    .replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
};
SG.number = (x, digits) => (x === null || x === undefined || Number.isNaN(x)) ? "–"
  : Number(x).toLocaleString(SG.ui.lang === "zh" ? "zh-CN" : "en-US",
    { maximumFractionDigits: digits === undefined ? 0 : digits });
SG.percent = (x) => (x === null || x === undefined || Number.isNaN(x)) ? "–" : Math.round(100 * x) + "%";

// Messages of the visit. Each has the number after that of the one before: if one is missing, it
// got lost with the connection, and everything is asked for anew.
SG.heard = 0;
SG.missing = false;
SG.hear = (kind, data, number) => {
  if (number !== SG.heard + 1) {
    SG.missing = true;
    SG.tell("lost");
  }
  SG.heard = number;
  SG.received[kind](data);
};
SG.received = {
  begin(data) {
    SG.missing = false;
    Object.assign(SG.ui, data, { ready: true });
    SG.data.whys = data.whys;
    document.documentElement.lang = data.lang === "zh" ? "zh-CN" : "en";
  },
  state(data) {
    const before = SG.ui.state && SG.ui.state.lesson;
    const opened = data.lesson && (!before || before.id !== data.lesson.id);
    if (opened && SG.ui.narrow) SG.ui.tab = "lesson";
    if (!data.lesson && SG.ui.tab === "lesson") SG.ui.tab = "levers";
    SG.ui.state = data;
    SG.ui.lang = data.lang;
    SG.ui.view = data.view;
    SG.ui.parted = data.parted;
    SG.ui.chosen = data.chosen;
    if (!data.chosen) SG.ui.story = null;
    if (data.sides === 1) SG.data.sides[1] = SG.newSide();
  },
  frame(data) {
    if (!SG.missing) {
      for (const frame of data.sides) SG.take(SG.data.sides[frame.side], frame);
      SG.ui.parted = data.parted;
      SG.ui.day = SG.data.sides[0].day;
      SG.ui.tick += 1;
      SG.frames += 1;
    }
    // The page says so when it has drawn; only then comes the next frame. A hidden page draws
    // nothing, and says so all the same.
    const drawn = () => SG.tell("drawn");
    if (document.hidden) window.setTimeout(drawn, 250);
    else window.requestAnimationFrame(() => window.setTimeout(drawn, 0));
  },
  answer(data) {
    if (SG.on[data.topic]) SG.on[data.topic](data);
  },
  notice(data) { SG.ui.notice = data; },
  ping() {},
};
SG.frames = 0;

SG.take = (side, frame) => {
  for (const name of SG.LISTS) {
    side[name].length = Math.min(side[name].length, frame.from);
    for (const value of frame[name]) side[name].push(value);
  }
  side.events = side.events.filter((event) => event.day < frame.from).concat(frame.events);
  side.day = frame.day;
  side.horizon = frame.horizon;
  for (const name of ["names", "parents", "founded", "budget"]) {
    if (frame[name] !== undefined) side[name] = frame[name];
  }
  if (frame.map) side.map = Object.assign({}, side.map, frame.map);
  if (frame.space) SG.takeSpace(side, frame.space);
};

// Of every core the places of some days, and last of all where it is now.
SG.takeSpace = (side, space) => {
  const known = Object.assign({ trails: {} }, side.space);
  const { trails, cores, ...rest } = space;
  const fixed = {};
  const now = {};
  for (const [group, core] of Object.entries(cores)) {
    const before = (known.trails[group] || []).filter((place) => place[0] < space.since);
    fixed[group] = before.concat(trails[group] || []);
    now[group] = fixed[group].filter((place) => place[0] < core[0]).concat([core]);
  }
  side.space = Object.assign(known, rest, { trails: fixed, cores: now });
};

SG.on.story = (data) => { SG.ui.story = data; };

// What a group or a kind of people is called here: names that are words are translated, "old.1" too.
SG.wordOr = (key, word) => (SG.t(key) === key ? word : SG.t(key));
SG.named = (name) => String(name).replace(/^[a-z]+(?=$|[+._]\d)/, (word) => SG.wordOr("names." + word, word));
SG.kindName = (kind) => SG.wordOr("kinds." + kind, SG.named(kind));
SG.has = (name) => name in SG.parts;
