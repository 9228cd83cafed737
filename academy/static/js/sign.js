// A signature drawn by finger, pen or mouse becomes the strokes of a path. A typed name does as well.
for (const form of document.querySelectorAll('[data-behaviour="sign"]')) {
  const pad = form.querySelector("svg");
  const path = pad.firstElementChild;
  let strokes = "";
  let isDown = false;
  const put = (letter, { clientX, clientY }) => {
    const box = pad.getBoundingClientRect();
    const within = (at, most) => Math.max(0, Math.min(most, Math.round(at * most)));
    const point = within((clientX - box.left) / box.width, 600) + " " + within((clientY - box.top) / box.height, 200);
    if (strokes.length > 7900 || strokes.endsWith(letter + point)) return;
    strokes += letter + point;
    path.setAttribute("d", strokes);
  };
  const keep = () => {
    isDown = false;
    form.elements.drawing.value = strokes.replace(/M[^ML]+(?=M|$)/g, ""); // a dot is no stroke
  };
  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    isDown = true;
    put("M", event);
  });
  pad.addEventListener("pointermove", (event) => { if (isDown) put("L", event); });
  for (const kind of ["pointerup", "pointercancel"]) pad.addEventListener(kind, keep);
  form.querySelector("[data-wipe]").addEventListener("click", () => {
    strokes = "";
    path.setAttribute("d", "");
    keep();
  });
}
