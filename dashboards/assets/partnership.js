/* What the pages need from the browser itself: their title, the printed footer, focus after a change of page, print. */
(function () {
  "use strict";
  const cssText = (text) => '"' + String(text).replace(/[\\"]/g, "\\$&").replace(/[\n\r\f]/g, " ") + '"';
  let lastPath = null;

  const ON_A3 = ["/blueprint"]; /* printed for a wall */

  function printedFooter(words, path) {
    let style = document.getElementById("printed-footer");
    if (!style) {
      style = document.createElement("style");
      style.id = "printed-footer";
      document.head.appendChild(style);
    }
    const paper = ON_A3.includes(path) ? "size: A3 landscape; " : "";
    style.textContent = "@page { " + paper + "@bottom-left { content: " + cssText(words) + "; } }";
  }

  /* when the server does not answer, or refuses in words, the page stays readable and says so */
  let shownAt = null;
  function said(words) {
    const note = document.getElementById("unanswered");
    if (!note) { return; }
    note.textContent = words || "";
    note.hidden = !words;
    if (words) { window.dispatchEvent(new Event("unanswered")); }
  }
  const ask = window.fetch;
  window.fetch = function (resource) {
    const isCallback = String(resource && resource.url ? resource.url : resource).includes("_dash-update-component");
    return ask.apply(this, arguments).then(function (answer) {
      if (isCallback && answer.status < 400) { said(null); }
      if (isCallback && answer.status >= 400) { answer.clone().text().then((words) => said(words.slice(0, 300))); }
      return answer;
    }, function (failure) {
      if (isCallback) { said("Not connected. Shown as at " + (shownAt || "an earlier time") + "; changes cannot be saved."); }
      throw failure;
    });
  };

  /* a table that only shows is one component, its rows its text (still.py); links in it lead on without a new load */
  window.partnership = window.partnership || {};
  window.partnership.Still = function (given) {
    return window.React.createElement(
      given.tag, Object.assign({}, given.attributes, { dangerouslySetInnerHTML: { __html: given.inner } }));
  };
  document.addEventListener("click", function (event) {
    const link = event.target.closest ? event.target.closest("a[data-still]") : null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== window.location.origin) { return; }
    if (event.defaultPrevented || event.button || event.metaKey || event.shiftKey || event.altKey || event.ctrlKey) { return; }
    event.preventDefault();
    window.history.pushState({}, "", link.href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.partnership = {
    settle: function (head) {
      if (!head) { return; }
      document.title = head.title;
      printedFooter(head.footer, head.path);
      shownAt = new Date().toTimeString().slice(0, 5);
      if (lastPath !== null && lastPath !== head.path) {
        document.querySelectorAll("details.mobile-nav[open]").forEach((d) => { d.open = false; });
        const main = document.getElementById("main");
        if (main) { main.focus({ preventScroll: true }); }
        window.scrollTo(0, 0);
      }
      lastPath = head.path;
      window.dispatchEvent(new CustomEvent("page-shown", { detail: head.version }));
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
