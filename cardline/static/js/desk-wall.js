// data-controller="full-screen": the wallboard on the whole screen, where the browser can.
import { attach } from "./attach.js";

attach('[data-controller~="full-screen"]', (button) => {
  if (!document.fullscreenEnabled) return;
  button.hidden = false;
  button.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
});
