/* Keeps field sheets for where there is no network: what was kept is shown at once, and asked for anew behind it. */
"use strict";
const CACHE = "sambang-field-1";
const OURS = new URL(self.registration.scope).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = url.origin === self.location.origin && (url.pathname === OURS || url.pathname.startsWith(`${OURS}/`));
  if (event.request.method === "GET" && ours) event.respondWith(answer(event, url));
});

async function answer(event, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url.href);
  const fresh = renew(cache, url, kept);
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {})); // without a network, what was kept is all there is
  return kept;
}

async function renew(cache, url, kept) {
  const response = await fetch(url.href, { credentials: "same-origin", cache: "no-cache" });
  if (response.ok) {
    await cache.put(url.href, response.clone());
    if (kept && kept.headers.get("etag") !== response.headers.get("etag")) await tell(url.href);
  } else if (response.status === 401 || response.status === 403) {
    await cache.delete(url.href); // no longer this user's to see
  }
  return response;
}

async function tell(href) {
  const pages = await self.clients.matchAll({ type: "window" });
  pages.filter((page) => page.url.split("#")[0] === href).forEach((page) => page.postMessage("renewed"));
}
