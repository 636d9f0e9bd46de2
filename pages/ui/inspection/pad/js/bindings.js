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
  }

  /** @returns {Record<string, string>} the keys that were set, by those that come */
  kept() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.name) ?? "{}");
      return Object.fromEntries(Object.entries(kept).filter(([key]) => this.commands.has(key)));
    } catch {
      return {};
    }
  }

  keep() {
    try {
      localStorage.setItem(this.name, JSON.stringify(this.chosen));
    } catch {
      // full or forbidden: they hold until the page is left
    }
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
