// Sends a file to the import's own route, with a bar; the page is told once it has arrived.

/** @import { Component } from "../kit/types.js" */
/**
 * @typedef {object} UploadData
 * @property {string} slot
 * @property {string} accept
 * @property {{ name: string, size: number } | null} file that waits already
 * @property {Record<"label" | "choose" | "drop" | "cancel" | "sending" | "failed" | "too_large",
 *   string>} texts
 */
/** @typedef {{ token: string, limit: number }} Door the page's token, and how much may be sent */

import { one } from "../kit/elements.js";
import { mounting } from "../kit/mounting.js";
import { fill } from "../kit/texts.js";

/** @param {ShadowRoot} root */
function partsOf(root) {
  const part = (/** @type {string} */ name) => one(root, `.${name}`);
  return {
    zone: part("zone"),
    label: part("label"),
    choose: part("choose"),
    drop: part("drop"),
    cancel: part("cancel"),
    file: part("file"),
    status: part("status"),
    bar: /** @type {HTMLProgressElement} */ (part("bar")),
    input: /** @type {HTMLInputElement} */ (part("input")),
  };
}

class UploadField {
  /**
   * @param {ShadowRoot} root
   * @param {Component<UploadData>} component
   */
  constructor(root, component) {
    this.root = root;
    this.component = component;
    /** @type {XMLHttpRequest | null} */
    this.sending = null;
    this.parts = partsOf(root);
    this.listen();
  }

  get data() {
    return this.component.data;
  }

  listen() {
    const { choose, cancel, input, zone } = this.parts;
    choose.onclick = () => input.click();
    cancel.onclick = () => this.sending?.abort();
    input.onchange = () => {
      this.take(input.files?.[0]);
      input.value = "";
    };
    zone.ondragover = (event) => {
      event.preventDefault();
      zone.classList.add("over");
    };
    zone.ondragleave = () => zone.classList.remove("over");
    zone.ondrop = (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      this.take(event.dataTransfer?.files[0]);
    };
  }

  /** @param {Component<UploadData>} component */
  update(component) {
    this.component = component;
    if (!this.parts.zone.isConnected) {
      this.parts = partsOf(this.root); // Streamlit has put the markup in anew
      this.listen();
    }
    const { parts } = this;
    const { texts, file, accept } = component.data;
    for (const name of /** @type {const} */ (["label", "choose", "drop", "cancel"]))
      parts[name].textContent = texts[name];
    parts.file.textContent = file ? `${file.name} · ${sizeText(file.size)}` : "";
    parts.input.setAttribute("aria-label", texts.label);
    parts.input.accept = accept;
  }

  destroy() {
    this.sending?.abort();
  }

  /** @param {File} [file] */
  async take(file) {
    if (!file || this.sending) return;
    const { texts } = this.data;
    try {
      const answer = await fetch("/api/imports/door");
      const door = await answer.json();
      if (!answer.ok) this.say(door.error, true);
      else if (file.size > door.limit)
        this.say(fill(texts.too_large, { limit: sizeText(door.limit) }), true);
      else this.send(file, door);
    } catch {
      this.say(texts.failed, true);
    }
  }

  /**
   * @param {File} file
   * @param {Door} door
   */
  send(file, door) {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ slot: this.data.slot, name: file.name });
    request.open("POST", `/api/imports/upload?${query}`);
    request.setRequestHeader("X-CSRF-Token", door.token);
    request.upload.onprogress = (event) => this.progress(file.name, event.loaded / event.total);
    request.onload = () => this.sent(request);
    request.onerror = () => this.end(this.data.texts.failed);
    request.onabort = () => this.end("");
    this.parts.bar.value = 0;
    this.showProgress(true);
    this.sending = request;
    request.send(file);
  }

  /** @param {boolean} shown */
  showProgress(shown) {
    this.parts.bar.hidden = this.parts.cancel.hidden = !shown;
  }

  /**
   * @param {string} name
   * @param {number} share
   */
  progress(name, share) {
    this.parts.bar.value = share;
    this.say(fill(this.data.texts.sending, { name, percent: Math.floor(100 * share) }));
  }

  /** @param {XMLHttpRequest} request */
  sent(request) {
    const answer = readJson(request.responseText);
    if (request.status !== 200) {
      this.end(answer.error ?? this.data.texts.failed);
      return;
    }
    this.end("");
    this.component.setTriggerValue("received", answer.token);
  }

  /** @param {string} problem */
  end(problem) {
    this.showProgress(false);
    this.sending = null;
    this.say(problem, Boolean(problem));
  }

  /**
   * @param {string} text
   * @param {boolean} wrong
   */
  say(text, wrong = false) {
    this.parts.status.textContent = text;
    this.parts.status.classList.toggle("wrong", wrong);
  }
}

/**
 * A proxy may answer with a page of its own.
 *
 * @param {string} text
 * @returns {{ token?: string, error?: string }}
 */
function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * How large a file is, as people say it.
 *
 * @param {number} bytes
 */
export function sizeText(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export default mounting(UploadField);
