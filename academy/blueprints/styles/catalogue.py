"""What the style page lists: each component with its macro, its style sheet and its specimen."""

import re
from dataclasses import dataclass
from functools import cache

from academy.web.assets import STATIC

TEMPLATES = STATIC.parent / "templates"
MACROS, SHEETS = TEMPLATES / "components", STATIC / "css" / "components"

# A macro and its style sheet carry the same name. The exceptions, all of them:
WITHOUT_SHEET = {
    "_csrf": "a hidden field",
    "citing": "the ground of a list of files",
    "fallback": "a notice with words of its own",
    "first_cycle": "an empty state with words of its own",
    "hours": "words",
    "known": "names to choose from",
    "mode": "words",
    "pages": "links and words",
    "question": "fields, as field",
    "session_act": "a button",
    "session_links": "links and words",
    "ways": "links and words",
}
OF_ONE_PLACE = {  # looks of one page or of the frame, whose markup stands there
    "account": "account/_enrolments.html",
    "chart_hero": "home/index.html",
    "desk": "desk/",
    "embed": "resources/box.html",
    "enrol": "sessions/_enrol.html",
    "finder": "resources/index.html",
    "module_head": "modules/show.html",
    "off_chart": "errors/error.html",
    "palette": "layouts/_palette.html",
    "presence": "presence/",
    "prose": "academy/rendering",
    "session_head": "sessions/show.html",
    "sign_in": "account/sign_in.html",
    "slides": "slides/",
    "site_footer": "layouts/_footer.html",
    "site_header": "layouts/site.html",
    "studio": "studio/",
    "theme": "layouts/_theme.html",
}

SPACES = ("u", "gap", "gutter", "measure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A component on the page; an empty path means that the file does not exist."""

    name: str
    says: str  # how the macro is called and what it shows: the comment that opens its file
    markup: str
    sheet: str

    @property
    def specimen(self) -> str:
        return f"styles/specimens/{self.name}.html"


@cache
def entries() -> list[Entry]:
    """Every component that has a macro or a style sheet, by its name."""
    macros = {path.stem for path in MACROS.glob("*.html")}
    looks = {path.stem for path in SHEETS.glob("*.css")}
    return [_entry(name, name in macros, name in looks) for name in sorted(macros | looks)]


def _entry(name: str, has_macro: bool, has_sheet: bool) -> Entry:
    path = MACROS / f"{name}.html"
    comment = re.match(r"\{#-?(.+?)-?#\}", path.read_text("utf-8"), re.DOTALL) if has_macro else None
    return Entry(
        name=name,
        says=" ".join(comment[1].split()) if comment else "",
        markup=f"components/{name}.html" if has_macro else OF_ONE_PLACE.get(name, ""),
        sheet=f"css/components/{name}.css" if has_sheet else "",
    )


def tokens(prefix: str) -> list[str]:
    """Names of the custom properties that are numbered: `t` gives t-1, t0, t1…"""
    return re.findall(rf"--({prefix}-?\d+):", (STATIC / "css" / "tokens.css").read_text("utf-8"))


@cache
def sheet() -> str:
    """The looks of the style page: its own rules, and one for each token."""
    steps = [f".step-{name} {{ font-size: var(--{name}); }}" for name in tokens("t")]
    spaces = [f".space-{name} {{ inline-size: var(--{name}); }}" for name in SPACES]
    return "\n".join([(STATIC / "css" / "specimens.css").read_text("utf-8"), *steps, *spaces, ""])
