/* Marks of the field sheet: kept in the phone first, then sent; each has a number of its own, so it arrives once. */
(function () {
  "use strict";
  const CACHE = "sambang-field-1"; // as in sw.js
  const page = document.body.dataset;
  const FIX_MS = 15000; // how long to wait for the phone's place
  const GRACE_MS = 4000; // how long a mark can be taken back before it is sent
  const RETRY_MS = 5000;
  const LONGEST_MS = 30000; // between two tries
  const KEPT_DAYS = 7;
  const AT_ONCE = 100;
  let sending = false;
  let failures = 0;
  let nextTry = 0;
  let trouble = "";

  // ------------------------------------------------------------------ the marks in the phone
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("sambang-field", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("marks", { keyPath: "visit_id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  async function store(mode, work) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("marks", mode, { durability: "strict" });
      const request = work(transaction.objectStore("marks"));
      transaction.oncomplete = () => resolve(request && request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  const all = () => store("readonly", (marks) => marks.getAll());
  const keep = (mark) => store("readwrite", (marks) => marks.put(mark));
  const forget = (id) => store("readwrite", (marks) => marks.delete(id));

  /* Changes a mark that may have changed, or gone, since it was read. */
  async function change(id, changes) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("marks", "readwrite");
      const marks = transaction.objectStore("marks");
      const request = marks.get(id);
      request.onsuccess = () => {
        if (request.result && request.result.state === "waiting") marks.put({ ...request.result, ...changes });
      };
      transaction.oncomplete = resolve;
      transaction.onerror = () => reject(transaction.error);
    });
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is for https only
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // ------------------------------------------------------------------ what is shown
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  async function show() {
    const marks = (await all()).filter((mark) => mark.officer === page.officer);
    const waiting = marks.filter((mark) => mark.state === "waiting");
    const refused = marks.filter((mark) => mark.state === "refused" && mark.day === page.day);
    const latest = new Map();
    marks.filter((mark) => mark.day === page.day && mark.state !== "refused")
      .sort((a, b) => (a.marked_at < b.marked_at ? -1 : 1))
      .forEach((mark) => latest.set(mark.household_id, mark));
    document.querySelectorAll(".home").forEach((card) => showCard(card, latest.get(card.dataset.home)));
    const listed = Array.from(document.querySelectorAll("main > ol > .home"));
    const done = listed.filter((card) => card.dataset.outcome).length;
    const left = listed.length - done;
    document.getElementById("done").textContent = done;
    document.getElementById("progress").value = done;
    document.getElementById("left").textContent = left ? fill(page.left, { n: left }) : page.none;
    const queue = document.getElementById("queue");
    queue.classList.toggle("is-wrong", refused.length > 0);
    const said = [];
    if (waiting.length) said.push(fill(page.waiting, { n: waiting.length }));
    refused.forEach((mark) => said.push(fill(page.refused, { reason: mark.reason })));
    if (trouble) said.push(trouble);
    queue.textContent = said.join(" ");
    document.body.dataset.queued = waiting.length;
  }

  function showCard(card, mark) {
    if (!mark) {
      if (card.dataset.marked) { // it was taken back
        card.dataset.outcome = "";
        delete card.dataset.marked;
      }
      return;
    }
    card.dataset.outcome = mark.outcome;
    card.dataset.marked = mark.visit_id;
    const told = card.querySelector(".told");
    told.textContent = `✓ ${page[mark.outcome]}`;
    if (mark.state === "waiting") {
      const undo = document.createElement("button");
      undo.type = "button";
      undo.textContent = page.undo;
      undo.addEventListener("click", () => takeBack(mark.visit_id));
      told.append(undo);
    }
  }

  /* What is done goes below what is not, as the sheet opens; later nothing moves under a finger. */
  function putDoneLast() {
    document.querySelectorAll("ol").forEach((list) =>
      list.append(...list.querySelectorAll(":scope > .home:not([data-outcome=''])")));
  }

  /* The next household comes into view. */
  function goOn(household) {
    const card = document.querySelector(`.home[data-home="${CSS.escape(household)}"]`);
    const next = card && card.parentElement.querySelector(":scope > .home[data-outcome='']");
    if (next) next.scrollIntoView({ block: "nearest" });
  }

  async function takeBack(id) {
    if (sending) return; // it may be on its way
    await forget(id);
    await show();
  }

  // ------------------------------------------------------------------ marking
  document.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.name !== "outcome") return;
    event.preventDefault();
    mark(event.target.elements.household_id.value, event.submitter.value);
  });

  async function mark(household, outcome) {
    const now = Date.now();
    const made = {
      visit_id: newId(), officer: page.officer, household_id: household, outcome: outcome, day: page.day,
      marked_at: new Date(now).toISOString(), lon: null, lat: null, accuracy_m: null, state: "waiting",
      due: now + FIX_MS + GRACE_MS,
    };
    await keep(made); // first of all: from here on it cannot get lost
    await show();
    goOn(household);
    const fix = await locate();
    await change(made.visit_id, { ...fix, due: Math.max(Date.now(), now + GRACE_MS) });
  }

  function locate() {
    return new Promise((resolve) => {
      if (!navigator.geolocation) return resolve({});
      return navigator.geolocation.getCurrentPosition(
        ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy }),
        () => resolve({}),
        { enableHighAccuracy: true, timeout: FIX_MS, maximumAge: 20000 },
      );
    });
  }

  // ------------------------------------------------------------------ sending
  async function send() {
    if (sending) return;
    sending = true;
    let changed = false;
    try {
      const waiting = (await all()).filter((mark) => mark.state === "waiting");
      changed = Number(document.body.dataset.queued) !== waiting
        .filter((mark) => mark.officer === page.officer).length; // another window has sent or made some
      const ready = navigator.onLine && Date.now() >= nextTry ? waiting.filter((mark) => mark.due <= Date.now()) : [];
      changed = changed || ready.length > 0;
      for (const officer of new Set(ready.map((mark) => mark.officer))) {
        await deliver(officer, ready.filter((mark) => mark.officer === officer).slice(0, AT_ONCE));
      }
      if (ready.length) {
        failures = 0;
        trouble = "";
      }
    } catch (error) {
      failures += 1;
      trouble = /^4/.test(error.message) ? page.trouble : ""; // without a network there is nothing to tell
      nextTry = Date.now() + Math.min(RETRY_MS * 2 ** (failures - 1), LONGEST_MS);
    } finally {
      sending = false;
    }
    if (changed) await show(); // not each second: a button under a finger would be another one
  }

  async function deliver(officer, marks) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 30000);
    const sent = marks.map(({ visit_id, household_id, outcome, marked_at, lon, lat, accuracy_m }) =>
      ({ visit_id, household_id, outcome, marked_at, lon, lat, accuracy_m }));
    try {
      const response = await fetch(page.marks, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-Sambang": "field" },
        body: JSON.stringify({ officer: officer, marks: sent }),
        signal: stop.signal,
      });
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      for (const mark of marks) {
        if (answer.accepted.includes(mark.visit_id)) await change(mark.visit_id, { state: "sent" });
        else if (mark.visit_id in answer.refused) {
          await change(mark.visit_id, { state: "refused", reason: answer.refused[mark.visit_id] });
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  // ------------------------------------------------------------------ keeping the sheet
  async function keepSheet() {
    if (!("serviceWorker" in navigator)) return;
    await navigator.serviceWorker.register(page.worker, { scope: page.scope });
    navigator.serviceWorker.addEventListener("message", (event) => {
      if (event.data === "renewed" && !document.querySelector("details[open]")) location.reload();
    });
    await navigator.serviceWorker.ready;
    const cache = await caches.open(CACHE);
    const script = document.querySelector("script[src]").src;
    const wanted = [location.href.split("#")[0], script];
    for (const url of wanted) {
      if (!(await cache.match(url))) await cache.add(new Request(url, { cache: "no-cache", credentials: "same-origin" }));
    }
    document.body.dataset.kept = "yes";
  }

  async function tidy() {
    const oldest = new Date(Date.now() - KEPT_DAYS * 86400000).toISOString();
    const old = (await all()).filter((mark) => mark.state === "sent" && mark.marked_at < oldest);
    for (const mark of old) await forget(mark.visit_id);
  }

  show().then(putDoneLast).then(tidy).then(send);
  keepSheet().catch(() => {}); // in private windows there is no such thing; the sheet works without
  window.addEventListener("online", () => { failures = 0; nextTry = 0; send(); });
  setInterval(send, 1000);
})();
