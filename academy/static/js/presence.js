// The roll works without network: taps wait in this browser until they are sent, each with a nonce of its own.
// The screen of the room takes the next code from its own page. Both pages are whole without this.
const all = (part) => document.querySelectorAll(part);
const roll = document.querySelector("[data-roll]");
if (roll) {
  const place = "roll:" + roll.action;
  const waiting = document.querySelector("[data-waiting]");
  const read = () => { try { return JSON.parse(localStorage.getItem(place)) ?? []; } catch { return []; } };
  let memory = read();
  let busy;
  const keep = (taps) => {
    memory = taps;
    try { localStorage.setItem(place, JSON.stringify(taps)); } catch { /* private window: the page remembers */ }
    waiting.hidden = !taps.length;
    waiting.textContent = waiting.dataset.words.replace("#", taps.length);
  };
  const show = (button, on) => {
    button.ariaPressed = on;
    button.value = button.value.replace(/.$/, on ? 0 : 1);
  };
  const send = async () => {
    if (busy) return;
    busy = true;
    try {
      while (memory.length) {
        const body = new URLSearchParams(new FormData(roll));
        for (const [name, value] of memory[0]) body.set(name, value);
        const answer = await fetch(roll.action, { method: "POST", body });
        const isDone = answer.ok && answer.url.startsWith(roll.action);
        if (!isDone && ![404, 409, 410].includes(answer.status)) break;
        keep(memory.slice(1));
        if (!isDone) { location.reload(); break; } // refused: the page says what stands
      }
    } catch { /* away: tried again */ }
    busy = false;
  };
  roll.addEventListener("submit", (event) => {
    event.preventDefault();
    const { submitter: it } = event;
    const on = it.ariaPressed !== "true";
    keep([...memory, [["tap", it.value], ["half", roll.half.value], ["nonce", crypto.randomUUID()]]]);
    show(it, on);
    document.querySelector("[data-count]").textContent -= on ? -1 : 1;
    send();
  });
  document.querySelector("#q").addEventListener("input", ({ target }) => {
    const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const words = fold(target.value).split(/\s+/);
    for (const it of roll.querySelectorAll("li")) it.hidden = !words.every((word) => fold(it.textContent).includes(word));
  });
  for (const [[, tap], [, half]] of memory) if (half === roll.half.value) {
    const [id, on] = tap.split(".");
    for (const it of all(`[value^="${id}."]`)) show(it, on === "1");
  }
  keep(memory);
  addEventListener("online", send);
  setInterval(send, 15000);
  send();
}
const follow = (left) => setTimeout(async () => {
  let next = 2;
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const room = page.querySelector("[data-room]");
    document.querySelector("[data-room]").replaceWith(room);
    next = room.dataset.room;
  } catch { /* away: tried again */ }
  follow(next);
}, left * 1000);
for (const it of all("[data-room]")) follow(it.dataset.room);
