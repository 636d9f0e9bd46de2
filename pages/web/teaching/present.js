// One slide after another; the answers wait behind a key.

const slides = [...document.querySelectorAll(".slide")];
const place = /** @type {HTMLElement} */ (document.querySelector(".place"));
let at = Math.min(Number(location.hash.slice(1)) || 0, slides.length - 1);

function show() {
  slides.forEach((slide, number) => slide.classList.toggle("shown", number === at));
  place.textContent = `${at + 1} / ${slides.length}`;
  history.replaceState(null, "", `#${at}`);
  scrollTo(0, 0);
}

/** @param {number} by */
function turn(by) {
  at = Math.min(Math.max(at + by, 0), slides.length - 1);
  show();
}

function reveal() {
  slides[at].classList.toggle("open");
  const answer = slides[at].querySelector(".answer");
  answer?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

function fillScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

/** @type {Record<string, () => void>} */
const commands = { next: () => turn(1), back: () => turn(-1), reveal, full: fillScreen };
/** @type {Record<string, () => void>} */
const keys = {
  ArrowRight: commands.next,
  PageDown: commands.next,
  ArrowLeft: commands.back,
  PageUp: commands.back,
  " ": reveal,
  f: fillScreen,
  F: fillScreen,
};

addEventListener("keydown", (event) => {
  const onButton = event.target instanceof Element && event.target.matches("button");
  if (event.ctrlKey || event.metaKey || event.altKey || onButton || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
addEventListener("click", (event) => {
  if (event.target instanceof HTMLElement) commands[event.target.dataset.do ?? ""]?.();
});
show();

export {};
