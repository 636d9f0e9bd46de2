// One slide after another; the answers wait behind a key.

const slides = [...document.querySelectorAll(".slide")];
let at = Math.min(Number(location.hash.slice(1)) || 0, slides.length - 1);
function show() {
  slides.forEach((slide, number) => slide.classList.toggle("shown", number === at));
  document.querySelector(".place").textContent = `${at + 1} / ${slides.length}`;
  history.replaceState(null, "", `#${at}`);
  scrollTo(0, 0);
}
const deeds = {
  next: () => { at = Math.min(at + 1, slides.length - 1); show(); },
  back: () => { at = Math.max(at - 1, 0); show(); },
  reveal: () => {
    slides[at].classList.toggle("open");
    slides[at].querySelector(".answer")?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  },
  full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};
const keys = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", " ": "reveal", f: "full", F: "full" };
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key] || event.target.matches("button")) return;
  event.preventDefault();
  deeds[keys[event.key]]();
});
addEventListener("click", (event) => deeds[event.target.dataset?.do]?.());
show();
