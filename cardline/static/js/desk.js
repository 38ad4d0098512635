// What every page of the desk needs beside its keys.
import { attach } from "./attach.js";

// data-controller="confirm" on <details>: the act behind a key wants one more Enter, in place (DESIGN 5).
attach('[data-controller~="confirm"]', (details) => {
  details.addEventListener("toggle", () => {
    if (details.open) details.querySelector("input:not([type=hidden]), select, .btn.primary")?.focus();
  });
  details.querySelector('[data-confirm="no"]')?.addEventListener("click", () => {
    details.open = false;
    details.querySelector("summary").focus();
  });
});

// data-address: where this page is to be found, when it came as the answer to a form.
attach("[data-address]", ({ dataset }) => history.replaceState(history.state, "", dataset.address));

// Esc leaves a text field, unless the form has an Esc of its own; the next Esc leaves the conversation.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Escape" || !field.matches?.("input, textarea, select")) return;
  if (field.closest("dialog") || field.closest("form")?.querySelector('[data-key="escape"]')) return;
  field.blur();
  event.stopImmediatePropagation();
}, true);

// data-controller="waiting" on a status: how many wait stands in #waiting, which comes anew with the list. The page's
// title begins with it, and when it has grown it is said.
attach("waiting", (status) => {
  let before = null;
  const look = () => {
    const { dataset, textContent } = document.getElementById("waiting");
    const number = parseInt(dataset.count, 10);
    document.title = `${number ? `(${dataset.count}) ` : ""}${document.title.replace(/^\(\d+\+?\) /, "")}`;
    if (before !== null && number > before) status.textContent = textContent;
    if (!number) status.textContent = "";
    before = number;
  };
  look();
  document.addEventListener("htmx:oobAfterSwap", look);
});

// A part of the page in which somebody writes, or has opened something, is not drawn anew under their hands.
const isInUse = (element) => {
  if (element?.matches?.("input")) return element === document.activeElement || element.value !== element.defaultValue;
  const fields = [...(element?.querySelectorAll?.("input:not([type=hidden]), textarea, select") ?? [])];
  return Boolean(element?.querySelector?.("details[open]") || fields.includes(document.activeElement));
};
for (const name of ["htmx:oobBeforeSwap", "htmx:beforeSwap"]) {
  document.addEventListener(name, (event) => {
    if (isInUse(event.detail.target)) event.detail.shouldSwap = false;
  });
}

// What is drawn anew by the clock alone waits while somebody stands in it with the keyboard.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  const isByTheClock = elt.id === "standing" && !requestConfig.triggeringEvent;
  if (isByTheClock && document.activeElement.closest("#standing, #promises-here")) event.preventDefault();
});

document.addEventListener("htmx:responseError", (event) => {
  const line = document.getElementById("signed-out");
  if (event.detail.xhr.status === 401 && line) line.hidden = false;
});

// The open conversation's row stands in view, wherever in the list it is.
document.querySelector('.items [aria-current="true"]')?.scrollIntoView({ block: "nearest" });
