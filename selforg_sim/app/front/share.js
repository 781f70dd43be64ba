// Taking things out of the page and into it: link, files, pictures, the command, one's own scenario.

SG.on.share = (data) => { SG.given[data.what] && SG.given[data.what](data); };
SG.given = {};

SG.download = (file, content, type) => {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  document.body.appendChild(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

SG.fail = (text) => { SG.ui.notice = { text, kind: "error" }; };

SG.parts["sg-share"] = {
  data: () => ({ ui: SG.ui, link: "", command: "", commandFile: "", copied: "", pictures: [] }),
  computed: {
    files() { return ["toml", "series", "groups"].concat(this.ui.state.lesson ? ["report"] : []); },
    open() { return this.ui.panel === "share"; },
    size() { return SG.number((this.ui.limits.upload_bytes || 0) / 1000); },
    where() {
      const { scenario, seed, sides } = this.ui.state;
      return [scenario, seed, sides, this.ui.lang].join();
    },
  },
  watch: {
    open(now) { if (now) this.opened(); else this.$refs.button.focus(); },
    where() { this.link = ""; this.command = ""; },
  },
  created() {
    Object.assign(SG.given, {
      link: (data) => this.linkIs(data.text),
      command: (data) => { this.command = data.text; this.commandFile = data.file; },
      toml: (data) => SG.download(data.file, data.text, "application/toml"),
      preset: (data) => SG.download(data.file, data.text, "application/toml"),
      series: (data) => SG.download(data.file, "\ufeff" + data.text, "text/csv"),
      groups: (data) => SG.download(data.file, "\ufeff" + data.text, "text/csv"),
      report: (data) => SG.download(data.file, data.text, "text/markdown"),
    });
  },
  template: `
<div class="sg-share">
  <button ref="button" class="sg-button" data-testid="share" :aria-expanded="String(open)" aria-haspopup="dialog"
          :aria-label="t('share.open')" @click="ui.panel = open ? null : 'share'">{{ t('share.title') }}</button>
  <div v-if="open" class="sg-share-panel" role="dialog" :aria-label="t('share.open')" data-testid="share-panel">
    <button class="sg-button plain sg-share-close" :aria-label="t('share.close')" @click="ui.panel = null">✕</button>
    <section>
      <h2>{{ t('share.link_title') }}</h2>
      <button ref="first" class="sg-button" data-testid="share-link" @click="give('link')">{{ t('share.link') }}</button>
      <p>{{ t('share.link_what') }}</p>
      <input v-if="link" ref="link" class="sg-share-text" readonly :value="link" :aria-label="t('share.link_title')"
             data-testid="share-link-text" @focus="$event.target.select()">
      <p v-if="link" role="status">{{ copied === link ? t('share.copied') : t('share.copy_by_hand') }}</p>
    </section>
    <section>
      <h2>{{ t('share.files_title') }}</h2>
      <button v-for="what in files" :key="what" class="sg-button" :data-testid="'share-' + what"
              @click="give(what)">{{ t('share.' + what) }}</button>
    </section>
    <section v-if="pictures.length">
      <h2>{{ t('share.charts_title') }}</h2>
      <div v-for="picture in pictures" :key="picture.name" class="sg-share-picture">
        <span>{{ picture.title }}</span>
        <button class="sg-button" :aria-label="t('share.svg', { name: picture.title })"
                :data-testid="'share-svg-' + picture.name" @click="svg(picture)">SVG</button>
        <button class="sg-button" :aria-label="t('share.png', { name: picture.title })"
                :data-testid="'share-png-' + picture.name" @click="png(picture)">PNG</button>
      </div>
    </section>
    <section>
      <h2>{{ t('share.command_title') }}</h2>
      <button class="sg-button" data-testid="share-command" @click="give('command')">{{ t('share.command') }}</button>
      <p>{{ t('share.command_what') }}</p>
      <template v-if="command">
        <pre class="sg-share-command" tabindex="0" data-testid="share-command-text">{{ command }}</pre>
        <p v-if="commandFile">{{ t('share.command_file', { file: commandFile }) }}
          <button class="sg-button" data-testid="share-preset" @click="give('preset')">{{ t('share.preset', { file: commandFile }) }}</button></p>
        <button class="sg-button" @click="copy(command)">{{ t('share.copy') }}</button>
        <span v-if="copied === command" role="status">{{ t('share.copied') }}</span>
      </template>
    </section>
    <section>
      <h2>{{ t('share.upload_title') }}</h2>
      <label class="sg-button sg-share-upload">{{ t('share.upload') }}
        <input type="file" accept=".toml" class="sg-hidden" data-testid="share-upload" @change="upload($event.target)">
      </label>
      <p>{{ t('share.upload_what', { size }) }}</p>
    </section>
  </div>
</div>`,
  methods: {
    t: SG.t,
    give(what) { SG.act("share", { what }); },
    opened() {
      this.link = "";
      this.command = "";
      this.pictures = SG.pictures();
      this.$nextTick(() => this.$refs.first.focus());
    },
    linkIs(query) {
      this.link = window.location.origin + window.location.pathname + "?" + query;
      this.copy(this.link);
    },
    copy(text) {
      this.copied = "";
      if (!navigator.clipboard) return;
      navigator.clipboard.writeText(text).then(() => { this.copied = text; }, () => {});
    },
    svg(picture) { SG.download(picture.name + ".svg", SG.charts.picture(picture.node), "image/svg+xml"); },
    png(picture) {
      SG.pngOf(picture.node).then(
        (blob) => SG.download(picture.name + ".png", blob),
        () => SG.fail(SG.t("share.picture_failed", { name: picture.title })),
      );
    },
    upload(input) {
      const file = input.files[0];
      input.value = "";
      if (!file) return;
      if (file.size > this.ui.limits.upload_bytes) {
        const given = SG.number(file.size / 1000);
        SG.fail(SG.t("share.upload_large", { file: file.name, given, size: this.size }));
        return;
      }
      file.text().then(
        (text) => { this.ui.panel = null; this.ui.notice = null; SG.act("upload", { file: file.name, text }); },
        () => SG.fail(SG.t("share.upload_unread", { file: file.name })),
      );
    },
  },
};
