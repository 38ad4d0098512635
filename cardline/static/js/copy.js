// data-controller="copy" data-copy="7K4-29QM" data-done="Copied": a button that is there only where it can work.
import { attach } from "./attach.js";

attach("copy", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    const label = button.querySelector(".vh") ?? button;
    const said = label.textContent;
    label.setAttribute("role", "status");
    label.textContent = button.dataset.done;
    setTimeout(() => {
      button.classList.remove("done");
      label.removeAttribute("role");
      label.textContent = said;
    }, 3000);
  });
});
