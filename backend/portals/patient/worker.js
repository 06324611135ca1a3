// The patient's service worker. It keeps static files and the page that says that there is no net.
// A patient's own pages are never kept: they go to the network, and nowhere else.
"use strict";
const KEPT = [];
const CACHE = `suhada-${KEPT.join("|").split("").reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) >>> 0, 7)}`;
const OFFLINE = KEPT[0];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("suhada-") && name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return; // a form goes to the server or fails; drafts.js keeps it
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
