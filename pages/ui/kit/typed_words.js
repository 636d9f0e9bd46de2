// What is kept of a field that was typed into, by which name, and how it is put back.

/** @typedef {{ base: string, text: string }} KeptWords what stood there, and what was typed */

/**
 * A field's name from the classes that Streamlit makes of its key; see `field_key` in typed.py.
 *
 * @param {string} classes
 */
export function fieldName(classes) {
  return /st-key-typed_(.+?)(?:__[0-9a-f]*)?(?:\s|$)/.exec(classes)?.[1] ?? "";
}

/**
 * What is put back: never in place of something newer, which then stands above it.
 *
 * @param {string} shown
 * @param {KeptWords} kept
 * @param {boolean} hasLines
 */
export function joined(shown, { base, text }, hasLines) {
  if (shown === base || text.includes(shown)) return text;
  return hasLines ? `${shown}\n\n${text}` : shown;
}

/**
 * What of the kept words is not in the text that was sent last; null where that is all of them.
 *
 * @param {KeptWords} kept
 * @param {string | undefined} sent
 * @returns {KeptWords | null}
 */
export function typedSince({ base, text }, sent) {
  return text === sent ? null : { base: sent ?? base, text };
}
