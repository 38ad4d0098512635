// Controllers: one behaviour each, put on elements by their data- attributes. State lives on the server.
const known = [];

/**
 * Run `connect(element)` once for each element, now and whenever htmx or a script adds one.
 * which: a name, for elements with data-controller="name", or a selector.
 */
export function attach(which, connect) {
  const selector = /^[a-z-]+$/.test(which) ? `[data-controller~="${which}"]` : which;
  const controller = { selector, connect, done: new WeakSet() };
  known.push(controller);
  start(controller, document.documentElement);
}

function start({ selector, connect, done }, root) {
  for (const element of [root, ...root.querySelectorAll(selector)]) {
    if (done.has(element) || !element.matches(selector)) continue;
    done.add(element);
    connect(element);
  }
}

new MutationObserver((changes) => {
  const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.nodeType === Node.ELEMENT_NODE);
  for (const root of added) for (const controller of known) start(controller, root);
}).observe(document.documentElement, { childList: true, subtree: true });
