/* The impact and effort board: buttons are placed, moved and sent; the server's answer is what stands.
   A button is moved by mouse, finger or keys. What is moved and not saved is "pending"; Enter or letting go
   sends it; until the answer comes it is "sent"; a refusal puts it back where the server has it. */
(function () {
  "use strict";
  const STEP_ASIDE = 1; /* points of the scale by which a button may be moved aside */
  const SLACK = 4; /* pixels before a press becomes a drag */
  const GAP = 2;
  let known = null, pending = {}, sent = {}, drag = null, dragged = false, focused = null, count = 0, placed = 0;

  const plot = () => document.getElementById("board-plot");
  const pills = () => Array.from(document.querySelectorAll("#board-plot .pill"));
  const pillOf = (item) => pills().find((p) => p.dataset.item === item);
  const moves = () => Boolean(known && known.mode === "own");
  const isList = () => { const p = plot(); return !p || getComputedStyle(p).display === "grid"; };
  const tenth = (v) => Math.round((v + 1e-9) * 10) / 10;
  const held = (v) => Math.min(10, Math.max(0, tenth(v)));
  const words = (v) => (v === null || v === undefined ? "–" : (Math.floor(v * 10 + 0.5 + 1e-8) / 10).toFixed(1));
  const stored = (item) => (known && known.items[item]) || { impact: null, effort: null };
  const stands = (item) => pending[item] || sent[item] || stored(item);
  const isPlaced = (at) => at.impact !== null && at.effort !== null && at.impact !== undefined && at.effort !== undefined;

  function say(text) {
    const line = document.getElementById("board-live");
    if (line) { line.textContent = text; }
  }

  /* ---- placing ---- */
  function name(pill) {
    const at = stands(pill.dataset.item);
    const where = isPlaced(at) ? "effort " + words(at.effort) + ", impact " + words(at.impact) : "not placed yet";
    const remark = pill.dataset.remark ? ", " + pill.dataset.remark : "";
    const state = pending[pill.dataset.item] ? ", not saved" : "";
    pill.setAttribute("aria-label", pill.dataset.title + ", " + where + remark + state);
    const small = pill.querySelector(".at");
    if (small) { small.textContent = where; }
    pill.classList.toggle("pending", Boolean(pending[pill.dataset.item]));
    pill.classList.toggle("sent", Boolean(sent[pill.dataset.item]));
  }

  const overlap = (a, b) =>
    Math.max(0, Math.min(a.r, b.r) - Math.max(a.l, b.l) + GAP) * Math.max(0, Math.min(a.b, b.b) - Math.max(a.t, b.t) + GAP);

  function put(pill, x, y, trueX, trueY) {
    const box = plot();
    pill.style.left = (100 * x / box.clientWidth) + "%";
    pill.style.top = (100 * y / box.clientHeight) + "%";
    pill.classList.toggle("aside", Math.hypot(trueX - x, trueY - y) > 3);
    pill.classList.remove("parked");
  }

  /* a dot at the true place of a button that stands aside, and a line to it, under the buttons */
  function dot(x, y, trueX, trueY) {
    const box = plot(), under = document.getElementById("board-dots");
    if (!under || Math.hypot(trueX - x, trueY - y) <= 3) { return; }
    const stem = document.createElement("i"), mark = document.createElement("i");
    stem.className = "stem";
    mark.className = "dot";
    [stem, mark].forEach((part) => {
      part.style.left = (100 * trueX / box.clientWidth) + "%";
      part.style.top = (100 * trueY / box.clientHeight) + "%";
      under.appendChild(part);
    });
    stem.style.width = Math.hypot(trueX - x, trueY - y) + "px";
    stem.style.transform = "rotate(" + Math.atan2(y - trueY, x - trueX) + "rad)";
  }

  /* the first free place at most one step away that stays in its quadrant; failing that, the least covered */
  function free(pill, at, taken) {
    const box = plot(), W = box.clientWidth, H = box.clientHeight;
    const w = pill.offsetWidth, h = pill.offsetHeight;
    const trueX = at.effort / 10 * W, trueY = (1 - at.impact / 10) * H;
    const startX = Math.min(Math.max(trueX, w / 2 + 1), W - w / 2 - 1);
    const startY = Math.min(Math.max(trueY, h / 2 + 1), H - h / 2 - 1);
    const stepX = W / 10 * STEP_ASIDE, stepY = H / 10 * STEP_ASIDE;
    const spots = [];
    for (let dy = 0; dy <= stepY; dy += 3) {
      for (let dx = 0; dx <= stepX; dx += stepX / 6) {
        [[dx, dy], [-dx, dy], [dx, -dy], [-dx, -dy]].forEach((d) => spots.push(d));
      }
    }
    spots.sort((a, b) => Math.hypot(a[0], a[1]) - Math.hypot(b[0], b[1]));
    let best = null;
    for (const [dx, dy] of spots) {
      const x = startX + dx, y = startY + dy;
      if (x - w / 2 < 0 || x + w / 2 > W || y - h / 2 < 0 || y + h / 2 > H) { continue; }
      const crosses = (at.effort > 5) !== (x > W / 2) || (at.impact > 5) !== (y < H / 2);
      if (crosses && (dx || dy)) { continue; }
      const here = { l: x - w / 2, r: x + w / 2, t: y - h / 2, b: y + h / 2 };
      const covered = taken.reduce((sum, other) => sum + overlap(here, other), 0);
      if (best === null || covered < best.covered) { best = { x, y, covered, here, trueX, trueY }; }
      if (covered === 0) { break; }
    }
    return best || { x: startX, y: startY, covered: 1, trueX, trueY,
      here: { l: startX - w / 2, r: startX + w / 2, t: startY - h / 2, b: startY + h / 2 } };
  }

  function draw() {
    const box = plot();
    if (!box || !known) { return; }
    const all = pills();
    all.forEach(name);
    const under = document.getElementById("board-dots");
    if (under) { under.replaceChildren(); }
    const tray = document.getElementById("board-tray");
    const parked = all.filter((p) => !isPlaced(stands(p.dataset.item)));
    if (tray) { tray.hidden = !parked.length; tray.style.paddingBottom = "0"; }
    if (isList()) {
      all.forEach((p) => { p.style.left = p.style.top = ""; p.classList.remove("aside", "short", "parked"); });
      return;
    }
    const taken = Array.from(box.querySelectorAll(".quad")).map((q) => ({
      l: q.offsetLeft, r: q.offsetLeft + q.offsetWidth, t: q.offsetTop, b: q.offsetTop + q.offsetHeight }));
    const first = (p) => (p === document.activeElement && pending[p.dataset.item] ? 0 : p.classList.contains("on") ? 1 : 2);
    all.filter((p) => !parked.includes(p)).sort((a, b) => first(a) - first(b)).forEach((pill) => {
      const at = stands(pill.dataset.item);
      pill.classList.remove("short", "parked");
      let spot = free(pill, at, taken);
      if (spot.covered > 0) {
        pill.classList.add("short");
        spot = free(pill, at, taken);
      }
      put(pill, spot.x, spot.y, spot.trueX, spot.trueY);
      dot(spot.x, spot.y, spot.trueX, spot.trueY);
      taken.push(spot.here);
    });
    park(parked, box, tray);
  }

  /* what has no place yet waits in rows under the board */
  function park(parked, box, tray) {
    if (!parked.length || !tray) { return; }
    const area = box.parentElement, left = box.offsetLeft;
    const top = tray.offsetTop + tray.offsetHeight - box.offsetTop;
    let x = 0, row = 0;
    parked.forEach((pill) => {
      pill.classList.add("parked");
      pill.classList.remove("aside", "short");
      const w = pill.offsetWidth;
      if (x > 0 && x + w > area.clientWidth - left) { x = 0; row += 1; }
      pill.style.left = x + "px";
      pill.style.top = (top + row * 36) + "px";
      x += w + 8;
    });
    tray.style.paddingBottom = ((row + 1) * 36 + 4) + "px";
  }

  /* ---- sending ---- */
  function send(item) {
    const at = pending[item], was = stored(item), pill = pillOf(item);
    delete pending[item];
    if (!at || (isPlaced(was) && tenth(was.impact) === at.impact && tenth(was.effort) === at.effort)) {
      draw();
      say(pill ? pill.dataset.title + " stands where it stood: nothing to save." : "");
      return;
    }
    const key = "board-" + Date.now().toString(36) + "-" + (count += 1) + "-" + Math.random().toString(36).slice(2, 10);
    sent[item] = { impact: at.impact, effort: at.effort, key: key };
    draw();
    say("Saving " + (pill ? pill.dataset.title : item) + ": effort " + words(at.effort) + ", impact " + words(at.impact) + " …");
    window.dash_clientside.set_props("board-move", { data: {
      item: item, impact: at.impact, effort: at.effort, versions: was.versions || {},
      round: known.round, scorer: known.scorer, key: key } });
  }

  function choose(pill) {
    focused = pill.dataset.item;
    window.history.pushState({}, "", pill.dataset.href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function undo(item) {
    delete pending[item];
    const pill = pillOf(item), at = stands(item);
    draw();
    say((pill ? pill.dataset.title : item) + (isPlaced(at) ? " is back at effort " + words(at.effort) + ", impact " + words(at.impact) + "." : " is not placed again."));
  }

  /* ---- keys ---- */
  const ARROWS = { ArrowLeft: ["effort", -1], ArrowRight: ["effort", 1], ArrowUp: ["impact", 1], ArrowDown: ["impact", -1] };
  document.addEventListener("keydown", function (event) {
    const pill = event.target.closest && event.target.closest("#board-plot .pill");
    if (!pill || !moves() || event.altKey || event.ctrlKey || event.metaKey) { return; }
    const item = pill.dataset.item;
    if (event.key in ARROWS) {
      event.preventDefault();
      const [axis, way] = ARROWS[event.key], at = stands(item);
      const from = isPlaced(at) ? { impact: tenth(at.impact), effort: tenth(at.effort) } : { impact: 5, effort: 5 };
      from[axis] = isPlaced(at) ? held(from[axis] + way * (event.shiftKey ? 1 : 0.1)) : 5;
      pending[item] = from;
      draw();
      say(pill.dataset.title + ": effort " + words(from.effort) + ", impact " + words(from.impact) + ". Not saved: Enter saves, Escape undoes.");
    } else if (event.key === "Enter" && pending[item]) {
      event.preventDefault();
      send(item);
    } else if (event.key === "Escape" && (pending[item] || drag)) {
      event.preventDefault();
      drag = null;
      undo(item);
    }
  });

  /* ---- mouse and finger ---- */
  document.addEventListener("pointerdown", function (event) {
    const pill = event.target.closest && event.target.closest("#board-plot .pill");
    dragged = false;
    if (!pill || !moves() || isList() || event.button !== 0) { return; }
    const box = plot().getBoundingClientRect(), own = pill.getBoundingClientRect();
    const at = stands(pill.dataset.item);
    const from = isPlaced(at)
      ? { x: at.effort / 10 * box.width, y: (1 - at.impact / 10) * box.height }
      : { x: own.left + own.width / 2 - box.left, y: own.top + own.height / 2 - box.top };
    drag = { pill: pill, id: event.pointerId, x: event.clientX, y: event.clientY, from: from };
    pill.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", function (event) {
    if (!drag || event.pointerId !== drag.id) { return; }
    const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    if (!dragged && Math.hypot(dx, dy) < SLACK) { return; }
    dragged = true;
    const box = plot(), pill = drag.pill, item = pill.dataset.item;
    const at = {
      effort: held((drag.from.x + dx) / box.clientWidth * 10),
      impact: held((1 - (drag.from.y + dy) / box.clientHeight) * 10),
    };
    pending[item] = at;
    pill.classList.add("moving");
    name(pill);
    const x = at.effort / 10 * box.clientWidth, y = (1 - at.impact / 10) * box.clientHeight;
    put(pill, x, y, x, y);
  });
  function drop(event, keep) {
    if (!drag || event.pointerId !== drag.id) { return; }
    const pill = drag.pill;
    drag = null;
    pill.classList.remove("moving");
    if (!dragged) { return; }
    if (keep) { send(pill.dataset.item); } else { undo(pill.dataset.item); }
  }
  document.addEventListener("pointerup", (event) => drop(event, true));
  document.addEventListener("pointercancel", (event) => drop(event, false));
  document.addEventListener("click", function (event) {
    const pill = event.target.closest && event.target.closest("#board-plot .pill");
    if (!pill) { return; }
    if (dragged) { dragged = false; return; }
    choose(pill);
  });

  /* ---- what comes from elsewhere ---- */
  window.addEventListener("resize", draw);
  window.addEventListener("unanswered", function () {
    if (!Object.keys(sent).length) { return; }
    sent = {};
    draw();
    say("Not saved: the server did not answer. The board shows what is stored.");
  });

  const clientside = (window.dash_clientside = window.dash_clientside || {});
  clientside.board = {
    place: function (data) {
      if (!data) { return clientside.no_update; }
      if (known && (known.mode !== data.mode || known.round !== data.round || known.scorer !== data.scorer)) { pending = {}; sent = {}; }
      known = data;
      Object.keys(sent).forEach((item) => {
        if (!data.answered || data.answered === sent[item].key) { delete sent[item]; }
      });
      window.requestAnimationFrame(function () {
        draw();
        if (data.answered) { say(""); }
        if (focused && (document.activeElement === document.body || document.activeElement === null)) {
          const pill = pillOf(focused);
          if (pill) { pill.focus({ preventScroll: true }); }
        }
        focused = null;
      });
      return placed += 1;
    },
  };
})();
