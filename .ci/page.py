"""python page.py RUN WORK: the report in Debian's Chromium (ecosystem.md 7, promise 16).

At 1200, 800 and 390 pixels and in print: no message on the console, no request
but for the page itself, nothing wider than the window, no text upon other text
in a chart. The charts' files must be well-formed.
"""

import csv
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTHS = (1200, 800, 390)
WORDS = ("−22.5", "111", "450", "not evaluable", "association", "Was there a pause?", "no detectable change")  # of the case that the report is about

# Pairs of texts of one chart that lie upon each other by more than two pixels.
OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg')) {
    const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent.trim(), t.getBoundingClientRect()]).filter(([s, r]) => s && r.width);
    for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
      const [a, p] = texts[i], [b, q] = texts[j];
      const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left), high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      const line = Math.min(p.height, q.height);
      if (wide > 2 && high > 2 + line / 4) found.push(`"${a}" and "${b}"`);
    }
  }
  return found;
}"""

# What reaches beyond the window and is in no box of its own that scrolls.
WIDER = """() => {
  const edge = document.documentElement.clientWidth, found = [];
  const scrolls = e => { for (; e; e = e.parentElement) { const o = getComputedStyle(e).overflowX; if (e !== document.body && e !== document.documentElement && (o === 'auto' || o === 'scroll' || o === 'hidden')) return true; } return false; };
  for (const e of document.body.querySelectorAll('*')) {
    const r = e.getBoundingClientRect();
    if (r.width && r.right > edge + 1 && r.left < edge + 5000 && !scrolls(e)) found.push(`${e.tagName} ${e.className.baseVal ?? e.className} to ${Math.round(r.right)} of ${edge}`);
  }
  return [...new Set(found)].slice(0, 5);
}"""

# Pictures and links that say nothing to who cannot see them, headings out of order.
SILENT = """() => {
  const found = [];
  for (const e of document.querySelectorAll('img:not([alt]), svg')) {
    if (e.tagName.toLowerCase() === 'img' || !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.getAttribute('aria-hidden') || e.querySelector('title'))) found.push(e.outerHTML.slice(0, 80));
  }
  for (const a of document.querySelectorAll('a')) if (!a.textContent.trim() && !a.getAttribute('aria-label')) found.push(a.outerHTML.slice(0, 80));
  const ids = new Set([...document.querySelectorAll('[id]')].map(e => e.id));
  for (const a of document.querySelectorAll('a[href^="#"]')) if (!ids.has(decodeURIComponent(a.getAttribute('href').slice(1)))) found.push('no place ' + a.getAttribute('href'));
  if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
  if (!document.documentElement.lang || !document.title) found.push('no language or title');
  let level = 1;
  for (const h of document.querySelectorAll('h1, h2, h3, h4')) { const n = +h.tagName[1]; if (n > level + 1) found.push('heading skips a level: ' + h.textContent.trim()); level = n; }
  return found;
}"""


class Page:
    def __init__(self, run, work):
        self.run, self.work, self.wrong = Path(run).resolve(), Path(work), []
        self.work.mkdir(parents=True, exist_ok=True)

    def that(self, name, ok, detail=""):
        if not ok:
            self.wrong.append(name)
            print(f"FAILED {name}: {detail}")

    def look(self, browser):
        report = self.run / "report" / "report.html"
        for width in WIDTHS:
            context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
            page = context.new_page()
            said, asked = [], []
            page.on("console", lambda m: said.append(f"{m.type}: {m.text}"))
            page.on("pageerror", lambda e: said.append(str(e)))
            page.on("request", lambda r: asked.append(r.url))
            page.goto(report.as_uri(), wait_until="load")
            self.that(f"{width} px: nothing on the console", not said, said[:5])
            self.that(f"{width} px: no request", asked == [report.as_uri()], asked[:5])
            sizes = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth, document.documentElement.scrollHeight]")
            self.that(f"{width} px: no wider than the window", sizes[0] <= sizes[1], f"{sizes[0]} of {sizes[1]}; {page.evaluate(WIDER)}")
            overlaps = page.evaluate(OVERLAPS)
            self.that(f"{width} px: no text upon text", not overlaps, overlaps[:8])
            picture = page.screenshot(path=self.work / f"report_{width}.png", full_page=True)
            self.that(f"{width} px: a picture", len(picture) > 50_000, len(picture))
            texts = page.evaluate("document.querySelectorAll('svg text').length")
            self.that(f"{width} px: charts in the page", texts > 100, texts)
            print(f"{width} px: {sizes[2]} px high, {texts} texts in charts, a picture of {len(picture)} bytes")
            if width == WIDTHS[0]:
                self.content(page)
                pdf = page.pdf(path=self.work / "report.pdf")
                self.that("print", pdf.startswith(b"%PDF") and len(pdf) > 50_000, len(pdf))
            context.close()

    def content(self, page):
        self.that("no script, frame or form", page.evaluate("document.querySelectorAll('script, iframe, object, embed, form, link[rel=stylesheet]').length") == 0)
        handlers = page.evaluate("[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => a.name)).filter(n => n.startsWith('on'))")
        self.that("no handlers", not handlers, handlers)
        text = page.inner_text("body")
        missing = [w for w in WORDS if w not in text]
        self.that("the case is told", not missing, missing)
        self.that("no NaN, undefined or Go value in the text", not any(w in text for w in ("NaN", "undefined", "<nil>", "%!", "+Inf")))
        silent = page.evaluate(SILENT)
        self.that("pictures, links and headings", not silent, silent[:5])

    def charts(self):
        charts = sorted((self.run / "report" / "charts").iterdir())
        for path in charts:
            if path.suffix == ".svg":
                tags = {e.tag.rpartition("}")[2] for e in ET.parse(path).iter()}
                self.that(f"{path.name}: no script in it", not tags & {"script", "foreignObject", "image"}, tags)
            elif path.suffix == ".png":
                content = path.read_bytes()
                self.that(f"{path.name}: a picture", content.startswith(b"\x89PNG") and len(content) > 5_000, len(content))
            elif path.suffix == ".csv":
                rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
                self.that(f"{path.name}: rows of one length", len(rows) > 1 and len({len(r) for r in rows}) == 1, len(rows))
            else:
                self.that(f"{path.name}: a chart", False, "neither svg, png nor csv")
        stems = {}
        for path in charts:
            stems.setdefault(path.stem, set()).add(path.suffix)
        self.that("every chart as svg, png and csv", stems and all(s == {".svg", ".png", ".csv"} for s in stems.values()), stems)
        print(f"{len(stems)} charts")


def main(run, work):
    page = Page(run, work)
    page.charts()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            page.look(browser)
        finally:
            browser.close()
    return bool(page.wrong)


sys.exit(main(*sys.argv[1:]))
