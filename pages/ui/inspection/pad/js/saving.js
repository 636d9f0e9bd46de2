// Saving without making anybody wait: changes are kept in the browser at once and sent soon after.
//
// What is on its way (`pending`) is sent again unchanged until the server has answered it, so that
// a lost answer cannot be mistaken for another tab's edit.

const SAVE_AFTER = 700;
const SAVE_WITHIN = 1500;
const RETRY = [1000, 2000, 4000, 8000, 15000];
const TIMEOUT = 15000;
const UPLOAD_TIMEOUT = 120000;
const MOST_KEPT_ALIVE = 60000; // bytes; browsers refuse to keep larger requests alive

// The routes of one assignment. Answers {status, data}; status 0 means the server was not reached.
class Server {
  constructor(address, language) {
    this.address = address;
    this.language = language;
    this.token = "";
  }

  async state() {
    const reply = await this.call("GET", "state");
    if (reply.status === 200) this.token = reply.data.token;
    return reply;
  }

  async post(path, body) {
    const reply = await this.call("POST", path, body);
    if (reply.status !== 403) return reply;
    const fresh = await this.state(); // signed in again in another tab: a new token is needed
    return fresh.status === 200 ? this.call("POST", path, body) : fresh;
  }

  // Only what a script has made may outlive its page: browsers refuse a chosen file that is to.
  async call(method, path, body) {
    const isUpload = body instanceof Blob;
    const content = body && asBlob(body);
    const headers = { "Content-Type": "application/octet-stream", "X-CSRF-Token": this.token };
    if (!isUpload) headers["Content-Type"] = "application/json";
    const options = { method, headers, body: content, credentials: "same-origin" };
    try {
      const signal = AbortSignal.timeout(isUpload ? UPLOAD_TIMEOUT : TIMEOUT);
      const url = `${this.address}/${path}?lang=${this.language}`;
      const keepalive = Boolean(content) && !isUpload && content.size < MOST_KEPT_ALIVE;
      const response = await fetch(url, { ...options, signal, keepalive });
      return { status: response.status, data: await response.json().catch(() => ({})) };
    } catch {
      return { status: 0, data: {} };
    }
  }
}

function asBlob(body) {
  return body instanceof Blob ? body : new Blob([JSON.stringify(body)]);
}

function retryAfter(failures) {
  return RETRY[Math.min(failures, RETRY.length - 1)];
}

function isRetried(status) {
  return status === 0 || status === 429 || status >= 500;
}

// A copy in the browser that outlives a reload.
class LocalCopy {
  constructor(address, user) {
    this.name = `pad:${user}:${address}`;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null;
    }
  }

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

class Saver {
  // `report(state, detail)` tells: changed, saving, saved, retrying, refused, signed_out, conflict.
  constructor({ server, copy, work, version, report }) {
    Object.assign(this, { server, copy, work, version, report });
    this.dirty = false;
    this.pending = null;
    this.stopped = false;
    this.running = null;
    this.failures = 0;
  }

  // Take up what this browser kept from before; false when the server has moved on meanwhile.
  restore() {
    const kept = this.copy.read();
    if (!kept || !(kept.dirty || kept.pending)) return true;
    if (!kept.pending && kept.version !== this.version) return false;
    this.work.load(kept.content);
    this.pending = kept.pending;
    this.dirty = true;
    this.schedule();
    return true;
  }

  changed() {
    this.dirty = true;
    this.keep();
    if (!this.failures) this.report("changed");
    this.schedule();
  }

  // The browser's copy exists only while there is something the server does not have.
  keep() {
    const { version, dirty, pending } = this;
    if (!dirty && !pending) this.copy.drop();
    else this.copy.write({ version, dirty, pending, content: this.work.content() });
  }

  schedule() {
    if (this.stopped || this.failures) return;
    this.waitingSince ??= Date.now();
    clearTimeout(this.timer);
    const rest = Math.max(0, this.waitingSince + SAVE_WITHIN - Date.now());
    this.timer = setTimeout(() => this.flush(), Math.min(SAVE_AFTER, rest));
  }

  // Send what waits; resolves when the server has answered or could not be reached.
  flush() {
    clearTimeout(this.timer);
    this.running ??= this.send().finally(() => (this.running = null));
    return this.running;
  }

  async send() {
    if (this.stopped || !(this.dirty || this.pending)) return;
    this.take();
    this.report("saving");
    const { status, data } = await this.server.post("save", this.pending);
    if (status === 200) this.stored(data);
    else this.failed(status, data);
  }

  take() {
    this.waitingSince = null;
    if (this.pending) return;
    this.pending = { version: this.version, ...this.work.content() };
    this.dirty = false;
    this.keep();
  }

  stored(data) {
    this.version = data.version;
    this.pending = null;
    this.failures = 0;
    this.keep();
    this.report("saved", data);
    if (!this.dirty) return;
    this.report("changed");
    this.schedule();
  }

  failed(status, data) {
    if (isRetried(status)) {
      this.timer = setTimeout(() => this.flush(), retryAfter(this.failures));
      this.failures += 1;
      this.report("retrying", data);
    } else if (status === 401) this.report("signed_out", data);
    else if (status === 409) {
      this.stopped = true;
      this.report("conflict", data);
    } else {
      this.pending = null; // as it stands it will never be accepted; it goes with the next change
      this.dirty = true;
      this.keep();
      this.report("refused", data);
    }
  }

  // Resolves when nothing is on its way any more; what was only just entered is left unsent.
  async idle() {
    clearTimeout(this.timer);
    if (this.pending) await this.flush();
  }

  // Save what is here on top of another version, after a conflict.
  settle(version) {
    Object.assign(this, { version, pending: null, dirty: true, stopped: false, failures: 0 });
    this.keep();
    this.schedule();
  }

  close() {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
