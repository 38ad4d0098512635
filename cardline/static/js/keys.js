// The desk by keyboard. Any button, link or field with data-key="r", "mod+enter", "g i" or "escape" is pressed by
// that key, so each key is also a button and the list of all keys is made from the page. Single letters act only
// outside text fields and can be turned off (WCAG 2.1.4). data-keys-list on a list: J K ↓ ↑ move through its links.
import { attach } from "./attach.js";

const SEQUENCE_WITHIN = 1_200;
const OFF = "keys:singles-off";

const isField = (element) => element?.matches?.('textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])');

attach("keys", (dialog) => {
  const singles = dialog.querySelector('[data-keys="singles"]');
  const opener = dialog.querySelector('[data-keys="open"]');
  singles.checked = !localStorage.getItem(OFF);
  singles.addEventListener("change", () => (singles.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  opener.addEventListener("click", () => {
    dialog.querySelector('[data-keys="list"]').replaceChildren(...listed());
    dialog.showModal();
  });

  let before = "";
  let timer = null;
  document.addEventListener("keydown", (event) => {
    const pressed = keyOf(event);
    if (!pressed || event.isComposing) return;
    // Esc closes an open dialog, by the browser; no key does anything to the page behind it.
    if (document.querySelector("dialog[open]")) return;
    const modified = pressed.startsWith("mod+") || pressed === "escape";
    if (!modified && (isField(event.target) || !singles.checked)) return;
    if (move(pressed, event)) return;
    const target = find(before && `${before} ${pressed}`, event.target) ?? find(pressed, event.target);
    clearTimeout(timer);
    before = pressed.length === 1 ? pressed : "";
    timer = setTimeout(() => (before = ""), SEQUENCE_WITHIN);
    if (!target) return;
    event.preventDefault();
    before = "";
    press(target);
  });
});

function keyOf(event) {
  if (event.altKey) return "";
  const name = event.key === " " ? "space" : event.key.toLowerCase();
  return event.ctrlKey || event.metaKey ? `mod+${name}` : name;
}

/** The nearest first: within the same form or box as the focus, then anywhere that can be seen. */
function find(key, from) {
  if (!key) return undefined;
  const all = [...document.querySelectorAll(`[data-key~="${CSS.escape(key)}"], [data-key="${CSS.escape(key)}"]`)].filter((element) => element.dataset.key === key && canBePressed(element));
  const scope = from.closest?.("form, [data-key-scope], dialog[open]");
  return all.find((element) => scope?.contains(element)) ?? (key === "mod+enter" && scope ? undefined : all[0]);
}

function canBePressed(element) {
  if (element.dataset.keys === "open") return true;
  return !element.disabled && element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest("[inert]");
}

function press(element) {
  if (isField(element)) {
    element.focus();
    element.select?.();
  } else element.click();
}

function move(pressed, event) {
  const step = { j: 1, arrowdown: 1, k: -1, arrowup: -1 }[pressed];
  const list = document.querySelector("[data-keys-list]");
  if (!step || !list?.checkVisibility()) return false;
  if (pressed.startsWith("arrow") && !list.contains(event.target)) return false;
  const links = [...list.querySelectorAll("a")];
  const focused = links.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : links.findIndex((link) => link.ariaCurrent);
  const next = links[Math.min(links.length - 1, Math.max(0, from + step))];
  next?.focus();
  event.preventDefault();
  return true;
}

function listed() {
  const seen = new Set();
  return [...document.querySelectorAll("[data-key]")]
    .filter((element) => canBePressed(element) && !seen.has(element.dataset.key) && seen.add(element.dataset.key))
    .map((element) => {
      const row = document.createElement("div");
      const keys = row.appendChild(document.createElement("dt")).appendChild(document.createElement("kbd"));
      keys.textContent = element.querySelector("kbd")?.textContent || element.dataset.key.replaceAll("+", " ");
      row.appendChild(document.createElement("dd")).textContent = labelOf(element);
      return row;
    });
}

function labelOf(element) {
  const copy = element.cloneNode(true);
  for (const keys of copy.querySelectorAll("kbd, svg")) keys.remove();
  return element.dataset.keyLabel || element.ariaLabel || copy.textContent.trim() || element.placeholder || element.labels?.[0]?.textContent.trim() || "";
}
