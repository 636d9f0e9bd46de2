// Photos as evidence: taken or chosen, sent while scoring goes on, pinned to an item.

class Photos {
  constructor(pad) {
    this.pad = pad;
    this.texts = pad.texts;
    this.onTheirWay = new Set();
    this.dialog = new RegionDialog(pad.texts);
    const { photo, choose_photo } = pad.texts;
    this.camera = this.input(photo, { accept: "image/*", capture: "environment" });
    this.folder = this.input(choose_photo, { accept: "image/jpeg,image/png,image/webp" });
    this.node = h("div", {}, this.camera, this.folder, this.dialog.node);
  }

  // A phone held in the hand has a camera; elsewhere there are files.
  static get hasCamera() {
    return matchMedia("(pointer: coarse)").matches;
  }

  input(label, props) {
    const fixed = { type: "file", hidden: true, tabindex: "-1", "aria-label": label };
    const input = h("input", { ...fixed, ...props });
    input.addEventListener("change", () => {
      const [file] = input.files;
      input.value = "";
      if (file) this.dispatch(this.item, file);
    });
    return input;
  }

  ask(item, { camera = Photos.hasCamera } = {}) {
    this.item = item;
    (camera ? this.camera : this.folder).click();
  }

  // `photo` is a file, or its bytes when it is sent once more.
  dispatch(item, photo) {
    const sending = this.send(item, photo).finally(() => this.onTheirWay.delete(sending));
    this.onTheirWay.add(sending);
  }

  // Resolves when nothing is on its way any more; false when something was lost.
  async arrived() {
    const found = await Promise.all(this.onTheirWay);
    return found.every(Boolean);
  }

  // Whether the photo arrived.
  async send(item, photo) {
    const { pad, texts } = this;
    const { work } = pad;
    pad.bar.setStatus("sending", texts.sending_photo);
    const bytes = await this.bytesOf(photo);
    const { status, data } = bytes.error ? bytes : await pad.server.post("photo", bytes);
    if (pad.work !== work) return false; // another encounter is open by now
    if (status === 200) this.taken(item, data.photo);
    else if (status === 401) pad.signedOut(data);
    else this.notSent(item, bytes, { status, data });
    return status === 200;
  }

  // Read at once, so that it can be sent again when the file has gone or changed meanwhile. What
  // the server would refuse for its size comes back as that refusal: it hangs up on who still sends.
  async bytesOf(photo) {
    const { texts, pad } = this;
    const refusal = (error) => ({ error, status: 422, data: { error } });
    if (photo.size > pad.data.largest_photo) return refusal(texts.photo_too_large);
    try {
      return new Blob([await photo.arrayBuffer()]);
    } catch {
      return refusal(texts.photo_unreadable);
    }
  }

  // Only what may go better next time is offered to be sent again.
  notSent(item, bytes, { status, data }) {
    const { pad, texts } = this;
    const { banner } = pad;
    const again = () => {
      banner.hide();
      this.dispatch(item, bytes);
    };
    const way = isRetried(status)
      ? { label: texts.try_again, act: again }
      : { label: texts.close, act: () => banner.hide() };
    const ofAProxy = status === 413 ? texts.photo_too_large_on_the_way : texts.unreachable;
    pad.bar.setStatus("hint", texts.photo_not_sent);
    banner.show(data.error ?? ofAProxy, { buttons: [way] });
  }

  taken(item, photo) {
    const pin = pinOf(item.key, { photo });
    this.pad.work.addPin(pin);
    if (this.isAwaited(item)) this.show(pin);
  }

  // Who has gone on meanwhile finds the photo in the record, and is not torn away.
  isAwaited(item) {
    const { pad } = this;
    const typing = pad.root.activeElement?.matches(TYPING);
    return pad.deeds.focusedItem() === item && !typing && !pad.submission.running;
  }

  // Look at a photo closely and mark what is meant.
  show(pin) {
    const { pad } = this;
    const item = pad.work.byKey.get(pin.item_key);
    const back = () => pad.deeds.focusItem(pin.item_key);
    this.dialog.show(pin, fill(this.texts.photo_of, { item: item.name }), {
      done: (region) => {
        pad.work.changePin(pin, region);
        back();
      },
      remove: () => {
        pad.work.removePin(pin);
        back();
      },
    });
  }
}
