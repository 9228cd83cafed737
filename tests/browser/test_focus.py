"""The outline of the focus stands out from the ground that it is drawn on: 3 to 1 at least (WCAG 2.2, 1.4.11 and 2.4.7)."""

import pytest

from tests.browser.places import PLACES, Place
from tests.browser.tour import Tour

pytestmark = pytest.mark.browser

SEEN = (
    "visitor-home",
    "visitor-cycle",
    "visitor-module-impact",
    "visitor-session-open",
    "visitor-session-closing_soon",
    "visitor-session-ended",
    "visitor-resources-found",
    "visitor-venues",
    "visitor-sign-in",
    "visitor-nowhere",
    "stakeholder-space",
    "trainer-edit",
    "trainer-history",
    "organiser-desk",
    "organiser-session-open",
    "organiser-create-error",
)
LOOKS = [("light", "none"), ("dark", "none"), ("light", "active"), ("dark", "active")]

# Gives each element the focus; of what is then outlined (itself, or the label or row that stands for it), the contrast
# with the first opaque ground: behind it, or its own where the outline is drawn inside.
WEAK = """() => {
  const pixel = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const rgba = colour => {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = colour;
    pixel.fillRect(0, 0, 1, 1);
    return [...pixel.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => [[r, .2126], [g, .7152], [b, .0722]]
    .reduce((sum, [value, share]) => sum + share * ((value /= 255) <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4), 0);
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  const ground = it => {
    for (; it; it = it.parentElement) {
      const colour = rgba(getComputedStyle(it).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return rgba("Canvas");
  };
  const outlined = it => getComputedStyle(it).opacity !== "0" && getComputedStyle(it).outlineStyle !== "none" && parseFloat(getComputedStyle(it).outlineWidth) >= 2;
  const found = [];
  for (const it of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    if (it.tabIndex < 0 || it.disabled || it.closest("svg") || !it.checkVisibility({visibilityProperty: true})) continue;
    it.focus({focusVisible: true});
    const shown = [it, it.labels && it.labels[0], it.parentElement, it.closest(":has(> * > :focus)"), it.closest("li, article")]
      .find(one => one && outlined(one));
    const name = `${it.outerHTML.slice(0, 90)} `;
    if (!shown) { found.push(name + "has no outline"); continue; }
    const style = getComputedStyle(shown), inside = parseFloat(style.outlineOffset) < 0;
    const ratio = contrast(rgba(style.outlineColor), ground(inside ? shown : shown.parentElement));
    if (ratio < 3) found.push(name + ratio.toFixed(2));
  }
  return found;
}"""


@pytest.mark.parametrize("place", [it for it in PLACES if it.name in SEEN], ids=lambda place: place.name)
def test_the_outline_stands_out_from_its_ground(tour: Tour, place: Place):
    page = tour.open(place)
    page.keyboard.press("Tab")  # from now on the browser shows where the focus is
    problems = []
    for scheme, forced in LOOKS:
        page.emulate_media(color_scheme=scheme, forced_colors=forced, reduced_motion="reduce")
        problems += [f"{scheme}, forced colours {forced}: {weak}" for weak in page.evaluate(WEAK)]
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
    assert problems == []
