// Small helpers shared by all parts of the pad: icons, texts, times.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  pin: "M9 2h6l-1 6 4 4v2h-5v6l-1 2-1-2v-6H6v-2l4-4z",
  note: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  play: "M7 4v16l13-8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  back: "M12 5V1L6 6l6 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
  stretch: "M4 4v16M8 12h12M15 7l5 5-5 5",
  warn: "M12 2L1 21h22zM11 9h2v6h-2zM11 17h2v2h-2z",
  camera: "M4 7h4l2-3h4l2 3h4v13H4zM12 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  time: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l4 2",
  ask: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 17v1.5",
  star: "M12 2l3 7 7 .6-5.3 4.7L18.3 22 12 18l-6.3 4 1.6-7.7L2 9.6 9 9z",
  close: "M5 5l14 14M19 5L5 19",
};

function icon(name, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// The text for one or for many of something.
function counted([one, many], count) {
  return fill(count === 1 ? one : many, { count });
}

// Text as the server can store it: no lone surrogates, no NUL.
function storable(text) {
  const whole = text.toWellFormed ? text.toWellFormed() : text;
  return whole.replaceAll("\u0000", "");
}

// Evidence offsets count characters, as the server does; the browser counts UTF-16 units.
function charactersBefore(text, units) {
  return Array.from(text.slice(0, units)).length;
}

function clockTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = `${String(minutes).padStart(whole >= 3600 ? 2 : 1, "0")}:${String(whole % 60).padStart(2, "0")}`;
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${rest}` : rest;
}

// The offset of a time zone at a wall-clock time, such as +08:00.
function zoneOffset(local, zone) {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const named = (moment) =>
    format
      .formatToParts(moment)
      .find((part) => part.type === "timeZoneName")
      .value.slice(3) || "+00:00";
  const guess = named(new Date(`${local}Z`));
  return named(new Date(`${local}${guess}`));
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

// Scroll only the pane, and only as far as needed to see the node with some room around it.
function keepInView(pane, node) {
  const room = Math.min(96, pane.clientHeight / 4);
  const box = node.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (box.top < frame.top + room) pane.scrollTop -= frame.top + room - box.top;
  else if (box.bottom > frame.bottom - room)
    pane.scrollTop += Math.min(box.bottom - frame.bottom + room, box.top - frame.top - room);
}
