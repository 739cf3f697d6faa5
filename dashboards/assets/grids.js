/* Cells of grids. User text is only ever a text node: nothing is read as mark-up. */
(function () {
  "use strict";
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const calls = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  const words = (props) => (props.data ? props.data[props.colDef.field + "__words"] : "");

  /* a link inside the app: the address changes, the page does not load again */
  function go(event, href) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button > 0) { return; }
    event.preventDefault();
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  cells.RowLink = function (props) {
    const href = props.data && props.data._href;
    if (!href) { return React.createElement("span", null, words(props)); }
    return React.createElement("a", { href: href, onClick: (event) => go(event, href) }, words(props));
  };
  cells.StateWord = function (props) {
    const state = props.data && props.data[props.colDef.field + "__state"];
    return React.createElement("span", { className: state ? "state " + state : "" }, words(props));
  };
  cells.AgencyBadges = function (props) {
    const badges = props.data && props.data[props.colDef.field + "__badges"];
    if (!badges) { return React.createElement("span", null, words(props)); }
    return React.createElement("span", null, badges.map((b, i) => b.look
      ? React.createElement("abbr", { key: i, className: b.look, title: b.name }, b.code)
      : React.createElement("span", { key: i }, (i ? ", " : "") + b.code)));
  };

  /* Enter on any cell of a row opens what the row's link opens */
  calls.openRowLink = function (params) {
    if (params.event && params.event.key === "Enter" && params.data && params.data._href) {
      const row = params.event.target.closest(".ag-row");
      const link = row && row.querySelector("a[href]");
      if (link) { link.click(); }
    }
  };

  /* the button chooses a file, by mouse and by key; the hidden input behind it is no second stop */
  new MutationObserver(function () {
    document.querySelectorAll('#upload input[type="file"]:not([aria-label])').forEach((input) => {
      input.setAttribute("aria-label", "File to check");
      input.tabIndex = -1;
    });
  }).observe(document.documentElement, { subtree: true, childList: true });

  /* what was just opened is brought into view and named to those who do not see it */
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.opened = {
    reading: function (contents) {
      return contents ? "Reading the file and checking every row …" : "";
    },
    show: function (key) {
      if (!key) { return window.dash_clientside.no_update; }
      window.requestAnimationFrame(function () {
        const opened = document.getElementById(key);
        if (!opened) { return; }
        opened.setAttribute("tabindex", "-1");
        opened.focus({ preventScroll: true });
        opened.scrollIntoView({ block: "start" });
      });
      return window.dash_clientside.no_update;
    },
  };
})();
