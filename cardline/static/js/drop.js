// data-controller="drop" data-drop=".maker": takes the box around the button away; nothing was saved yet.
import { attach } from "./attach.js";

attach("drop", (button) => button.addEventListener("click", () => button.closest(button.dataset.drop)?.remove()));
