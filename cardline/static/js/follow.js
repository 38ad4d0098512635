// data-controller="follow" data-topics="case:5@12 case:7@3": a page that stays true by itself. When something happens
// after the entries it was drawn from, the same page is asked for again and its data-fresh parts take the place of
// these; one in which somebody is typing stays. Where sockets are blocked it looks twice a minute.
import { attach } from "./attach.js";
import { live } from "./live.js";

const A_MOMENT = 400;
const A_LOOK = 30_000;

attach("follow", (element) => {
  let soon;

  async function draw() {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html", "X-By-Itself": "1" } });
      if (!answer.ok || answer.redirected) return;
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-fresh]")) {
        const fresh = drawn.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
        const typing = [...part.querySelectorAll("textarea")].some((field) => field.value || field === document.activeElement);
        if (fresh && !typing && fresh.textContent !== part.textContent) part.replaceChildren(...fresh.childNodes);
      }
    } catch {
      // no line just now; the next entry or the next look brings it
    }
  }

  for (const [topic, after] of element.dataset.topics.split(" ").map((one) => one.split("@"))) {
    const entry = () => {
      clearTimeout(soon);
      soon = setTimeout(draw, A_MOMENT);
    };
    live.join(topic, { entry }, { after: Number(after) });
  }
  setInterval(() => {
    if (!document.hidden && live.state !== "open") draw();
  }, A_LOOK);
});
