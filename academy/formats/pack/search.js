"use strict";
// The search of an offline pack: no server, no request. textes.js holds TEXTES, a list of
// {title, lang, parts: [[heading, [[link, words], …]], …]}. Every word that is asked must begin a word of a section,
// but for those that only hold a question together; a plural finds the singular.
{
  const WORD = /[\p{L}\p{N}\p{M}]+/gu;
  const MOST = 30;
  const fold = text => text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD").replace(/\p{M}/gu, "");
  const EMPTY = new Set(`a au aux avec c ce ces cette comment d dans de des du en est et il ils j je l la le les leur m n ne
    nous on ou par pas pour qu que quel quelle quelles quels qui quoi s sa se ses son sont sur t un une vous y
    an and are at by do does for from how in is it of or that the this to was we what when where which who why with you`.split(/\s+/));
  const words = text => (text.match(WORD) || []).map(fold);

  const sections = TEXTES.flatMap(text => text.parts.map(([heading, paragraphs]) => ({
    text, heading, title: words(text.title), above: words(heading),
    paragraphs: paragraphs.map(([link, said]) => ({link, said, words: words(said)})),
  })));

  function wanted(question) {
    const all = [...new Set(words(question))];
    const some = all.filter(word => !EMPTY.has(word));
    return (some.length ? some : all).slice(0, 12).map(word => word.length > 3 ? word.replace(/[sx]$/, "") : word);
  }

  // 2 for the very word, 1 for one that begins so, 0 for none.
  const worth = (asked, among) => among.includes(asked) ? 2 : among.some(it => it.startsWith(asked)) ? 1 : 0;

  // The section with its worth and its best paragraph; null when one of the words is nowhere in it.
  function weighed(section, asked) {
    let worthOf = 0;
    for (const word of asked) {
      const inText = Math.max(0, ...section.paragraphs.map(it => worth(word, it.words)));
      const inAll = inText + 2 * worth(word, section.above) + 3 * worth(word, section.title);
      if (!inAll) return null;
      worthOf += inAll;
    }
    const sum = it => asked.reduce((all, word) => all + worth(word, it.words), 0);
    const best = section.paragraphs.reduce((one, other) => sum(other) > sum(one) ? other : one);
    return {section, best, worth: worthOf + 2 * sum(best)};
  }

  const make = (tag, content = "", attributes = {}) => {
    const it = document.createElement(tag);
    it.append(...[content].flat());
    for (const [name, value] of Object.entries(attributes)) if (value) it.setAttribute(name, value);
    return it;
  };

  // The words around the first that was asked, those that were asked inside <mark>.
  function passage(said, asked) {
    const isAsked = word => asked.some(it => fold(word).startsWith(it));
    const found = [...said.matchAll(WORD)].find(it => isAsked(it[0]));
    const start = found && found.index > 160 ? said.indexOf(" ", found.index - 120) + 1 : 0;
    const end = said.length > start + 320 ? said.lastIndexOf(" ", start + 320) : said.length;
    const shown = said.slice(start, end), parts = [start ? "… " : ""];
    let at = 0;
    for (const it of shown.matchAll(WORD)) {
      if (!isAsked(it[0])) continue;
      parts.push(shown.slice(at, it.index), make("mark", it[0]));
      at = it.index + it[0].length;
    }
    return [...parts, shown.slice(at), end < said.length ? " …" : ""];
  }

  function result({section, best}, asked) {
    const {text, heading} = section;
    const title = make("h3", make("a", text.title, {href: best.link, lang: text.lang}));
    const where = heading ? [make("b", `§ ${heading}`), " "] : [];
    const link = make("a", [...where, ...passage(best.said, asked)], {href: best.link, lang: text.lang});
    return make("article", [title, make("p", link, {class: "hit__passage"})], {class: "hit"});
  }

  const box = document.getElementById("recherche"), field = box.querySelector("input");
  const status = box.querySelector("[role=status]"), list = document.getElementById("resultats");

  function search() {
    const asked = wanted(field.value);
    const found = asked.length ? sections.map(it => weighed(it, asked)).filter(Boolean) : [];
    found.sort((one, other) => other.worth - one.worth);
    list.replaceChildren(...found.slice(0, MOST).map(it => result(it, asked)));
    const said = found.length > 1 ? status.dataset.many : found.length ? status.dataset.one : status.dataset.none;
    status.textContent = asked.length ? said.replace("#", found.length) : "";
  }

  box.hidden = false;
  field.value = history.state?.asked ?? new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", () => {
    history.replaceState({asked: field.value}, ""); // for the reader who comes back
    search();
  });
  search();
}
