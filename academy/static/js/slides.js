// Slides: one at a time, by keys, by buttons, by the address (#3). The window of who speaks and the wall follow each other.
const deck = document.querySelector('[data-behaviour="slides"]');
const slides = [...deck.querySelectorAll(".slide")];
const bar = document.querySelector(".deck-bar");
const channel = new BroadcastChannel("slides " + deck.dataset.channel);
let here = -1;

const asked = () => { // #3, or a link to a section of the text
  const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  return Math.max(slides.findIndex((slide) => slide === aim || slide.contains(aim)), 0);
};

const reach = () => { // a slide longer than the wall takes the focus, so that the arrow keys scroll it
  for (const slide of slides) {
    if (slide.scrollHeight > slide.clientHeight) slide.tabIndex = 0;
    else slide.removeAttribute("tabindex");
  }
};

const show = (number, { isTold = true } = {}) => {
  const next = Math.min(Math.max(number, 0), slides.length - 1);
  if (next === here) return;
  const isFirst = here < 0;
  here = next;
  slides.forEach((slide, index) => {
    slide.classList.toggle("is-here", index === here);
    slide.classList.toggle("is-next", index === here + 1);
  });
  reach();
  for (const at of document.querySelectorAll("[data-at]")) at.textContent = here + 1;
  slides[here].scrollTop = 0;
  history.replaceState(null, "", "#" + (here + 1));
  if (isFirst) return;
  document.querySelector("[data-live]").textContent = deck.dataset.said.replace("{n}", here + 1);
  if (isTold) channel.postMessage({ at: here });
};

const KEYS = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1, Home: -Infinity, End: Infinity };
document.addEventListener("keydown", (event) => {
  const isTaken = event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select");
  if (isTaken || !(event.key in KEYS) || (event.key === " " && event.target.closest("a, button, summary"))) return;
  event.preventDefault();
  show(here + (event.key === " " && event.shiftKey ? -1 : KEYS[event.key]));
});
bar.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.step) show(here + Number(button.dataset.step));
  if (button && "full" in button.dataset) {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }
});
// A finger that strokes sideways turns the page; one that scrolls a long slide or a wide table does not.
let start = null;
deck.addEventListener("touchstart", ({ touches }) => { start = touches.length === 1 ? touches[0] : null; }, { passive: true });
deck.addEventListener("touchend", ({ changedTouches: [end], target }) => {
  if (!start || target.closest(".table-scroll, pre")) return;
  const [right, down] = [end.clientX - start.clientX, end.clientY - start.clientY];
  if (Math.abs(right) > 60 && Math.abs(right) > 2 * Math.abs(down)) show(here + (right < 0 ? 1 : -1));
}, { passive: true });
addEventListener("resize", reach);
addEventListener("hashchange", () => show(asked()));
channel.addEventListener("message", ({ data }) => {
  if (data.ask) channel.postMessage({ at: here });
  else show(data.at, { isTold: false });
});

document.documentElement.classList.add("is-shown");
show(asked());
channel.postMessage({ ask: true });

// Of the window of who speaks alone: the hour, and the time since the first slide was left.
const clock = document.querySelector("[data-clock]");
if (clock) {
  const spent = document.querySelector("[data-spent]");
  let began = null;
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    const now = new Date();
    if (began === null && here > 0) began = now;
    const seconds = began ? Math.floor((now - began) / 1000) : 0;
    clock.textContent = two(now.getHours()) + ":" + two(now.getMinutes());
    spent.textContent = two(Math.floor(seconds / 60)) + ":" + two(seconds % 60);
  };
  document.querySelector("[data-restart]").addEventListener("click", () => { began = here > 0 ? new Date() : null; tick(); });
  tick();
  setInterval(tick, 1000);
}
