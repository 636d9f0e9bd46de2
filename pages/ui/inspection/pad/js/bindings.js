// Which key stands for which command: as it comes, or as the inspector has set it in this browser.

/** Letters that choose an answer where there are more than nine, or beside levels. */
export const OPTION_LETTERS = "acdefgioqv";
const SETTABLE = /^[^\s\d]$/;

export class Bindings {
  /**
   * @param {string} name under which the browser keeps them
   * @param {ReadonlySet<string>} commands by the keys as they come
   */
  constructor(name, commands) {
    this.name = name;
    this.commands = commands;
    this.chosen = this.kept();
    this.isOff = this.stored(this.offName) === "yes";
  }

  /** Under which the browser keeps whether single keys are off. */
  get offName() {
    return `${this.name}-off`;
  }

  /** @returns {Record<string, string>} the keys that were set, by those that come */
  kept() {
    try {
      const kept = JSON.parse(this.stored(this.name) ?? "{}");
      return Object.fromEntries(Object.entries(kept).filter(([key]) => this.commands.has(key)));
    } catch {
      return {};
    }
  }

  /** @param {string} name */
  stored(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // forbidden
    }
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  store(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // full or forbidden: it holds until the page is left
    }
  }

  keep() {
    this.store(this.name, JSON.stringify(this.chosen));
  }

  /**
   * Single keys do nothing while they are off, for whoever speaks to the machine or has a trembling
   * hand (WCAG 2.1.4).
   *
   * @param {boolean} off
   */
  switchOff(off) {
    this.isOff = off;
    this.store(this.offName, off ? "yes" : "");
  }

  /**
   * The key of a command.
   *
   * @param {string} command by the key as it comes
   */
  keyOf(command) {
    return this.chosen[command] ?? command;
  }

  /**
   * What a key stands for: a command by the key as it comes, itself where it is none; nothing where
   * its command has another key.
   *
   * @param {string} key
   */
  meant(key) {
    const command = Object.keys(this.chosen).find((one) => this.chosen[one] === key);
    return command ?? (Object.hasOwn(this.chosen, key) ? "" : key);
  }

  /**
   * Whether a key may stand for a command.
   *
   * @param {string} key
   * @param {string} command
   */
  isFree(key, command) {
    if (key === this.keyOf(command) || key === command) return true;
    const stands = this.meant(key);
    const isSpare = stands === "" || (stands === key && !this.commands.has(key));
    return isSpare && SETTABLE.test(key) && !OPTION_LETTERS.includes(key);
  }

  /**
   * @param {string} command
   * @param {string} key
   */
  set(command, key) {
    if (key === command) delete this.chosen[command];
    else this.chosen[command] = key;
    this.keep();
  }

  reset() {
    this.chosen = {};
    this.keep();
  }
}
