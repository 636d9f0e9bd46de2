// Saving without making anybody wait: changes are kept in the browser at once and sent soon after.
//
// What is on its way (`pending`) is sent again unchanged until the server has answered it, so that
// a lost answer cannot be mistaken for another tab's edit.

/**
 * @import { Content, KeptWork, Refusal, Reply, Saved, SaveReport, State } from "./types.js"
 */

/** @type {Content} */
const NOTHING = { answers: {}, evidence: [], note: "", active_seconds: 0 };
const SAVE_AFTER = 700;
const SAVE_WITHIN = 1500;
const RETRY = [1000, 2000, 4000, 8000, 15000];
const TIMEOUT = 15000;
const UPLOAD_TIMEOUT = 120000;
const MOST_KEPT_ALIVE = 60000; // bytes; browsers refuse to keep larger requests alive

/** The routes of one assignment. */
export class Server {
  /**
   * @param {string} address
   * @param {string} language
   * @param {string} [narrowed] what the queue is narrowed to, as a query
   */
  constructor(address, language, narrowed = "") {
    this.address = address;
    this.query = [`lang=${language}`, narrowed].filter(Boolean).join("&");
    this.token = "";
  }

  /** @returns {Promise<Reply<State>>} */
  async state() {
    const reply = await this.call("GET", "state");
    if (reply.status === 200) this.token = reply.data.token;
    return reply;
  }

  /**
   * @param {string} path
   * @param {object} body
   * @returns {Promise<Reply<any>>}
   */
  async post(path, body) {
    const reply = await this.call("POST", path, body);
    if (reply.status !== 403) return reply;
    const fresh = await this.state(); // signed in again in another tab: a new token is needed
    return fresh.status === 200 ? this.call("POST", path, body) : fresh;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<Reply<any>>}
   */
  async call(method, path, body) {
    const url = `${this.address}/${path}?${this.query}`;
    try {
      const response = await fetch(url, { method, ...this.request(body) });
      return { status: response.status, data: await response.json().catch(() => ({})) };
    } catch {
      return { status: 0, data: {} };
    }
  }

  /**
   * Only what a script has made may outlive its page: browsers refuse a chosen file that is to.
   *
   * @param {object} [body]
   * @returns {RequestInit}
   */
  request(body) {
    const isUpload = body instanceof Blob;
    const content = body && (isUpload ? body : new Blob([JSON.stringify(body)]));
    const type = isUpload ? "application/octet-stream" : "application/json";
    return {
      headers: { "Content-Type": type, "X-CSRF-Token": this.token },
      body: content,
      credentials: "same-origin",
      signal: AbortSignal.timeout(isUpload ? UPLOAD_TIMEOUT : TIMEOUT),
      keepalive: content !== undefined && !isUpload && content.size < MOST_KEPT_ALIVE,
    };
  }
}

/**
 * How long to wait before the next try, in ms.
 *
 * @param {number} failures
 */
export function retryAfter(failures) {
  return RETRY[Math.min(failures, RETRY.length - 1)];
}

/**
 * Whether the same request may go better next time.
 *
 * @param {number} status
 */
export function isRetried(status) {
  return status === 0 || status === 429 || status >= 500;
}

/** A copy in the browser that outlives a reload. */
export class LocalCopy {
  /**
   * @param {string} address
   * @param {number} user
   */
  constructor(address, user) {
    this.name = `pad:${user}:${address}`;
  }

  /** @returns {KeptWork | null} */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "null");
    } catch {
      return null;
    }
  }

  /** @param {KeptWork} copy */
  write(copy) {
    try {
      localStorage.setItem(this.name, JSON.stringify({ ...copy, at: Date.now() }));
    } catch {
      // full or forbidden: the server's copy remains
    }
  }

  drop() {
    localStorage.removeItem(this.name);
  }
}

export class Saver {
  /**
   * @param {object} parts
   * @param {Pick<Server, "post">} parts.server
   * @param {Pick<LocalCopy, "read" | "write" | "drop">} parts.copy
   * @param {{ load(content: Content): void, content(): Content }} parts.work
   * @param {Content & { version: number }} parts.stored what the server has
   * @param {(state: SaveReport, detail: any) => void} parts.report
   */
  constructor({ server, copy, work, stored, report }) {
    this.server = server;
    this.copy = copy;
    this.work = work;
    this.version = stored.version;
    /** What the server had of this work last: two versions grow from it.
     * @type {Content} */
    this.base = stored;
    this.report = report;
    this.dirty = false;
    /** @type {KeptWork["pending"]} */
    this.pending = null;
    this.stopped = false;
    /** @type {Promise<void> | null} */
    this.running = null;
    this.failures = 0;
    /** @type {number | null} */
    this.waitingSince = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Take up what this browser kept from before; false when the server has moved on meanwhile. */
  restore() {
    const kept = this.copy.read();
    if (!kept || !(kept.dirty || kept.pending)) return true;
    if (kept.version !== this.version) this.base = kept.base ?? NOTHING;
    this.work.load(kept.content);
    if (!kept.pending && kept.version !== this.version) return false;
    this.pending = kept.pending;
    this.dirty = true;
    this.schedule();
    return true;
  }

  changed() {
    this.dirty = true;
    this.keep();
    if (!this.failures) this.report("changed", {});
    this.schedule();
  }

  /** The browser's copy exists only while there is something the server does not have. */
  keep() {
    const { version, dirty, pending, base } = this;
    if (!dirty && !pending) this.copy.drop();
    else this.copy.write({ version, dirty, pending, base, content: this.work.content() });
  }

  schedule() {
    if (this.stopped || this.failures) return;
    this.waitingSince ??= Date.now();
    clearTimeout(this.timer);
    const rest = Math.max(0, this.waitingSince + SAVE_WITHIN - Date.now());
    this.timer = setTimeout(() => this.flush(), Math.min(SAVE_AFTER, rest));
  }

  /** Send what waits; resolves when the server has answered or could not be reached. */
  flush() {
    clearTimeout(this.timer);
    this.running ??= this.send().finally(() => (this.running = null));
    return this.running;
  }

  async send() {
    if (this.stopped || !(this.dirty || this.pending)) return;
    const pending = this.take();
    this.report("saving", {});
    const { status, data } = await this.server.post("save", pending);
    if (status === 200) this.stored(data);
    else this.failed(status, data);
  }

  take() {
    this.waitingSince = null;
    if (this.pending) return this.pending;
    this.pending = { version: this.version, ...this.work.content() };
    this.dirty = false;
    this.keep();
    return this.pending;
  }

  /** @param {Saved} saved */
  stored(saved) {
    this.version = saved.version;
    if (this.pending) this.base = this.pending;
    this.pending = null;
    this.failures = 0;
    this.keep();
    this.report("saved", saved);
    if (!this.dirty) return;
    this.report("changed", {});
    this.schedule();
  }

  /**
   * @param {number} status
   * @param {Refusal} refusal
   */
  failed(status, refusal) {
    if (isRetried(status)) {
      this.timer = setTimeout(() => this.flush(), retryAfter(this.failures));
      this.failures += 1;
      this.report("retrying", refusal);
    } else if (status === 401) this.report("signed_out", refusal);
    else if (status === 409) {
      this.stopped = true;
      this.report("conflict", refusal);
    } else {
      this.pending = null; // as it stands it will never be accepted; it goes with the next change
      this.dirty = true;
      this.keep();
      this.report("refused", refusal);
    }
  }

  /** Resolves when nothing is on its way any more; what was only just entered is left unsent. */
  async idle() {
    clearTimeout(this.timer);
    if (this.pending) await this.flush();
  }

  /**
   * Go on from another version, after a conflict.
   *
   * @param {Content & { version: number }} stored what the server has
   * @param {boolean} dirty whether what is here is more than that
   */
  settle(stored, dirty) {
    const { version } = stored;
    Object.assign(this, { version, dirty, base: stored, pending: null, stopped: false, failures: 0 });
    this.keep();
    if (dirty) this.schedule();
  }

  close() {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
