// data-keep="name" on a form: what is typed stays in this tab until the form got through, and comes back after an
// error, a lost connection or an ended session. With the text its key comes back, so that sending the same again
// does it once. Passwords, files and one-time codes are never kept.
//
// Kept by name: { values, was, key, state }. was: what the page itself had put in, which gives way to what was typed;
// state: typing, sent, tried (sent, and it did not get through), or waiting (on a page that asks first whether it is
// really them, [data-waiting]; its form [data-confirms] sends what waits). data-suggested on a field: its words are the
// page's own, and what somebody typed before takes their place.
import { attach } from "./attach.js";

const PREFIX = "keep:";
const NEVER = ["hidden", "password", "file", "submit", "button"];

const read = (name) => JSON.parse(sessionStorage.getItem(PREFIX + name) ?? "null");
const write = (name, kept) => sessionStorage.setItem(PREFIX + name, JSON.stringify(kept));
const forget = (name) => sessionStorage.removeItem(PREFIX + name);
const worthKeeping = (field) => field.name && !NEVER.includes(field.type) && field.autocomplete !== "one-time-code";
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

learnWhatGotThrough();
attach("[data-confirms]", (form) => form.addEventListener("submit", () => move("waiting", "sent")));

attach("[data-keep]", (form) => {
  const name = form.dataset.keep;
  const key = form.elements.namedItem("key");
  const was = valuesOf(form);
  restore(form, read(name), key);
  form.addEventListener("input", () => {
    // Other words are another message: the key of the first try belongs to the first words.
    if (read(name)?.state === "tried" && key) key.value = crypto.randomUUID();
    write(name, { values: valuesOf(form), was, key: key?.value, state: "typing" });
  });
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) write(name, { values: valuesOf(form), was, key: key?.value, state: "sent" });
  });
});

/** A page that came by itself after a form was sent, and does not say that something failed: it got through. */
function learnWhatGotThrough() {
  const cameByItself = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (document.querySelector("[data-waiting]")) return move("sent", "waiting");
  const gotThrough = cameByItself && !document.querySelector("[data-failed], .error-summary");
  for (const entry of Object.keys(sessionStorage).filter((one) => one.startsWith(PREFIX))) {
    const name = entry.slice(PREFIX.length);
    const kept = read(name);
    if (kept.state !== "sent") continue;
    if (gotThrough) forget(name);
    else write(name, { ...kept, state: "tried" });
  }
}

function move(from, to) {
  for (const entry of Object.keys(sessionStorage).filter((one) => one.startsWith(PREFIX))) {
    const name = entry.slice(PREFIX.length);
    const kept = read(name);
    if (kept.state === from) write(name, { ...kept, state: to });
  }
}

function restore(form, kept, key) {
  if (!kept) return;
  for (const field of form.elements) {
    if (!worthKeeping(field) || !(field.name in kept.values)) continue;
    const value = kept.values[field.name];
    if (isChoice(field)) field.checked = value.includes(field.value);
    else if (!field.value || field.value === kept.was?.[field.name] || (value && "suggested" in field.dataset)) field.value = value;
  }
  if (kept.state === "tried" && key && kept.key) key.value = kept.key;
}

function valuesOf(form) {
  const values = {};
  for (const field of form.elements) {
    if (!worthKeeping(field)) continue;
    if (!isChoice(field)) values[field.name] = field.value;
    else values[field.name] = [...(values[field.name] ?? []), ...(field.checked ? [field.value] : [])];
  }
  return values;
}
