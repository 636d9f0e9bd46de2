// Sends a file to the import's own route, with a bar; the page is told once it has arrived.

const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const send = (part, file, door) => {
  const { data, bar, say, cancel, setTriggerValue } = part;
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({ slot: data.slot, name: file.name });
  request.open("POST", `/api/imports/upload?${query}`);
  request.setRequestHeader("X-CSRF-Token", door.token);
  request.upload.onprogress = (event) => {
    bar.value = event.loaded / event.total;
    say(fill(data.texts.sending, { name: file.name, percent: Math.floor(100 * bar.value) }));
  };
  const end = (text) => {
    bar.hidden = cancel.hidden = true;
    part.sending = null;
    say(text, Boolean(text));
  };
  request.onload = () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* a proxy's own page */ }
    if (request.status !== 200) return end(answer.error ?? data.texts.failed);
    end("");
    setTriggerValue("received", answer.token);
  };
  request.onerror = () => end(data.texts.failed);
  request.onabort = () => end("");
  bar.value = 0;
  bar.hidden = cancel.hidden = false;
  part.sending = request;
  request.send(file);
};

const take = async (part, file) => {
  if (!file || part.sending) return;
  const { data, say } = part;
  try {
    const answer = await fetch("/api/imports/door");
    const door = await answer.json();
    if (!answer.ok) return say(door.error, true);
    if (file.size > door.limit) return say(fill(data.texts.too_large, { limit: size(door.limit) }), true);
    send(part, file, door);
  } catch {
    say(data.texts.failed, true);
  }
};

const parts = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const find = (name) => parentElement.querySelector(`.${name}`);
  const part = parts.get(parentElement) ?? {};
  parts.set(parentElement, part);
  const status = find("status");
  Object.assign(part, { data, setTriggerValue, bar: find("bar"), cancel: find("cancel") });
  part.say = (text, wrong = false) => {
    status.textContent = text;
    status.classList.toggle("wrong", wrong);
  };
  const zone = find("zone"), input = find("input");
  find("label").textContent = data.texts.label;
  find("choose").textContent = data.texts.choose;
  find("drop").textContent = data.texts.drop;
  part.cancel.textContent = data.texts.cancel;
  find("file").textContent = data.file ? `${data.file.name} · ${size(data.file.size)}` : "";
  input.setAttribute("aria-label", data.texts.label);
  input.accept = data.accept;
  find("choose").onclick = () => input.click();
  part.cancel.onclick = () => part.sending?.abort();
  input.onchange = () => { take(part, input.files[0]); input.value = ""; };
  zone.ondragover = (event) => { event.preventDefault(); zone.classList.add("over"); };
  zone.ondragleave = () => zone.classList.remove("over");
  zone.ondrop = (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(part, event.dataTransfer.files[0]);
  };
  return () => part.sending?.abort();
}
