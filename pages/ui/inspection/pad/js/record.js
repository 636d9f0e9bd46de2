// The left pane: recording, facts of the record, transcript with pins.

class RecordPane {
  constructor({ state, work, texts, actions }) {
    Object.assign(this, { work, texts, actions });
    this.encounter = state.encounter;
    this.turns = new Map();
    this.player = this.encounter.recording ? new Player(this.encounter, texts, this) : null;
    this.gallery = h("div", { class: "gallery", "aria-label": texts.photos, role: "group" });
    this.soundOnly = h("div", { class: "sound-only" });
    this.node = h(
      "section",
      { class: "record pane", "aria-label": texts.record, tabindex: "-1" },
      this.player ? this.player.node : this.missingRecording(),
      this.soundOnly,
      this.facts(),
      this.gallery,
      this.list(),
    );
    this.select(this.encounter.turns[0]?.position ?? null);
    this.pinsChanged();
  }

  missingRecording() {
    if (this.encounter.observed) return h("p", { class: "hint" }, this.texts.watching);
    const spoken = ["phone", "counter"].includes(this.encounter.channel);
    return spoken ? h("p", { class: "hint" }, this.texts.no_recording) : null;
  }

  facts() {
    const rows = this.encounter.facts.map(({ name, value }) =>
      h("div", {}, h("dt", {}, name), h("dd", {}, value)),
    );
    return rows.length ? h("dl", { class: "facts" }, ...rows) : null;
  }

  list() {
    if (this.encounter.observed) return null;
    if (!this.encounter.turns.length) return h("p", { class: "hint" }, this.texts.no_transcript);
    const rows = this.encounter.turns.map((turn) => this.row(turn));
    return h("ol", { class: "turns", "aria-label": this.texts.transcript }, ...rows);
  }

  row(turn) {
    const body = h("div", { class: "words" });
    const pins = h("div", { class: "pins" });
    const time = turn.start === null ? null : h("span", { class: "time" }, clockTime(turn.start));
    const who = h(
      "div",
      { class: "who" },
      h("span", { class: "number" }, String(turn.position)),
      turn.speaker_name,
      time,
    );
    const props = { class: `turn ${turn.speaker}`, onclick: () => this.select(turn.position) };
    const node = h("li", props, who, body, pins);
    this.turns.set(turn.position, { turn, node, body, pins });
    return node;
  }

  pinsAt(position) {
    return this.work.pins.filter((pin) => pin.turn_position === position);
  }

  drawText(position) {
    const { turn, body } = this.turns.get(position);
    body.replaceChildren(...this.marked(turn.text, this.pinsAt(position)));
  }

  drawPins(position) {
    const chips = this.pinsAt(position).map((pin) => this.chip(pin));
    if (position === this.current) chips.push(this.pinButton());
    this.turns.get(position).pins.replaceChildren(...chips);
  }

  marked(text, pins) {
    const characters = Array.from(text);
    const covered = characters.map((_, at) =>
      pins.some(
        (pin) => pin.start_offset !== null && pin.start_offset <= at && at < pin.end_offset,
      ),
    );
    const words = this.words && this.words.text === text ? this.words : null;
    const style = (at) =>
      [covered[at] && "mark", words && words.from <= at && at < words.to && "chosen"]
        .filter(Boolean)
        .join(" ");
    const parts = [];
    characters.forEach((character, at) => {
      const last = parts.at(-1);
      if (last && last.style === style(at)) last.text += character;
      else parts.push({ style: style(at), text: character });
    });
    return parts.map((part) =>
      part.style ? h("mark", { class: part.style }, part.text) : part.text,
    );
  }

  chip(pin) {
    const item = this.work.byKey.get(pin.item_key);
    const open = () => this.actions.focusItem(item.key);
    const title = fill(this.texts.go_to_item, { item: item.name });
    return h(
      "button",
      { type: "button", class: "chip", title, onclick: open },
      icon("pin"),
      item.name,
    );
  }

  pinButton() {
    const item = this.actions.focusedItem();
    const words = this.words || this.selection();
    const label = fill(words ? this.texts.pin_words_to : this.texts.pin_to, {
      item: item?.name ?? "",
    });
    const keep = (event) => event.preventDefault(); // the browser's own selection must survive the click
    const button = {
      type: "button",
      class: "chip add",
      "aria-keyshortcuts": "p",
      onmousedown: keep,
    };
    return h("button", { ...button, onclick: () => this.actions.pin() }, icon("pin"), label);
  }

  // Only what changes is drawn again: replacing a turn's text would lose a selection in it.
  select(position, { scroll = true } = {}) {
    if (position === null || !this.turns.has(position)) return;
    const before = this.current;
    this.current = position;
    if (before !== undefined && before !== position) {
      if (this.words) this.stopMarking(before);
      this.turns.get(before).node.removeAttribute("aria-current");
      this.drawPins(before);
    }
    const { node } = this.turns.get(position);
    node.setAttribute("aria-current", "true");
    this.drawPins(position);
    if (scroll && this.node) keepInView(this.node, node);
  }

  move(by) {
    const positions = [...this.turns.keys()];
    const at = positions.indexOf(this.current);
    this.select(positions[Math.min(Math.max(at + by, 0), positions.length - 1)] ?? null);
    this.player?.follow(false);
  }

  refresh() {
    if (this.current !== undefined) this.drawPins(this.current);
    else if (this.player) this.soundOnly.replaceChildren(this.pinButton());
  }

  pinsChanged() {
    const photos = this.work.pins.filter((pin) => pin.photo);
    this.gallery.replaceChildren(...photos.map((pin) => this.photo(pin)));
    for (const position of this.turns.keys()) {
      this.drawText(position);
      this.drawPins(position);
    }
  }

  photo(pin) {
    const item = this.work.byKey.get(pin.item_key);
    const label = fill(this.texts.photo_of, { item: item.name });
    return h(
      "button",
      { type: "button", class: "thumb", title: label, onclick: () => this.actions.showPin(pin) },
      photoView(pin, label),
    );
  }

  // Where a pin made now would point.
  place() {
    const turn = this.turns.get(this.current)?.turn;
    const words = this.words || this.selection();
    const place = turn ? { turn_position: turn.position } : {};
    if (turn && words) Object.assign(place, { start_offset: words.from, end_offset: words.to });
    if (this.player) Object.assign(place, this.player.stretch(turn));
    return turn || this.player ? place : null;
  }

  pinned() {
    this.stopMarking();
    this.actions.root.getSelection?.()?.removeAllRanges();
  }

  // The words marked with mouse or finger in the current turn.
  selection() {
    const entry = this.turns.get(this.current);
    const range = entry && selectedRange(this.actions.root);
    if (
      !range ||
      !entry.body.contains(range.startContainer) ||
      !entry.body.contains(range.endContainer)
    )
      return null;
    const before = document.createRange();
    before.selectNodeContents(entry.body);
    before.setEnd(range.startContainer, range.startOffset);
    const from = Array.from(before.toString()).length;
    const to = from + Array.from(range.toString()).length;
    return to > from ? { text: entry.turn.text, from, to } : null;
  }

  // Marking words by key: the first press marks the first word, then left and right move the mark.
  markWords(by = 0, grow = false) {
    const turn = this.turns.get(this.current)?.turn;
    if (!turn) return;
    const pieces = wordsOf(turn.text);
    if (!pieces.length) return; // dots, or an emoji: there is only the whole of it
    if (!this.words) this.words = { text: turn.text, first: 0, last: 0 };
    else if (grow)
      this.words.last = clamp(this.words.last + by, this.words.first, pieces.length - 1);
    else {
      this.words.first = clamp(this.words.first + by, 0, pieces.length - 1);
      this.words.last = this.words.first;
    }
    this.words.from = pieces[this.words.first]?.from ?? 0;
    this.words.to = pieces[this.words.last]?.to ?? 0;
    this.drawText(this.current);
    this.refresh();
  }

  stopMarking(position = this.current) {
    this.words = null;
    if (position !== undefined) this.drawText(position);
    this.refresh();
  }

  go(pin) {
    if (pin.turn_position !== null) this.select(pin.turn_position);
    if (pin.start_second !== null) this.player?.seek(pin.start_second);
  }
}
