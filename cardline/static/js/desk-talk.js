// data-controller="talk": the desk's conversation pane. The socket says that something is new; the lines themselves come
// from the server, which says each in one place and in the reader's language. After a lost line the socket gives the
// numbers that were missed, and the lines follow. What is written stays in its box, with its key, until the server has it.
//
// On the element: data-topics ("case:5 case:9"), data-typing (the topic to tell that we write), data-lines-url, and the
// words data-say-*. Inside: data-talk="log" (items with data-line="e5.12" or "n44"), "scroll", "line" (status), and forms
// data-talk="form" with a textarea named text. Fires "talk:changed" when more than words changed.
import { attach } from "./attach.js";
import { live } from "./live.js";

const TYPING_EVERY = 3_000;
const TYPING_SHOWN = 5_000;
const TRY_AGAIN = 4_000;
const POLL = 10_000;
const NEAR_END = 120;

class Talk {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-talk="${name}"]`);
    this.log = this.part("log");
    this.scroll = this.part("scroll");
    for (const topic of root.dataset.topics.split(" ")) this.join(topic);
    for (const form of root.querySelectorAll('[data-talk="form"]')) this.listen(form);
    // The composer takes its room from the lines: the newest stays in view whichever way of writing is open.
    this.stood = true;
    this.scroll.addEventListener("scroll", () => (this.stood = this.isAtEnd()));
    new ResizeObserver(() => this.stood && this.toEnd()).observe(this.scroll);
    setInterval(() => live.state !== "open" && this.read(), POLL);
    this.toEnd();
  }

  join(topic) {
    const after = this.seen().get(topic.slice("case:".length)) ?? 0;
    live.join(topic, {
      entry: (entry) => this.heard(entry),
      news: (name, data) => this.news(name, data),
      state: (state) => this.state(state),
    }, { after });
  }

  /* ---- what arrives */

  heard(entry) {
    this.read();
    if (entry.author?.side !== "agent") this.typed();
    if (entry.kind !== "message") this.root.dispatchEvent(new CustomEvent("talk:changed"));
  }

  news(name, data) {
    if (name === "note") this.read();
    if (name !== "typing" || data.side === "agent") return;
    this.say(this.root.dataset.sayTyping);
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.typed(), TYPING_SHOWN);
  }

  /** The member writes no more. Of a trouble that was said meanwhile nothing is taken back. */
  typed() {
    clearTimeout(this.typingTimer);
    if (!this.trouble) this.say("");
  }

  /** Fetch what the log lacks. Asked again meanwhile, it looks once more. By itself it keeps no session open (news.js). */
  async read() {
    if (this.reading) return void (this.again = true);
    this.reading = true;
    try {
      do {
        this.again = false;
        await this.readOnce();
      } while (this.again);
    } finally {
      this.reading = false;
    }
  }

  async readOnce() {
    const after = [...this.seen()].map(([place, n]) => (place === "n" ? `n${n}` : `${place}.${n}`)).join(" ");
    let html;
    try {
      const answer = await fetch(`${this.root.dataset.linesUrl}?after=${encodeURIComponent(after)}`, { headers: { "HX-Request": "true", "X-By-Itself": "1" } });
      if (answer.status === 401) return this.ended();
      if (!answer.ok) return;
      html = await answer.text();
    } catch {
      return; // no line just now; the socket tells us when it is back
    }
    const atEnd = this.isAtEnd();
    const parsed = new DOMParser().parseFromString(html, "text/html");
    for (const item of parsed.querySelectorAll("[data-line]")) {
      if (!this.log.querySelector(`[data-line="${CSS.escape(item.dataset.line)}"]`)) this.log.append(item);
    }
    if (atEnd) this.toEnd();
  }

  /** The last number shown of each case, and of the notes. */
  seen() {
    const last = new Map();
    for (const { dataset } of this.log.querySelectorAll("[data-line]")) {
      const [place, n] = dataset.line.startsWith("n") ? ["n", dataset.line.slice(1)] : dataset.line.slice(1).split(".");
      last.set(place, Math.max(last.get(place) ?? 0, Number(n)));
    }
    return last;
  }

  /* ---- what we write */

  listen(form) {
    const box = form.elements.namedItem("text");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (box.value.trim()) this.send(form, box);
    });
    let told = 0;
    box.addEventListener("input", () => {
      const { typing } = this.root.dataset;
      if (form.dataset.panel !== "message" || !typing || !box.value || Date.now() - told < TYPING_EVERY) return;
      told = Date.now();
      live.typing(typing);
    });
  }

  async send(form, box) {
    if (form.sending) return;
    form.sending = true;
    const sent = box.value;
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(new FormData(form)) });
    } catch {
      answer = null;
    }
    form.sending = false;
    clearTimeout(form.timer);
    if (answer?.status === 401) return this.ended();
    if (!answer || answer.status >= 500 || answer.status === 429) {
      this.say(this.root.dataset.sayKept, true);
      form.timer = setTimeout(() => box.value === sent && this.send(form, box), TRY_AGAIN);
      return;
    }
    if (!answer.ok) return this.say((await answer.json()).detail, true);
    this.say("");
    form.elements.namedItem("key").value = crypto.randomUUID();
    // Somebody who goes on writing meanwhile keeps what came after.
    box.value = box.value === sent ? "" : box.value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await this.read();
    this.toEnd();
  }

  /* ---- how we stand */

  state(state) {
    if (state === "lost") this.say(this.root.dataset.sayLost, true);
    else if (this.trouble) this.say("");
  }

  ended() {
    this.say(`${this.root.dataset.sayEnded} `, true);
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = this.root.dataset.saySignIn;
    this.part("line").append(link);
  }

  say(words, trouble = false) {
    this.trouble = trouble;
    this.part("line").textContent = words;
    this.part("line").classList.toggle("trouble", trouble);
  }

  isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }
}

attach('[data-controller~="talk"]', (root) => new Talk(root));
