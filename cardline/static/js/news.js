// data-controller="news" data-topic="desk": passes a topic's news on as events of the element ("news", and
// "news:inbox" by name), which htmx takes as triggers: hx-trigger="news:inbox". Where sockets are blocked, "news"
// comes every ten seconds instead.
import { attach } from "./attach.js";
import { live } from "./live.js";

const PATIENCE = 10_000;

// What a page asks for by the clock or after an event of ours ("news", "talk:changed") is nobody's doing: it keeps no
// session open (SR-37).
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const cause = detail.triggeringEvent?.type;
  if (!cause || cause === "news" || cause.includes(":")) detail.headers["X-By-Itself"] = "1";
});

attach("news", (element) => {
  const tell = (name, detail) => element.dispatchEvent(new CustomEvent(name, { detail }));
  const leave = live.join(element.dataset.topic, {
    news: (name, data) => {
      if (!element.isConnected) return leave();
      tell("news", { name, data });
      tell(`news:${name}`, data);
    },
    joined: () => tell("news", { name: "joined" }),
  });
  const timer = setInterval(() => {
    if (!element.isConnected) return clearInterval(timer);
    if (live.state !== "open") tell("news", { name: "polled" });
  }, PATIENCE);
});
