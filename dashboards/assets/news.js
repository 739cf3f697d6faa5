/* Ask now and then whether somebody changed the plan since this page was shown, and offer to show it. A page that
   nobody looks at asks nothing; one that gets no answer asks less and less often. */
(function () {
  "use strict";
  const USUAL = 20000, LONGEST = 300000;
  let seen = null, wait = USUAL, timer = null, asking = false;
  const own = new Set();

  function line(words) {
    const place = document.getElementById("moved-on");
    if (!place) { return; }
    place.hidden = !words;
    place.querySelector("span").textContent = words || "";
  }

  function next() {
    window.clearTimeout(timer);
    if (!document.hidden) { timer = window.setTimeout(look, wait + Math.random() * wait / 4); } /* never all at once */
  }

  function look() {
    if (document.hidden || seen === null || asking) { return; }
    asking = true;
    const scorer = new URLSearchParams(window.location.search).get("scorer");
    const asOf = new URLSearchParams(window.location.search).get("as_of");
    if (asOf) { asking = false; next(); return; } /* the past does not move on */
    const since = seen;
    window.fetch("/news?since=" + since + (scorer ? "&scorer=" + encodeURIComponent(scorer) : ""))
      .then((answer) => (answer.status === 200 ? answer.json() : answer.status === 204 ? [] : Promise.reject(answer)))
      .then(function (changes) {
        wait = USUAL;
        if (since !== seen) { return; }
        const others = changes.filter((n) => !own.has(n));
        if (others.length) {
          line((others.length === 1 ? "Somebody changed the plan" : others.length + " changes were made") + " since this page was shown. ");
        }
      })
      .catch(function () { wait = Math.min(wait * 2, LONGEST); })
      .finally(function () { asking = false; next(); });
  }

  window.addEventListener("page-shown", function (event) {
    seen = event.detail;
    line("");
    next();
  });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { look(); } else { window.clearTimeout(timer); } });
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("#show-news")) {
      line("");
      const main = document.getElementById("main");
      if (main) { main.focus({ preventScroll: true }); }
      window.dash_clientside.set_props("changed", { data: Date.now() });
    }
  });

  const ask = window.fetch;
  window.fetch = function () {
    return ask.apply(this, arguments).then(function (answer) {
      (answer.headers.get("X-Own-Change") || "").split(" ").filter(Boolean).forEach((n) => own.add(Number(n)));
      return answer;
    });
  };
})();
