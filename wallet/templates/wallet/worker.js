// Shows one page where the line is cut. It keeps nothing else: an old balance would be worse than none.
const KEPT = ["{% url "offline" %}", "{% static "page.css" %}", "{% static "page.js" %}", "{% static "icons.svg" %}"];
const SHELF = "kept:" + KEPT.join();

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(KEPT)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== SHELF).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => clients.claim()));
});
addEventListener("fetch", (event) => {
  const kept = () => caches.match(event.request, { ignoreVary: true });
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(KEPT[0], { ignoreVary: true })));
  } else if (KEPT.includes(new URL(event.request.url).pathname)) {
    event.respondWith(fetch(event.request).catch(kept));
  }
});
