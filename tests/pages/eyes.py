"""What is looked at on every page and in every state, and kept as a picture for people to look at."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from config.environment import ROOT

PICTURES = ROOT / "pictures"
# What is right is a thousand times as much as what is wrong, and would be sent over only to be thrown away.
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
WRONG = "async (options) => (await axe.run(options)).violations"
LEAST_TOUCH = 44
# A field for a date has day, month, year and a button: so many stops more than other fields.
STOPS_OF_A_DATE = 3
# Large letters may be paler by WCAG; ours may not.
LEAST_CONTRAST = """() => axe.configure({ checks: [{ id: "color-contrast", options: {
  contrastRatio: { normal: { expected: 4.5 }, large: { expected: 4.5 } } } }] })"""

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
# Words of which a part lies outside a box that shows nothing outside itself.
CUT_OFF = """() => [...document.querySelectorAll("main *, header *, nav *")].flatMap((box) => {
  const style = getComputedStyle(box), cut = [];
  if (style.overflowX !== "hidden" && style.overflowY !== "hidden" || box.closest(".unseen, svg")) return cut;
  const edge = box.getBoundingClientRect(), words = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (words.nextNode()) {
    const around = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || around.closest(".unseen, svg") || !around.checkVisibility()) continue;
    range.selectNodeContents(words.currentNode);
    const beyond = (each) => each.left < edge.left - 1 || each.right > edge.right + 1 || each.bottom > edge.bottom + 1;
    if ([...range.getClientRects()].some(beyond)) cut.push(words.currentNode.data);
  }
  return cut;
})"""
ENLARGED = "(size) => { document.documentElement.style.fontSize = size; }"
FOCUSABLE = """() => [...document.querySelectorAll(
    "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((each) => each.checkVisibility({visibilityProperty: true})
    && !(each.type === "radio" && !each.checked && document.querySelector(`[name=${each.name}]:checked`)))
  .filter((each) => !each.dataset.walked).map((each) => each.outerHTML.slice(0, 80))"""
FOCUSED = "() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent"
MOST_TABS = 40
# What scrolls sideways is a stop of its own, and so is the browser's own frame.
SCROLLERS = 4
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
    wrong["cut off at 200 %"] = page.evaluate(CUT_OFF)
    page.evaluate(ENLARGED, "")
    wrong = {what: found for what, found in wrong.items() if found}
    assert not wrong, f"{wrong}; see {file}"


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong by WCAG 2.2, A and AA."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
        page.evaluate(LEAST_CONTRAST)
    found: list[dict[str, Any]] = page.evaluate(WRONG, WCAG)
    return [f"{each['id']}: {[node['html'][:160] for node in each['nodes']]}" for each in found]


def tab_to(page: Page, name: str) -> None:
    """Come by keyboard to what is called so."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if name in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"never came to {name}")


def walk(page: Page) -> None:
    """Go through the page by keyboard alone: everything that can be used is reached, and shows that it is."""
    page.locator("body").evaluate("(body) => { body.tabIndex = -1; body.focus(); }")
    within_dates = STOPS_OF_A_DATE * page.locator("input[type=date]").count()
    for _ in range(len(page.evaluate(FOCUSABLE)) + within_dates + SCROLLERS):
        page.keyboard.press("Tab")
        here = page.evaluate(HAS_FOCUS)
        if here is not None:
            assert here["outline"] != "none", f"focus cannot be seen on {here['what']}"
    assert page.evaluate(FOCUSABLE) == []
