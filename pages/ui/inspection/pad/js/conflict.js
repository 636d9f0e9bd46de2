// Another tab or browser has saved meanwhile: both versions are shown, and what is here stays until
// one of them is chosen.

class Conflict {
  constructor(pad) {
    this.pad = pad;
  }

  async begin() {
    const { pad } = this;
    const { texts } = pad;
    pad.saver.close();
    pad.bar.setStatus("conflict", texts.conflict_short);
    const { server } = pad;
    const { status, data } = await server.state();
    if (pad.server !== server) return; // another encounter is open by now
    if (status !== 200) {
      const buttons = [{ label: texts.try_again, act: () => this.begin() }];
      pad.banner.show(data.error ?? texts.unreachable, { buttons });
    } else if (data.state === "open") this.offer(data);
    else pad.open(data, server);
  }

  offer(stored) {
    const { pad } = this;
    const { texts } = pad;
    const theirs = new Work(stored.checklist, () => {});
    theirs.load(stored.draft);
    const buttons = [
      { label: texts.load_stored, act: () => this.takeTheirs(stored) },
      { label: texts.use_mine, act: () => this.keepOurs(stored) },
    ];
    const text = fill(texts.conflict, { time: stored.draft.saved_at ?? "—" });
    pad.banner.show(text, { buttons, lines: this.differences(theirs) });
  }

  takeTheirs(stored) {
    this.pad.saver.copy.drop();
    this.pad.open(stored, this.pad.server);
  }

  keepOurs(stored) {
    this.pad.banner.hide();
    this.pad.saver.settle(stored.draft.version);
  }

  differences(theirs) {
    const { work, texts } = this.pad;
    return work.items
      .map((item) => ({
        item: item.name,
        mine: this.tell(item, work),
        stored: this.tell(item, theirs),
      }))
      .filter(({ mine, stored }) => mine !== stored)
      .slice(0, 8)
      .map((values) => fill(texts.difference, values));
  }

  tell(item, { answers }) {
    const answer = answers[item.key];
    if (!answer) return "—";
    if (answer.na) return this.pad.texts.na;
    if (answer.start) return `${answer.start} – ${answer.stop}`;
    const keys = (answer.values ?? [answer.value]).map(String);
    const label = (key) => item.options.find((option) => option.key === key)?.text || key;
    return keys.map(label).join(", ");
  }
}
