// Controllers: one behaviour each, put on elements by data-controller="name". State lives on the server.
const known = new Map();

/** Run `connect(element)` once for every element that asks for `name`, now and whenever htmx or a script adds one. */
export function attach(name, connect) {
  known.set(name, connect);
  start(document.documentElement);
}

const started = new WeakMap();

function start(root) {
  for (const element of [root, ...root.querySelectorAll("[data-controller]")]) {
    for (const name of (element.dataset?.controller ?? "").split(" ")) {
      const connect = known.get(name);
      const done = started.get(element) ?? started.set(element, new Set()).get(element);
      if (connect && !done.has(name)) {
        done.add(name);
        connect(element);
      }
    }
  }
}

new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) start(node);
}).observe(document.documentElement, { childList: true, subtree: true });
