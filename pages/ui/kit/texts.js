// Texts with places to fill, and texts as characters: evidence offsets count those, as the server
// does, while strings of the browser count UTF-16 units.

/** @import { Stretch } from "./types.js" */

/**
 * @param {string} template
 * @param {Record<string, string | number>} values of the `{places}`; a place without one stays
 */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/**
 * The text for one or for many of something.
 *
 * @param {[string, string]} texts
 * @param {number} count
 */
export function counted([one, many], count) {
  return fill(count === 1 ? one : many, { count });
}

/**
 * Text as the server can store it: no lone surrogates, no NUL.
 *
 * @param {string} text
 */
export function storable(text) {
  const whole = text.toWellFormed?.() ?? text; // older browsers do not have it
  return whole.replaceAll("\u0000", "");
}

/**
 * @param {string} text
 * @param {number} units
 */
export function charactersBefore(text, units) {
  return Array.from(text.slice(0, units)).length;
}

/**
 * How much room a text takes, in letters; a Chinese character takes two.
 *
 * @param {string} text
 */
export function breadth(text) {
  return Array.from(text).reduce((sum, sign) => sum + (sign > "\u2e7f" ? 2 : 1), 0);
}

/**
 * A text in stretches of one style each.
 *
 * @param {string} text
 * @param {(at: number, character: string) => string} styleOf
 * @returns {Stretch[]}
 */
export function stretches(text, styleOf) {
  /** @type {Stretch[]} */
  const found = [];
  Array.from(text).forEach((character, at) => {
    const style = styleOf(at, character);
    const last = found.at(-1);
    if (last?.style === style) last.text += character;
    else found.push({ style, text: character });
  });
  return found;
}

/**
 * Where the words of a text stand, in any language.
 *
 * @param {string} text
 */
export function wordsOf(text) {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
  return Array.from(segmenter.segment(text))
    .filter((piece) => piece.isWordLike)
    .map(({ index, segment }) => {
      const from = charactersBefore(text, index);
      return { from, to: from + Array.from(segment).length };
    });
}

const VARIABLE = /\{\w+\}/;

/**
 * A text with a variable part in braces, such as "Remove {name}": its shape in one language, and
 * the text in the other.
 *
 * @typedef {{ shape: RegExp, other: string }} Variable
 */

/**
 * @param {Map<string, string>} texts
 * @returns {Variable[]}
 */
export function variables(texts) {
  return [...texts]
    .filter(([text, other]) => VARIABLE.test(text) && VARIABLE.test(other))
    .map(([text, other]) => ({ shape: shapeOf(text), other }));
}

/**
 * The text in the other language with the same variable part; unchanged where none is like it.
 *
 * @param {Variable[]} known
 * @param {string} text
 */
export function filled(known, text) {
  for (const { shape, other } of known) {
    const part = shape.exec(text)?.[1];
    if (part) return other.replace(VARIABLE, () => part);
  }
  return text;
}

/** @param {string} text */
function shapeOf(text) {
  const around = text.split(VARIABLE).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${around.join("(.+)")}$`, "s");
}
