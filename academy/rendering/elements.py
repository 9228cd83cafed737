"""Write the constructs of the dialect as HTML elements."""

from markdown_it.token import Token

from academy.rendering import chart_figure, drawn, highlighting
from academy.rendering.commonmark import TreeWriter, unescapeAll

WORDS = {
    "fr": {
        "table": "Tableau",
        "notes": "Notes",
        "back": "Retour au texte, note",
        "done": "Fait",
        "to_do": "À faire",
        "formula": "Formule",
    },
    "en": {
        "table": "Table",
        "notes": "Notes",
        "back": "Back to the text, note",
        "done": "Done",
        "to_do": "To do",
        "formula": "Formula",
    },
}


class AcademyWriter(TreeWriter):
    """Add to CommonMark's elements those of the dialect, with what keyboards and screen readers need."""

    tables = 0
    coloured = 0  # characters of code coloured so far

    def word(self, key: str) -> str:
        return WORDS[self.env["language"]][key]

    def heading_open(self, token: Token) -> None:
        self.open(token.tag, id=token.meta["anchor"])

    def heading_close(self, token: Token) -> None:
        """End with a link to the heading itself: hidden from screen readers, for the outline has the same links."""
        if token.meta["title"]:
            self.open("a", class_="heading-anchor", href="#" + token.meta["anchor"], aria_hidden="true", tabindex="-1")
            self.data("#")
            self.close("a")
        self.close(token.tag)

    def image(self, token: Token) -> None:
        token.attrs["loading"] = "lazy"
        super().image(token)

    def fence(self, token: Token) -> None:
        """Write code that scrolls, hence takes the keyboard's focus."""
        language = (unescapeAll(token.info).split(None, 1) or [""])[0].lower()
        spans = highlighting.coloured(token.content, language, spent=self.coloured)
        self.open("pre", tabindex="0", **({"class": "highlight"} if spans else {}))
        if spans is None:
            self.code(token.content, **({"class": "language-" + language} if language else {}))
        else:
            self.coloured += len(token.content)
            self.open("code", class_="language-" + language)
            self.raw(spans)
            self.close("code")
        self.close("pre")

    def code_block(self, token: Token) -> None:
        self.open("pre", tabindex="0")
        self.code(token.content)
        self.close("pre")

    def math_inline(self, token: Token) -> None:
        self.data(drawn.of(self.env).keep(token.meta["drawing"]))

    def math_block(self, token: Token) -> None:
        """Write a formula that scrolls, hence takes the keyboard's focus."""
        self.open("div", class_="formula", role="group", aria_label=self.word("formula"), tabindex="0")
        self.math_inline(token)
        self.close("div")

    def transcript(self, token: Token) -> None:
        self.open("div", class_="transcript")
        for time, words in token.meta["cues"]:
            self.open("p")
            self.open("span", class_="cue")
            self.data(time)
            self.close("span")
            self.data(f" {words}".replace("&", "&amp;"))
            self.close("p")
        self.close("div")

    def video_link_open(self, token: Token) -> None:
        self.open("p")
        self.open(token.tag, **token.attrs)

    def video_link_close(self, token: Token) -> None:
        """End with the name of the site that the link leads to."""
        self.close(token.tag)
        if host := token.meta.get("host"):
            self.data(f" ({host.replace('&', '&amp;')})")
        self.close("p")

    def chart(self, token: Token) -> None:
        chart_figure.write(self, token.meta["chart"])

    def table_open(self, token: Token) -> None:
        self.table_frame()
        self.open("table")

    def table_frame(self) -> None:
        """Open what a wide table scrolls in, hence what takes the keyboard's focus."""
        self.tables += 1
        label = f"{self.word('table')} {self.tables}"
        self.open("div", class_="table-scroll", role="region", aria_label=label, tabindex="0")

    def table_close(self, token: Token) -> None:
        self.close("table")
        self.close("div")

    def th_open(self, token: Token) -> None:
        self.open(token.tag, **({"scope": "col"} if token.tag == "th" else {}), **_alignment(token))

    def td_open(self, token: Token) -> None:
        self.open(token.tag, **({"scope": "row"} if token.tag == "th" else {}), **_alignment(token))

    def list_item_open(self, token: Token) -> None:
        checked = token.meta.get("checked")
        if checked is None:
            self.open("li")
            return
        state = {"checked": "checked"} if checked else {}
        self.open("li", class_="task-list-item")
        label = self.word("done" if checked else "to_do")
        self.void("input", type="checkbox", disabled="disabled", aria_label=label, **state)
        self.data(" ")

    def bullet_list_open(self, token: Token) -> None:
        self.open(token.tag, **({"class": "task-list"} if "class" in token.attrs else {}))

    def ordered_list_open(self, token: Token) -> None:
        tasks = {"class": "task-list"} if "class" in token.attrs else {}
        self.open(token.tag, **{**token.attrs, **tasks})

    def footnote_ref(self, token: Token) -> None:
        number = token.meta["id"] + 1
        self.open("sup", id=_reference(token))
        self.open("a", class_="footnote-ref", href=f"#fn-{number}")
        self.data(str(number))
        self.close("a")
        self.close("sup")

    def footnote_block_open(self, token: Token) -> None:
        self.open("section", class_="footnotes", role="doc-endnotes", aria_label=self.word("notes"))
        self.open("ol")

    def footnote_block_close(self, token: Token) -> None:
        self.close("ol")
        self.close("section")

    def footnote_open(self, token: Token) -> None:
        self.open("li", id=f"fn-{token.meta['id'] + 1}")

    def footnote_close(self, token: Token) -> None:
        self.close("li")

    def footnote_anchor(self, token: Token) -> None:
        again = token.meta.get("subId", 0)
        label = f"{self.word('back')} {token.meta['id'] + 1}" + (f" ({again + 1})" if again else "")
        self.data(" ")
        self.open("a", class_="footnote-backref", href="#" + _reference(token), aria_label=label)
        self.data("↩\ufe0e")  # as text, not as a picture
        self.close("a")


def _alignment(token: Token) -> dict[str, str]:
    style = str(token.attrs.get("style", ""))
    return {"class": "align-" + style.removeprefix("text-align:")} if style else {}


def _reference(token: Token) -> str:
    """Name the place of a reference: a note may have several."""
    again = token.meta.get("subId", 0)
    return f"fnref-{token.meta['id'] + 1}" + (f"-{again + 1}" if again else "")
