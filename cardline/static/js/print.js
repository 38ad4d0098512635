// data-controller="print": prints the page.
import { attach } from "./attach.js";

attach("print", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
