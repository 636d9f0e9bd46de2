// Photos as evidence: taken or chosen, sent while scoring goes on, pinned to an item.

/** @import { Props } from "../../../kit/types.js" */
/** @import { Desk } from "./desk.js" */
/** @import { Item, Pin, Refusal } from "./types.js" */

import { h } from "../../../kit/elements.js";
import { fill } from "../../../kit/texts.js";
import { TYPING } from "./keys.js";
import { RegionDialog } from "./regions.js";
import { isRetried } from "./saving.js";
import { pinOf } from "./work.js";

/** A phone held in the hand has a camera; elsewhere there are files. */
export function hasCamera() {
  return matchMedia("(pointer: coarse)").matches;
}

export class Photos {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.texts = desk.texts;
    /** @type {Set<Promise<boolean>>} */
    this.onTheirWay = new Set();
    /** @type {Item | null} */
    this.item = null;
    this.dialog = new RegionDialog(desk.texts);
    const { photo, choose_photo } = desk.texts;
    this.camera = this.input(photo, { accept: "image/*", capture: "environment" });
    this.folder = this.input(choose_photo, { accept: "image/jpeg,image/png,image/webp" });
    this.node = h("div", {}, this.camera, this.folder, this.dialog.node);
  }

  /**
   * @param {string} label
   * @param {Props} props
   */
  input(label, props) {
    const fixed = { type: "file", hidden: true, tabindex: "-1", "aria-label": label };
    const input = h("input", { ...fixed, ...props });
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      input.value = "";
      if (file && this.item) this.dispatch(this.item, file);
    });
    return input;
  }

  /**
   * @param {Item} item
   * @param {{ camera?: boolean }} options
   */
  ask(item, { camera = hasCamera() } = {}) {
    this.item = item;
    (camera ? this.camera : this.folder).click();
  }

  /**
   * @param {Item} item
   * @param {Blob} photo a file, or its bytes when it is sent once more
   */
  dispatch(item, photo) {
    const sending = this.send(item, photo).finally(() => this.onTheirWay.delete(sending));
    this.onTheirWay.add(sending);
  }

  /** Resolves when nothing is on its way any more; false when something was lost. */
  async arrived() {
    const found = await Promise.all(this.onTheirWay);
    return found.every(Boolean);
  }

  /**
   * Whether the photo arrived.
   *
   * @param {Item} item
   * @param {Blob} photo
   */
  async send(item, photo) {
    const { desk, texts } = this;
    desk.bar.setStatus("sending", texts.sending_photo);
    const read = await this.read(photo);
    const { status, data } = read.bytes
      ? await desk.server.post("photo", read.bytes)
      : { status: 422, data: { error: read.error } };
    if (!desk.isOpen) return false; // another encounter is open by now
    if (status === 200) this.taken(item, data.photo);
    else if (status === 401) desk.signedOut(data);
    else this.notSent(status, data, () => this.dispatch(item, read.bytes ?? photo));
    return status === 200;
  }

  /**
   * Read at once, so that it can be sent again when the file has gone or changed meanwhile. What
   * the server would refuse for its size is refused here: it hangs up on who still sends.
   *
   * @param {Blob} photo
   * @returns {Promise<{ bytes?: Blob, error?: string }>}
   */
  async read(photo) {
    const { texts, desk } = this;
    if (photo.size > desk.pad.data.largest_photo) return { error: texts.photo_too_large };
    try {
      return { bytes: new Blob([await photo.arrayBuffer()]) };
    } catch {
      return { error: texts.photo_unreadable };
    }
  }

  /**
   * Only what may go better next time is offered to be sent again.
   *
   * @param {number} status
   * @param {Refusal} refusal
   * @param {() => void} again
   */
  notSent(status, refusal, again) {
    const { texts } = this;
    const { banner, bar } = this.desk;
    const retry = () => {
      banner.hide();
      again();
    };
    const way = isRetried(status)
      ? { label: texts.try_again, act: retry }
      : { label: texts.close, act: () => banner.hide() };
    const ofAProxy = status === 413 ? texts.photo_too_large_on_the_way : texts.unreachable;
    bar.setStatus("hint", texts.photo_not_sent);
    banner.show(refusal.error ?? ofAProxy, { buttons: [way] });
  }

  /**
   * @param {Item} item
   * @param {string} photo
   */
  taken(item, photo) {
    const pin = pinOf(item.key, { photo });
    this.desk.work.addPin(pin);
    if (this.isAwaited(item)) this.show(pin);
  }

  /**
   * Who has gone on meanwhile finds the photo in the record, and is not torn away.
   *
   * @param {Item} item
   */
  isAwaited(item) {
    const { desk } = this;
    const typing = desk.pad.root.activeElement?.matches(TYPING);
    return desk.actions.focusedItem() === item && !typing && !desk.submission.running;
  }

  /**
   * Look at a photo closely and mark what is meant.
   *
   * @param {Pin} pin
   */
  show(pin) {
    const { work, actions } = this.desk;
    const name = work.byKey.get(pin.item_key)?.name ?? pin.item_key;
    const back = () => actions.focusItem(pin.item_key);
    this.dialog.show(pin, fill(this.texts.photo_of, { item: name }), {
      done: (region) => {
        work.changePin(pin, region);
        back();
      },
      remove: () => {
        work.removePin(pin);
        back();
      },
    });
  }
}
