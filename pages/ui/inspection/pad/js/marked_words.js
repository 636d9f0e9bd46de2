// Words marked in a turn: word by word for keys, by the browser's selection for mouse and finger.

/** @import { Span } from "../../../kit/types.js" */
/**
 * Words marked by key, of one text: the first and the last of them, and where they stand.
 *
 * @typedef {{ text: string, first: number, last: number, from: number, to: number }} KeyMark
 */

import { clamp } from "../../../kit/elements.js";
import { wordsOf } from "../../../kit/texts.js";

/**
 * The words marked after one more press: the first word, then the next ones, or more of them.
 * Null where a text has no words.
 *
 * @param {string} text
 * @param {KeyMark | null} before
 * @param {{ by: number, grow: boolean }} step
 * @returns {KeyMark | null}
 */
export function markedByKey(text, before, { by, grow }) {
  const words = wordsOf(text);
  if (!words.length) return null;
  const [first, last] = before ? wordsAfter(before, { by, grow, end: words.length - 1 }) : [0, 0];
  return { text, first, last, from: words[first]?.from ?? 0, to: words[last]?.to ?? 0 };
}

/**
 * @param {KeyMark} before
 * @param {{ by: number, grow: boolean, end: number }} step
 * @returns {Span}
 */
function wordsAfter({ first, last }, { by, grow, end }) {
  if (grow) return [first, clamp(last + by, first, end)];
  const moved = clamp(first + by, 0, end);
  return [moved, moved];
}

/**
 * What is selected; browsers differ in how a selection inside a shadow root is read.
 *
 * @param {ShadowRoot & { getSelection?: () => Selection | null }} root
 * @returns {Range | null}
 */
export function selectedRange(root) {
  const selection = root.getSelection ? root.getSelection() : document.getSelection();
  if (!selection || selection.isCollapsed) return null;
  if (!("getComposedRanges" in selection) || root.getSelection)
    return selection.rangeCount ? selection.getRangeAt(0) : null;
  const [found] = selection.getComposedRanges({ shadowRoots: [root] });
  const range = document.createRange();
  range.setStart(found.startContainer, found.startOffset);
  range.setEnd(found.endContainer, found.endOffset);
  return range;
}

/**
 * Where a range stands in the text of a node, in characters; null where it leaves it or is empty.
 *
 * @param {HTMLElement} node
 * @param {Range} range
 */
export function rangeIn(node, range) {
  if (!node.contains(range.startContainer) || !node.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(node);
  before.setEnd(range.startContainer, range.startOffset);
  const from = Array.from(before.toString()).length;
  const to = from + Array.from(range.toString()).length;
  return to > from ? { from, to } : null;
}
