"""What browser tests share: a page that is watched, axe, the keyboard, paper."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import expect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def write_cell(page, grid, row, column, text, slow=180_000):
    """Write in a cell of a grid; returns the cell."""
    cell = page.locator(f'#{grid} [row-id="{row}"] [col-id="{column}"]')
    cell.scroll_into_view_if_needed(timeout=slow)
    cell.dblclick()
    box = cell.locator("input")
    expect(box).to_be_focused(timeout=slow)
    box.fill(text)
    box.press("Enter")
    return cell


class Watched:
    """A browser page, and everything that it asked for or complained of."""

    def __init__(self, page, base):
        self.page, self.base = page, base.rstrip("/")
        self.requests, self.errors = [], []
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("response", lambda r: self.errors.append(f"{r.status} {r.url}") if r.status >= 400 else None)

    def open(self, path, *, title=None):
        """Open a page and wait until it is filled and every picture in it is drawn."""
        self.page.goto(self.base + path)
        self.settle(title)
        return self

    def settle(self, title=None):
        wanted = re.compile(f"^{re.escape(title)}$" if title else r"^(?!One moment).+")
        self.page.locator("#title", has_text=wanted).wait_for()
        self.page.locator("#page > *:not(.first-wait)").first.wait_for()
        self.page.wait_for_load_state("networkidle")
        for box in self.page.locator(".dash-graph").all():
            box.locator(".main-svg").first.wait_for(state="attached")
        return self

    def text(self, selector):
        return " ".join(self.page.locator(selector).first.inner_text().split())

    def texts(self, selector):
        return [" ".join((t or "").split()) for t in self.page.locator(selector).all_text_contents()]

    def open_twins(self):
        self.page.evaluate("document.querySelectorAll('details.twin').forEach(d => { d.open = true; })")

    def foreign(self):
        """Hosts other than this computer that anything was asked of."""
        hosts = {urlsplit(u).hostname for u in self.requests if not u.startswith(("data:", "blob:"))}
        return sorted(h for h in hosts if h not in ("127.0.0.1", "localhost", None))

    def sideways(self):
        """Pixels by which the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def violations(self):
        """WCAG 2.2 A and AA violations that axe finds, as text."""
        self.page.evaluate(AXE)
        asked = json.dumps({"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
        found = self.page.evaluate(f"async () => (await axe.run(document, {asked})).violations")
        return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"]]

    def tab_stops(self, most=80):
        """Names of what Tab reaches, in order, until it leaves the page or comes round."""
        self.page.evaluate("document.activeElement && document.activeElement.blur()")
        names = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            name = self.page.evaluate(
                "() => { const e = document.activeElement; if (!e || e === document.body) return null;"
                " return e.getAttribute('aria-label') || e.id || e.textContent.trim().slice(0, 60); }"
            )
            if name is None or (names and name == names[0]):
                break
            names.append(name)
        return names

    def pick_by_keyboard(self, selector):
        """Choose the next option of a list with keys alone; each key waits for what answers it."""
        chooser = self.page.locator(selector)
        chooser.focus()
        self.page.keyboard.press("ArrowDown")
        options = self.page.locator("[role=option]:visible")
        options.first.wait_for()
        marked = self.page.locator("[role=option][data-combobox-selected]:visible")
        for _ in range(20):
            if marked.count() and marked.first.get_attribute("data-combobox-active") is None:
                break
            self.page.keyboard.press("ArrowDown")
            self.page.wait_for_timeout(100)
        self.page.keyboard.press("Enter")

    def focus_is_visible(self):
        style = self.page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return [s.outlineStyle, parseFloat(s.outlineWidth)]; }"
        )
        return style[0] != "none" and style[1] >= 2

    def shows_share_button(self):
        return self.page.locator("text=/share chart/i").count() + self.page.locator(".modebar-btn").count()

    def printed(self, tmp_path, name):
        """Print to PDF and return its pages as text, one each."""
        path = tmp_path / f"{name}.pdf"
        self.page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
        if shutil.which("pdftotext") is None:
            return path, []
        text = subprocess.run(
            ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True
        )
        return path, text.stdout.split("\f")[:-1]
