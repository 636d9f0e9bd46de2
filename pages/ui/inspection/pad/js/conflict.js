// Another tab or browser has saved meanwhile: both versions are merged. What was entered differently
// in both is shown, and what is here stays until one of them is chosen.

/** @import { Desk } from "./desk.js" */
/** @import { Collision, Versions } from "./merging.js" */
/** @import { Answers, Content, Item, OpenState, Texts } from "./types.js" */

import { fill } from "../../../kit/texts.js";
import { isSame, merge } from "./merging.js";
import { Work } from "./work.js";

const LONGEST = 60; // characters of a note

export class Conflict {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  async begin() {
    const { desk } = this;
    const { texts, banner } = desk;
    desk.saver.close();
    desk.bar.setStatus("conflict", texts.conflict_short);
    const { status, data } = await desk.server.state();
    if (!desk.isOpen) return; // another encounter is open by now
    if (status !== 200) {
      const buttons = [{ label: texts.try_again, act: () => this.begin() }];
      banner.show(data.error ?? texts.unreachable, { buttons });
    } else if (data.state === "open") this.offer(data);
    else desk.pad.open(data, desk.server);
  }

  /**
   * What does not collide is merged without a word; for the rest somebody has to choose.
   *
   * @param {OpenState} stored
   */
  offer(stored) {
    const { work, saver, texts, banner } = this.desk;
    const loaded = (/** @type {Content} */ content) => {
      const other = new Work(stored.checklist, () => {});
      other.load(content);
      return other;
    };
    const versions = { base: loaded(saver.base), mine: work, theirs: loaded(stored.draft) };
    const { collisions } = merge(versions, "mine");
    const take = (/** @type {"mine" | "theirs"} */ winner) => {
      banner.hide();
      this.adopt(versions, winner, stored);
    };
    if (!collisions.length) {
      take("mine");
      return;
    }
    const buttons = [
      { label: texts.load_stored, act: () => take("theirs") },
      { label: texts.use_mine, act: () => take("mine") },
    ];
    const text = fill(texts.conflict, { time: stored.draft.saved_at ?? "—" });
    const lines = collisions.map((collision) => differenceOf(collision, work, versions, texts));
    banner.show(text, { buttons, lines });
  }

  /**
   * @param {Versions} versions
   * @param {"mine" | "theirs"} winner
   * @param {OpenState} stored
   */
  adopt(versions, winner, stored) {
    const { work, saver, bar, texts } = this.desk;
    const { merged } = merge(versions, winner);
    const isNew = !isSame(merged, versions.mine);
    work.adopt(merged);
    this.desk.redraw();
    if (isNew) bar.showReceipt(texts.merged);
    saver.settle(stored.draft, !isSame(merged, versions.theirs));
    if (saver.dirty) return;
    bar.setStatus("stored", fill(texts.stored_at, { time: stored.draft.saved_at ?? "—" }));
    this.desk.showSheet(stored.sheet);
  }
}

/**
 * How an answer or a note reads here and as it is stored.
 *
 * @param {Collision} collision
 * @param {Pick<Work, "byKey">} work
 * @param {Pick<Versions, "mine" | "theirs">} versions
 * @param {Pick<Texts, "na" | "difference" | "note_named" | "form_note">} texts
 */
export function differenceOf(collision, { byKey }, { mine, theirs }, texts) {
  if (collision.what === "note") {
    const item = texts.form_note;
    return fill(texts.difference, { item, mine: quoted(mine.note), stored: quoted(theirs.note) });
  }
  const { key } = collision;
  const item = byKey.get(key);
  const name = item?.name ?? key;
  if (collision.what === "notes") {
    const [here, there] = [mine, theirs].map(({ notes }) => quoted(notes[key]));
    const noted = fill(texts.note_named, { item: name });
    return fill(texts.difference, { item: noted, mine: here, stored: there });
  }
  const [here, there] = [mine, theirs].map(({ answers }) =>
    answerText(item ?? { key, options: [] }, answers, texts),
  );
  return fill(texts.difference, { item: name, mine: here, stored: there });
}

/** @param {string | undefined} text */
function quoted(text) {
  const signs = Array.from(text ?? "");
  return signs.length > LONGEST ? `“${signs.slice(0, LONGEST).join("")}…”` : `“${text ?? ""}”`;
}

/**
 * @param {Pick<Item, "key" | "options">} item
 * @param {Answers} answers
 * @param {Pick<Texts, "na">} texts
 */
function answerText(item, answers, texts) {
  const answer = answers[item.key];
  if (!answer) return "—";
  if (answer.na) return texts.na;
  if (answer.start) return `${answer.start} – ${answer.stop}`;
  const keys = (answer.values ?? [answer.value]).map(String);
  const label = (/** @type {string} */ key) =>
    item.options.find((option) => option.key === key)?.text || key;
  return keys.map(label).join(", ");
}
