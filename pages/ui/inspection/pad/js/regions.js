// A photo with the part of it that is meant: shown anywhere, marked in a dialog by mouse, finger or key.

const REGION = ["region_left", "region_top", "region_width", "region_height"];
const WHOLE = Object.fromEntries(REGION.map((name) => [name, null]));
const FIRST = { region_left: 0.3, region_top: 0.3, region_width: 0.4, region_height: 0.4 };
const STEP = 0.02;
const SMALLEST = 0.03;

function photoView(pin, alt) {
  const image = h("img", { src: `/api/photo/${pin.photo}`, alt, draggable: "false" });
  const node = h("span", { class: "shot" }, image);
  if (pin.region_left !== null) node.append(regionBox(pin));
  return node;
}

function regionBox(region) {
  const box = h("span", { class: "region", "aria-hidden": "true" });
  placeBox(box, region);
  return box;
}

function placeBox(box, region) {
  for (const name of REGION) box.style[name.slice(7)] = `${region[name] * 100}%`;
}

// Inside the photo, in steps the server can store.
function fitted({ region_left, region_top, region_width, region_height }) {
  const round = (share) => Math.round(share * 10_000) / 10_000;
  const width = round(clamp(region_width, SMALLEST, 1));
  const height = round(clamp(region_height, SMALLEST, 1));
  return {
    region_left: round(clamp(region_left, 0, 1 - width)),
    region_top: round(clamp(region_top, 0, 1 - height)),
    region_width: width,
    region_height: height,
  };
}

class RegionDialog {
  // `done(values)` gets the region chosen, `remove()` is asked to take the photo away.
  constructor(texts) {
    this.texts = texts;
    this.title = h("h2", {});
    this.spoken = h("p", { class: "hint", role: "status" });
    this.area = h("div", { class: "area" });
    const button = (label, act, kind = "") =>
      h("button", { type: "button", class: kind, onclick: act }, label);
    const close = (act) => () => {
      this.node.close();
      act();
    };
    this.node = h(
      "dialog",
      { class: "photo", "aria-label": texts.photo },
      this.title,
      h("p", { class: "hint" }, texts.region_how, h("span", { class: "by-key" }, texts.region_keys)),
      this.area,
      this.spoken,
      h(
        "div",
        { class: "row" },
        button(
          texts.remove_photo,
          close(() => this.remove()),
        ),
        button(texts.whole_photo, () => this.set(null)),
        button(
          texts.region_done,
          close(() => this.done(this.region ?? WHOLE)),
          "primary",
        ),
      ),
    );
  }

  show(pin, title, { done, remove }) {
    Object.assign(this, { done, remove });
    this.title.textContent = title;
    this.image = photoView({ photo: pin.photo, region_left: null }, title);
    this.box = regionBox(FIRST);
    this.shot = h("div", { class: "shot", tabindex: "0", role: "group", "aria-label": title });
    this.shot.append(...this.image.childNodes, this.box);
    this.area.replaceChildren(this.shot);
    this.listen();
    this.set(pin.region_left === null ? null : fitted(pin));
    this.node.showModal();
    this.shot.focus();
  }

  listen() {
    const { shot } = this;
    shot.addEventListener("pointerdown", (event) => this.begin(event));
    shot.addEventListener("pointermove", (event) => this.from && this.drag(event));
    for (const name of ["pointerup", "pointercancel"])
      shot.addEventListener(name, () => (this.from = null));
    shot.addEventListener("keydown", (event) => this.key(event));
  }

  set(region) {
    this.region = region;
    this.box.hidden = !region;
    if (region) placeBox(this.box, region);
    const [left, top, width, height] = REGION.map((name) => Math.round(100 * (region?.[name] ?? 0)));
    this.spoken.textContent = region
      ? fill(this.texts.region, { left, top, width, height })
      : this.texts.no_region;
  }

  at(event) {
    const box = this.shot.getBoundingClientRect();
    return {
      x: clamp((event.clientX - box.left) / box.width, 0, 1),
      y: clamp((event.clientY - box.top) / box.height, 0, 1),
    };
  }

  begin(event) {
    event.preventDefault();
    this.shot.focus();
    this.shot.setPointerCapture(event.pointerId);
    this.from = this.at(event);
  }

  drag(event) {
    const { x, y } = this.at(event);
    const { from } = this;
    if (Math.abs(x - from.x) < SMALLEST / 2 && Math.abs(y - from.y) < SMALLEST / 2) return;
    this.set(
      fitted({
        region_left: Math.min(x, from.x),
        region_top: Math.min(y, from.y),
        region_width: Math.abs(x - from.x),
        region_height: Math.abs(y - from.y),
      }),
    );
  }

  // Arrows move the region, with Shift they make it larger or smaller.
  key(event) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = by[event.key];
    if (event.key === "Enter") {
      this.node.close();
      this.done(this.region ?? WHOLE);
    } else if (event.key === "Backspace" || event.key === "Delete") this.set(null);
    else if (step) this.set(this.region ? this.moved(step, event.shiftKey) : FIRST);
    else return;
    event.preventDefault();
  }

  moved([x, y], resize) {
    const names = resize ? ["region_width", "region_height"] : ["region_left", "region_top"];
    const next = { ...this.region };
    next[names[0]] += x * STEP;
    next[names[1]] += y * STEP;
    return fitted(next);
  }
}
