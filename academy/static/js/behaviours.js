// What the other files stand on: each adds one behaviour, which an element asks for by data-behaviour="name".
const behaviours = {};

const attach = (part) => {
  for (const element of part.querySelectorAll("[data-behaviour]")) behaviours[element.dataset.behaviour]?.(element);
};
document.addEventListener("DOMContentLoaded", () => attach(document));

// Say it to screen readers: in the open dialog if there is one, for the page behind it is silent.
const say = (words) => {
  const region = document.querySelector("dialog[open] [data-live]") ?? document.querySelector("[data-live]");
  if (region) region.textContent = region.textContent === words ? words + "\u00a0" : words;
};
