"""Open any place in one Chromium: one profile per person, one page load per place."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Response

from tests.browser.places import Place
from tests.browser.serving import Academy

LANGUAGES = {"fr": "", "en": "/en"}

# Whatever a script or the browser would check first, as a browser without either sends it.
_SEND = """(form, fields) => {
  for (const [name, value] of Object.entries(fields)) {
    let input = form.querySelector(`[name="${name}"]:not(button)`);
    if (!input) form.append(Object.assign(input = document.createElement("input"), {type: "hidden", name}));
    input.value = value;
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass
class Tour:
    """The two academies, full and bare, and the pages that are open in them."""

    browser: Browser
    full: Academy
    bare: Academy
    options: dict[str, object] = field(default_factory=dict)
    _pages: dict[tuple[str, bool], Page] = field(default_factory=dict)

    def open(self, place: Place, language: str = "fr") -> Page:
        """The page of the person who sees this place, on it."""
        page = self.page(place)
        self.visit(page, place, language)
        return page

    def visit(self, page: Page, place: Place, language: str) -> Response:
        """Go there; give the answer that has the HTML."""
        answer = page.goto(self.address(place, language))
        if place.form:
            with page.expect_navigation() as sent:
                page.locator(place.form).first.evaluate(_SEND, place.fields)
            answer = sent.value
        assert answer is not None
        assert answer.status == place.status, f"{place.name}: {answer.status} instead of {place.status}"
        return answer

    def html(self, place: Place, language: str) -> bytes:
        """The HTML as it came, not as a browser repaired it; shown in a window only where a form is sent."""
        page = self.page(place)
        if place.form:
            return self.visit(page, place, language).body()
        answer = page.request.get(self.address(place, language))
        assert answer.status == place.status, f"{place.name}: {answer.status} instead of {place.status}"
        return answer.body()

    def address(self, place: Place, language: str) -> str:
        """Where the place is in this run."""
        academy = self.bare if place.bare else self.full
        return academy.url + LANGUAGES[language] + place.path.format_map({} if place.bare else academy.names)

    def page(self, place: Place) -> Page:
        """The window of this person, signed in; the same for all their places."""
        key = (place.who, place.bare)
        if key not in self._pages:
            academy = self.bare if place.bare else self.full
            context = self.browser.new_context(bypass_csp=True, **self.options)
            if place.who != "visitor":
                name, value = academy.cookies[place.who]
                context.add_cookies([{"name": name, "value": value, "url": academy.url}])
            self._pages[key] = context.new_page()
        return self._pages[key]

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()
