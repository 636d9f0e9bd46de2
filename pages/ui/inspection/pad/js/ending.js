// Instead of an encounter: why there is none any more, and where to go from here.

class Ending {
  constructor(pad) {
    this.pad = pad;
  }

  closed(status, data, again) {
    const { texts } = this.pad;
    const buttons = [{ label: texts.try_again, act: again }, this.toQueue()];
    if (status === 401) buttons.unshift({ label: texts.sign_in, href: "/login" });
    this.show(data.error ?? texts.unreachable, buttons);
  }

  finished(how, next) {
    const { texts } = this.pad;
    const buttons = [this.toQueue()];
    if (next) buttons.unshift({ label: texts.open_next, act: () => this.pad.start(next) });
    this.show(texts[how], buttons);
  }

  toQueue() {
    return { label: this.pad.texts.to_queue, act: () => this.pad.leave() };
  }

  show(text, buttons) {
    const { pad } = this;
    pad.close();
    pad.banner = new Banner();
    pad.frame.lay("", h("div", { class: "notice" }, pad.banner.node));
    pad.banner.show(text, { buttons });
    pad.banner.node.querySelector("button, a").focus();
  }
}
