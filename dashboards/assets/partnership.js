/* What the pages need from the browser itself: their title, the printed footer, focus after a change of page, print. */
(function () {
  "use strict";
  const cssText = (text) => '"' + String(text).replace(/[\\"]/g, "\\$&").replace(/[\n\r\f]/g, " ") + '"';
  let lastPath = null;

  function printedFooter(words) {
    let style = document.getElementById("printed-footer");
    if (!style) {
      style = document.createElement("style");
      style.id = "printed-footer";
      document.head.appendChild(style);
    }
    style.textContent = "@page { @bottom-left { content: " + cssText(words) + "; } }";
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.partnership = {
    settle: function (head) {
      if (!head) { return; }
      document.title = head.title;
      printedFooter(head.footer);
      if (lastPath !== null && lastPath !== head.path) {
        document.querySelectorAll("details.mobile-nav[open]").forEach((d) => { d.open = false; });
        const main = document.getElementById("main");
        if (main) { main.focus({ preventScroll: true }); }
        window.scrollTo(0, 0);
      }
      lastPath = head.path;
    },
  };

  document.addEventListener("click", function (event) {
    const target = event.target.closest && event.target.closest("#print-page");
    if (target) { window.print(); }
  });

  /* tell assistive technology that the page is being made anew: Dash marks only the element it writes to */
  new MutationObserver(function () {
    const page = document.getElementById("page");
    if (!page) { return; }
    const busy = page.getAttribute("data-dash-is-loading") === "true" ? "true" : "false";
    if (page.getAttribute("aria-busy") !== busy) { page.setAttribute("aria-busy", busy); }
  }).observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: ["data-dash-is-loading"], childList: true });
})();
