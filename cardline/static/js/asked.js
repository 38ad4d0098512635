// data-controller="asked" data-topic="member:7" data-url: what a colleague asks this member stands above the page they
// have open, as soon as it is asked. The server draws it; while somebody types an answer nothing is drawn over it.
import { attach } from "./attach.js";
import { live } from "./live.js";

const A_LOOK = 20_000;

attach("asked", (element) => {
  async function draw() {
    if (element.querySelector("input:not([type=hidden])")?.value) return;
    try {
      const answer = await fetch(element.dataset.url, { headers: { accept: "text/html", "X-By-Itself": "1" } });
      if (!answer.ok || answer.redirected) return;
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      if (drawn.textContent.trim() !== element.textContent.trim()) element.replaceChildren(...drawn.childNodes);
    } catch {
      // no line just now; the next news or the next look brings it
    }
  }

  live.join(element.dataset.topic, { news: draw, joined: draw });
  // A question that ran out goes; where sockets are blocked, one that came is found.
  setInterval(() => {
    if (!document.hidden && (element.childElementCount || live.state !== "open")) draw();
  }, A_LOOK);
});
