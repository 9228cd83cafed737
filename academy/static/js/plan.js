// The headings of the text that is being written, under one another: each leads to its line.
{
  const plan = document.querySelector('[data-behaviour="plan"]');
  const start = (plan) => {
    const source = document.querySelector("#source");
    const [list, none] = [plan.querySelector("ol"), plan.querySelector("p")];
    let timer;
    const headings = (lines) => {
      const found = [];
      let fence = "";
      const end = lines[0]?.trim() === "---" ? lines.findIndex((line, at) => at && line.trim() === "---") : -1;
      for (const [at, line] of lines.entries()) {
        if (at <= end) continue;
        const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
        if (fence) {
          if (mark?.startsWith(fence) && !line.trim().slice(mark.length)) fence = "";
        } else if (mark) fence = mark;
        else {
          const [, level, title] = /^ {0,3}(#{1,6})[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$/.exec(line) ?? [];
          if (level) found.push([level.length, title.replace(/\s*\{[^}]*\}$/, "").replace(/[*`]/g, ""), at + 1]);
        }
      }
      return found;
    };
    const draw = () => {
      const found = headings(source.value.split("\n"));
      list.replaceChildren(...found.map(([level, title, line]) => {
        const [row, link] = [document.createElement("li"), document.createElement("a")];
        row.className = level > 2 ? "is-deep" : "";
        link.href = "#source";
        link.dataset.line = line;
        link.textContent = title;
        row.append(link);
        return row;
      }));
      none.hidden = found.length > 0;
    };
    plan.addEventListener("toggle", draw);
    source.addEventListener("input", () => {
      clearTimeout(timer);
      if (plan.open) timer = setTimeout(draw, 300);
    });
  };
  if (plan) start(plan);
}
