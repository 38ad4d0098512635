// These pages as an app, on pages with a manifest: registers the service worker, and forgets the saved copy of
// "My contacts" as soon as a page was shown in another session than the copy, or in none (docs/offline.md).
const COPY = "contacts";

if (document.querySelector('link[rel="manifest"]') && "serviceWorker" in navigator) {
  // Refused by the browser (private mode, no room): then these are pages, and no app.
  navigator.serviceWorker.register("/service-worker.js").catch(() => {});
  forgetAnotherSessions(document.body.dataset.session);
}

/** session: "" on a page that nobody is signed in to; undefined on one that does not know, which says nothing. */
async function forgetAnotherSessions(session) {
  if (session === undefined || !(await caches.has(COPY))) return;
  const [kept] = await (await caches.open(COPY)).matchAll();
  if (!kept || (await kept.json()).session !== session) await caches.delete(COPY);
}
