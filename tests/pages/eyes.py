"""What is looked at on every page and in every state, and kept as a picture for people to look at."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from config.environment import ROOT

PICTURES = ROOT / "pictures"
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
LEAST_TOUCH = 44
# A field for a date has day, month, year and a button: so many stops more than other fields.
STOPS_OF_A_DATE = 3

# Links within a sentence are as high as their line (WCAG 2.5.8 excepts them); everything else is for a thumb.
SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((each) => {
  if (!each.checkVisibility({visibilityProperty: true}) || each.closest(".skip, .unseen")) return false;
  if (each.tagName === "A" && getComputedStyle(each).display === "inline") return false;
  const box = (each.closest("label") || each).getBoundingClientRect();
  return box.width < least - 0.5 || box.height < least - 0.5;
}).map((each) => `${each.outerHTML.slice(0, 120)} ${JSON.stringify(each.getBoundingClientRect())}`)"""
# What reaches beyond the right edge, by name, so that a failure says where to look.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.body.querySelectorAll("*")].filter((each) => each.getBoundingClientRect().right > edge + 1)
    .map((each) => each.outerHTML.slice(0, 100));
}"""
ENLARGED = "(size) => { document.documentElement.style.fontSize = size; }"
FOCUSABLE = """() => [...document.querySelectorAll(
    "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((each) => each.checkVisibility({visibilityProperty: true})
    && !(each.type === "radio" && !each.checked && document.querySelector(`[name=${each.name}]:checked`))).length"""
HAS_FOCUS = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  each.dataset.walked = "yes";
  return {what: each.outerHTML.slice(0, 80), outline: getComputedStyle(each).outlineStyle};
}"""


def look(page: Page, name: str) -> None:
    """Keep a picture of the page, and hold it to what is promised of every page in every state."""
    language, size = page.locator("html").get_attribute("lang"), page.viewport_size
    file = PICTURES / str(language) / str(size and size["width"]) / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True)
    wrong = {"axe": violations(page)}
    wrong["too small for a thumb"] = page.evaluate(SMALL_TARGETS, LEAST_TOUCH)
    wrong["beyond the edge"] = page.evaluate(TOO_WIDE)
    page.evaluate(ENLARGED, "212.5%")
    wrong["beyond the edge at 200 %"] = page.evaluate(TOO_WIDE)
    page.evaluate(ENLARGED, "")
    wrong = {what: found for what, found in wrong.items() if found}
    assert not wrong, f"{wrong}; see {file}"


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong by WCAG 2.2, A and AA."""
    found: list[dict[str, Any]] = Axe().run(page, options=WCAG).response["violations"]
    return [f"{each['id']}: {[node['html'][:160] for node in each['nodes']]}" for each in found]


def walk(page: Page) -> None:
    """Go through the page by keyboard alone: everything that can be used is reached, and shows that it is."""
    page.locator("body").evaluate("(body) => { body.tabIndex = -1; body.focus(); }")
    expected = page.evaluate(FOCUSABLE)
    within_dates = STOPS_OF_A_DATE * page.locator("input[type=date]").count()
    for _ in range(expected + within_dates + 2):
        page.keyboard.press("Tab")
        here = page.evaluate(HAS_FOCUS)
        if here is not None:
            assert here["outline"] != "none", f"focus cannot be seen on {here['what']}"
    assert page.locator("[data-walked]").count() == expected
