// Tell the academy that an answer of this question was followed: the question once, and nothing of who follows it.
behaviours.opened = ({ dataset }) => {
  let told;
  const tell = ({ target, button }) => {
    const question = document.querySelector("[data-question]")?.dataset.question;
    if (button > 1 || !question || question === told || !target.closest(".hit a")) return;
    told = question;
    navigator.sendBeacon(dataset.to, new URLSearchParams({ q: question }));
  };
  for (const kind of ["click", "auxclick"]) document.addEventListener(kind, tell);
};
