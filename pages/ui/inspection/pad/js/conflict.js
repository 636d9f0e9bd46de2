// Another tab or browser has saved meanwhile: both versions are shown, and what is here stays until
// one of them is chosen.

/** @import { Desk } from "./desk.js" */
/** @import { Answers, Item, OpenState, Texts } from "./types.js" */

import { fill } from "../../../kit/texts.js";
import { Work } from "./work.js";

const MOST_SHOWN = 8;

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

  /** @param {OpenState} stored */
  offer(stored) {
    const { work, texts, banner } = this.desk;
    const theirs = new Work(stored.checklist, () => {});
    theirs.load(stored.draft);
    const buttons = [
      { label: texts.load_stored, act: () => this.takeTheirs(stored) },
      { label: texts.use_mine, act: () => this.keepOurs(stored) },
    ];
    const text = fill(texts.conflict, { time: stored.draft.saved_at ?? "—" });
    const lines = differences(work.items, { mine: work.answers, stored: theirs.answers }, texts);
    banner.show(text, { buttons, lines: lines.slice(0, MOST_SHOWN) });
  }

  /** @param {OpenState} stored */
  takeTheirs(stored) {
    this.desk.saver.copy.drop();
    this.desk.pad.open(stored, this.desk.server);
  }

  /** @param {OpenState} stored */
  keepOurs(stored) {
    this.desk.banner.hide();
    this.desk.saver.settle(stored.draft.version);
  }
}

/**
 * What reads otherwise in two drafts, a line for each item.
 *
 * @param {Pick<Item, "key" | "name" | "options">[]} items
 * @param {{ mine: Answers, stored: Answers }} drafts
 * @param {Pick<Texts, "na" | "difference">} texts
 */
export function differences(items, { mine, stored }, texts) {
  return items
    .map((item) => ({
      item: item.name,
      mine: answerText(item, mine, texts),
      stored: answerText(item, stored, texts),
    }))
    .filter((values) => values.mine !== values.stored)
    .map((values) => fill(texts.difference, values));
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
