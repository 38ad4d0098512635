// Works for member pages while there is no line (docs/offline.md). Keeps two things and nothing else: the shell, which
// is one page with its files and says how to reach us, and the last copy of "My contacts", cut out of that page when
// it was shown. The server puts in front of this file what to keep, as APP.
const COPY = "contacts";
const CUT = /<!--kept (\S+) (.+?)-->([^]*?)<!--\/kept-->/;
const PLACE = /<template data-copy>([^]*?)<\/template>/;
const SUBJECT = /<h2[^]*?<\/h2>/g;
const OF_OTHERS = /^\/(desk|floor|staff|demo|api)(\/|$)/;

addEventListener("install", (event) => event.waitUntil(keepShell()));
addEventListener("activate", (event) => event.waitUntil(forgetOldShells()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin) return;
  // Before the server has heard of it, or without it ever hearing: nothing stays.
  if (pathname === APP.signOut) event.waitUntil(caches.delete(COPY));
  if (request.method !== "GET" || OF_OTHERS.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(visit(event, pathname + search));
  else if (APP.files.includes(pathname + search)) event.respondWith(fetch(request).catch(() => caches.match(request)));
});

async function visit(event, address) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    return withoutLine();
  }
  if (answer.status === 401) event.waitUntil(caches.delete(COPY));
  else if (answer.ok && address === APP.contacts) event.waitUntil(keepCopy(answer.clone()));
  return answer;
}

async function keepShell() {
  const shell = await caches.open(APP.shell);
  await shell.addAll([APP.page, ...APP.files]);
  await skipWaiting();
}

async function forgetOldShells() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== APP.shell && name !== COPY).map((name) => caches.delete(name)));
}

async function keepCopy(answer) {
  const found = CUT.exec(await answer.text());
  if (!found) return caches.delete(COPY);
  const [, session, time, shown] = found;
  const contacts = shown.replace(SUBJECT, withoutCard);
  const copies = await caches.open(COPY);
  return copies.put(APP.contacts, Response.json({ session, time, contacts, at: Date.now() }));
}

/** What a case is called, in its text alone: its address keeps the reference. */
function withoutCard(subject) {
  return subject.replace(/>[^<]+/g, (text) => text.replace(/\b\d{4}\b/g, "••••"));
}

async function withoutLine() {
  const shell = await caches.match(APP.page, { cacheName: APP.shell });
  const copy = await lastCopy();
  const page = (await shell.text()).replace(PLACE, (_, place) =>
    copy ? place.replace("{time}", () => copy.time).replace("{contacts}", () => copy.contacts) : "",
  );
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  headers["content-security-policy"] = shell.headers.get("content-security-policy");
  return new Response(page, { status: 503, headers });
}

async function lastCopy() {
  const kept = await caches.match(APP.contacts, { cacheName: COPY });
  const copy = await kept?.json();
  if (copy && Date.now() - copy.at < APP.longest) return copy;
  await caches.delete(COPY);
  return null;
}
