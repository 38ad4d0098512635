// data-keep="name" on a form: what is typed stays in this tab until the form got through, and comes back after an
// error, a lost connection or an ended session. With the text its key comes back, so that sending the same again
// does it once. Passwords, files and one-time codes are never kept.
import { attach } from "./attach.js";

const PREFIX = "keep:";
const read = (name) => JSON.parse(sessionStorage.getItem(PREFIX + name) ?? "null");
const write = (name, kept) => sessionStorage.setItem(PREFIX + name, JSON.stringify(kept));

const worthKeeping = (field) =>
  field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && field.autocomplete !== "one-time-code";

/** A page that arrived by itself after a form was sent, and does not say that something failed: it got through. */
function forgetWhatGotThrough() {
  const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (!arrived || document.querySelector("[data-failed], .error-summary")) return;
  for (const entry of Object.keys(sessionStorage)) {
    if (entry.startsWith(PREFIX) && read(entry.slice(PREFIX.length))?.sent) sessionStorage.removeItem(entry);
  }
}

forgetWhatGotThrough();

attach("keep", (form) => {
  const name = form.dataset.keep || location.pathname;
  const key = form.elements.namedItem("key");
  restore(form, name, key);
  form.addEventListener("input", () => {
    const kept = read(name);
    if (kept?.sent && key) key.value = crypto.randomUUID();
    write(name, { values: valuesOf(form), key: key?.value, sent: false });
  });
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) write(name, { values: valuesOf(form), key: key?.value, sent: true });
  });
});

function restore(form, name, key) {
  const kept = read(name);
  if (!kept) return;
  for (const field of form.elements) {
    if (!worthKeeping(field) || !(field.name in kept.values)) continue;
    const value = kept.values[field.name];
    if (field.type === "checkbox" || field.type === "radio") field.checked = value.includes(field.value);
    else if (!field.value) field.value = value;
  }
  if (kept.sent && key && kept.key) key.value = kept.key;
}

function valuesOf(form) {
  const values = {};
  for (const field of form.elements) {
    if (!worthKeeping(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else values[field.name] = field.value;
  }
  return values;
}
