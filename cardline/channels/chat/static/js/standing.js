// data-controller="standing" data-url: where the conversation stands (place in line, who is here, the three lines).
// When something happens in the log beside it, the server draws it anew; while in line it looks every 20 seconds.
import { attach } from "./attach.js";

const A_MOMENT = 400;
const WHILE_IN_LINE = 20_000;
const WAITING = ["in_line", "nobody_there"];

attach("standing", (element) => {
  let soon;

  async function draw() {
    // Somebody is writing what is not right: their words stay, and sending tells them if the lines have changed.
    if (element.querySelector("textarea")?.value) return;
    let html;
    try {
      const answer = await fetch(element.dataset.url, { headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      html = await answer.text();
    } catch {
      return; // no line just now; the next event or the next look brings it
    }
    const drawn = new DOMParser().parseFromString(html, "text/html").body;
    if (drawn.firstElementChild?.dataset.state === "ended" && !isWriting()) return location.reload();
    if (drawn.innerHTML.trim() !== element.dataset.drawn) {
      element.dataset.drawn = drawn.innerHTML.trim();
      element.replaceChildren(...drawn.childNodes);
    }
  }

  const isWriting = () => Boolean(document.querySelector('[data-chat="form"] textarea')?.value || document.querySelector('[data-chat="waiting"] > li'));

  const log = document.querySelector('[data-chat="log"]');
  if (!log) return;
  new MutationObserver((changes) => {
    const something = changes.some((change) => [...change.addedNodes].some((node) => node.matches?.("li.event, li.is-promise")));
    if (!something) return;
    clearTimeout(soon);
    soon = setTimeout(draw, A_MOMENT);
  }).observe(log, { childList: true });
  setInterval(() => {
    if (!document.hidden && WAITING.includes(element.firstElementChild?.dataset.state)) draw();
  }, WHILE_IN_LINE);
});
