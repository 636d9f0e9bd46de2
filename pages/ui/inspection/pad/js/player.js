// The recording: play, seek, speed; the transcript follows the sound.

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];

class Player {
  constructor(encounter, texts, record) {
    Object.assign(this, { encounter, texts, record });
    this.following = true;
    this.audio = h("audio", { preload: "metadata", src: encounter.recording });
    this.button = this.control("play", texts.play, () => this.toggle());
    this.slider = h("input", {
      type: "range",
      min: 0,
      max: Math.ceil(encounter.duration ?? 0) || 1,
      step: 1,
      value: 0,
      "aria-label": texts.position,
      oninput: () => this.seek(Number(this.slider.value)),
    });
    this.time = h("span", { class: "time" }, "0:00");
    this.speed = h(
      "button",
      { type: "button", class: "speed", title: texts.speed, onclick: () => this.faster(1, true) },
      "1×",
    );
    this.stretching = this.control("stretch", texts.stretch, () => this.begin());
    this.stretching.setAttribute("aria-keyshortcuts", "r");
    this.stretching.setAttribute("aria-pressed", "false");
    this.problem = h("p", { class: "hint", role: "status", hidden: true });
    const back = this.control("back", texts.back, () => this.skip(-5));
    this.controls = h(
      "div",
      { class: "player", role: "group", "aria-label": texts.recording },
      this.button,
      back,
      this.slider,
      this.time,
      this.speed,
      this.stretching,
    );
    this.node = h("div", { class: "sound" }, this.audio, this.controls, this.problem);
    this.listen();
  }

  control(name, label, act) {
    return h(
      "button",
      { type: "button", "aria-label": label, title: label, onclick: act },
      icon(name),
    );
  }

  listen() {
    const { audio } = this;
    audio.addEventListener("loadedmetadata", () => (this.slider.max = Math.ceil(audio.duration)));
    audio.addEventListener("timeupdate", () => this.show());
    for (const name of ["play", "pause", "ended"])
      audio.addEventListener(name, () => this.showState());
    audio.addEventListener("error", () => this.explain());
  }

  async explain() {
    this.controls.hidden = true;
    const reply = await fetch(this.encounter.recording, { headers: { Range: "bytes=0-0" } }).catch(
      () => null,
    );
    const data = reply && reply.status >= 400 ? await reply.json().catch(() => ({})) : {};
    this.problem.textContent = data.error ?? this.texts.unplayable;
    this.problem.hidden = false;
  }

  toggle() {
    this.follow(true);
    if (this.audio.paused)
      this.audio.play().catch(() => {}); // the error event tells why
    else this.audio.pause();
  }

  seek(second) {
    this.audio.currentTime = clamp(second, 0, this.audio.duration || second);
    this.show();
  }

  skip(by) {
    this.seek(this.audio.currentTime + by);
  }

  faster(by, around = false) {
    const at = SPEEDS.indexOf(this.audio.playbackRate) + by;
    const to = around ? (at + SPEEDS.length) % SPEEDS.length : clamp(at, 0, SPEEDS.length - 1);
    this.audio.playbackRate = SPEEDS[to];
    this.speed.textContent = `${SPEEDS[to]}×`;
  }

  follow(wanted) {
    this.following = wanted;
  }

  show() {
    const second = this.audio.currentTime;
    this.slider.value = second;
    this.time.textContent = `${clockTime(second)} / ${clockTime(this.audio.duration || this.encounter.duration || 0)}`;
    if (this.following && !this.audio.paused) this.record.select(this.turnAt(second));
  }

  showState() {
    const { paused } = this.audio;
    const label = paused ? this.texts.play : this.texts.pause;
    this.button.replaceChildren(icon(paused ? "play" : "pause"));
    this.button.setAttribute("aria-label", label);
  }

  turnAt(second) {
    const begun = this.encounter.turns.filter(
      (turn) => turn.start !== null && turn.start <= second,
    );
    return begun.at(-1)?.position ?? null;
  }

  begin() {
    this.from = this.audio.currentTime;
    this.stretching.setAttribute("aria-pressed", "true");
  }

  // The second, or the stretch since `begin`, that a pin made now points to.
  stretch(turn) {
    const now = Math.round(this.audio.currentTime * 10) / 10;
    const from = this.from === undefined ? null : Math.round(this.from * 10) / 10;
    this.from = undefined;
    this.stretching.setAttribute("aria-pressed", "false");
    if (from !== null && from < now) return { start_second: from, end_second: now };
    if (turn && turn.start !== null && this.audio.paused) return { start_second: turn.start };
    return turn && now === 0 ? {} : { start_second: now };
  }

  close() {
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
  }
}
