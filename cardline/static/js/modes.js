// data-controller="modes": buttons with data-mode="note" show the part with data-panel="note" and hide the others;
// the first required field that is still empty gets the focus.
import { attach } from "./attach.js";

attach("modes", (root) => {
  const show = (mode) => {
    for (const button of root.querySelectorAll("[aria-pressed][data-mode]")) button.ariaPressed = String(button.dataset.mode === mode);
    for (const panel of root.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== mode;
  };
  root.addEventListener("click", (event) => {
    const mode = event.target.closest("[data-mode]")?.dataset.mode;
    if (!mode) return;
    show(mode);
    const fields = [...root.querySelectorAll(`[data-panel="${mode}"] :is(select, textarea, input:not([type=hidden]))`)];
    (fields.find((field) => field.required && !field.value) ?? fields[0])?.focus();
  });
  show(root.querySelector('[aria-pressed="true"][data-mode]')?.dataset.mode ?? "message");
});
