// data-controller="theme" on the form that chooses light or dark: the same form, without leaving the page.
import { attach } from "./attach.js";

attach("theme", (form) => {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    const chosen = button.value;
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok) return form.submit();
    document.documentElement.dataset.theme = chosen;
    button.value = chosen === "light" ? "dark" : "light";
  });
});
