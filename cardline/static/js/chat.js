// data-controller="chat": a conversation that loses nothing. Entries come as text, never as markup, and once each by
// their number. What was typed is kept in this tab until the server has it, through reloads, lost lines and an ended
// session; each message carries a key, so that sending it again does it once.
//
// On the element: data-topic ("case:12"), data-contact ("contact:34"), data-after (last number on the page), data-side
// (member | agent), data-zone, data-poll-url, data-send-url, data-sign-in-url, and the words data-say-*. Inside:
// data-chat="log", "waiting" (lists), "line" (status), "form" with a textarea named text, on the desk "scroll", and the
// templates of components/chat_templates.html.
import { attach } from "./attach.js";
import { Kept } from "./kept.js";
import { live } from "./live.js";

const TYPING_EVERY = 3_000;
const TYPING_SHOWN = 5_000;
const A_BLINK = 1_000;
const RETRY_AFTER_SECONDS = 3;
const FINAL = [400, 403, 404, 409, 413, 422];

class Chat {
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-chat="${name}"]`);
    this.log = this.part("log");
    this.form = this.part("form");
    this.box = this.form.elements.namedItem("text");
    this.topic = root.dataset.topic;
    this.seen = new Set([...this.log.querySelectorAll("[data-n]")].map((entry) => Number(entry.dataset.n)));
    this.waiting = new Kept(`waiting:${this.topic}`);
    this.draft = new Kept(`draft:${this.topic}`);
    this.sending = new Set();

    this.takeUpDraft();
    for (const message of this.waiting.all([])) this.showWaiting(message);
    this.listen();
    this.join();
    this.toEnd();
  }

  join() {
    const { after, contact, pollUrl, sendUrl } = this.root.dataset;
    const token = this.form.elements.namedItem("csrfmiddlewaretoken")?.value;
    const hooks = {
      entry: (entry) => this.show(entry),
      news: (name, data) => this.news(name, data),
      joined: () => this.sendWaiting(),
      refused: (status) => this.refused(status),
      state: (state) => this.state(state),
    };
    live.join(this.topic, hooks, { after: Number(after || 0), contact, pollUrl, sendUrl, token });
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener("keydown", (event) => {
      // On a keyboard Enter sends and Shift Enter breaks the line; on glass Enter breaks the line.
      const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches;
      if (!sends) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    let told = 0;
    this.box.addEventListener("input", () => {
      this.draft.set(this.box.value);
      if (this.box.value && Date.now() - told > TYPING_EVERY) {
        told = Date.now();
        live.typing(this.topic);
      }
    });
    this.part("waiting").addEventListener("click", (event) => {
      const act = event.target.closest("[data-chat]")?.dataset.chat;
      const key = event.target.closest("[data-key-of]")?.dataset.keyOf;
      const message = this.waiting.all([]).find((one) => one.key === key);
      if (message && act === "again") this.send(message);
      if (message && act === "edit") this.takeBack(message);
    });
  }

  /* ---- what we write */

  submit() {
    const text = this.box.value.trim();
    if (!text) return;
    const message = { key: crypto.randomUUID(), text };
    this.waiting.set([...this.waiting.all([]), message]);
    this.box.value = "";
    this.draft.forget();
    this.showWaiting(message);
    this.toEnd();
    this.send(message);
  }

  /** One at a time and in order: what was written first is read first. */
  async sendWaiting() {
    for (const message of this.waiting.all([])) if (!message.refused && !(await this.send(message))) return;
  }

  async send(message) {
    if (this.sending.has(message.key)) return false;
    this.sending.add(message.key);
    this.mark(message.key, this.root.dataset.saySending);
    try {
      const n = await live.send(this.topic, message.key, message.text);
      this.sent(message.key, n);
      return true;
    } catch (refusal) {
      this.notSent(message, refusal);
      return false;
    } finally {
      this.sending.delete(message.key);
    }
  }

  sent(key, n) {
    this.waiting.set(this.waiting.all([]).filter((message) => message.key !== key));
    const item = this.item(key);
    if (!item) return;
    if (this.seen.has(n)) return item.remove();
    item.dataset.becomes = n;
    this.mark(key, this.root.dataset.saySent);
  }

  notSent(message, { status, detail, retryAfter = RETRY_AFTER_SECONDS }) {
    if (status === 401) {
      this.mark(message.key, this.root.dataset.sayKept);
      return this.ended();
    }
    if (!FINAL.includes(status)) {
      this.mark(message.key, this.root.dataset.sayKept);
      // Without a line the next join sends it; with one (the server was busy) we try again by ourselves.
      if (status) setTimeout(() => this.sendWaiting(), retryAfter * 1000);
      return;
    }
    this.waiting.set(this.waiting.all([]).map((one) => (one.key === message.key ? { ...one, refused: true } : one)));
    const item = this.item(message.key);
    fill(item, { state: "", refusal: detail || this.root.dataset.sayRefused });
    item.querySelector(".refused").hidden = false;
  }

  takeBack(message) {
    this.waiting.set(this.waiting.all([]).filter((one) => one.key !== message.key));
    this.item(message.key)?.remove();
    this.box.value = [message.text, this.box.value].filter(Boolean).join("\n");
    this.draft.set(this.box.value);
    this.box.focus();
  }

  showWaiting(message) {
    const item = this.clone("on-its-way");
    item.dataset.keyOf = message.key;
    fill(item, { text: message.text, state: this.root.dataset.sayKept });
    this.part("waiting").append(item);
  }

  takeUpDraft() {
    const kept = this.draft.all("");
    if (kept && !this.box.value) this.box.value = kept;
  }

  mark(key, words) {
    const item = this.item(key);
    if (!item) return;
    item.querySelector(".refused").hidden = true;
    fill(item, { state: words });
  }

  item(key) {
    return this.part("waiting").querySelector(`[data-key-of="${key}"]`);
  }

  /* ---- what arrives */

  async show(entry) {
    if (this.seen.has(entry.n)) return;
    this.seen.add(entry.n);
    const words = entry.text || entry.says || (await this.sentence(entry.n));
    if (!words) return;
    const mine = entry.author.side === this.root.dataset.side && (!this.root.dataset.me || entry.author.name === this.root.dataset.me) && (entry.data?.as ?? "") === (this.root.dataset.capacity ?? "");
    const atEnd = this.isAtEnd();
    const item = this.clone(...templatesFor(entry.kind, mine));
    item.dataset.n = entry.n;
    fill(item, { name: mine ? this.root.dataset.sayYou : entry.author.name, text: words, at: this.clock(entry.at) });
    for (const time of item.querySelectorAll("time")) time.dateTime = entry.at;
    this.after(entry.n).after(item);
    if (mine) this.replaceWaiting(entry.n, words);
    const told = this.part("hidden-number");
    if (mine && told && words.includes("[card ••")) told.hidden = false;
    if (atEnd || mine) this.toEnd();
    this.stopTyping();
  }

  /** The same words stood below as "sending" until now; the answer to the sending itself may come a moment later. */
  replaceWaiting(n, words) {
    const items = [...this.part("waiting").children];
    const same = items.find((item) => item.dataset.becomes === String(n)) ?? items.find((item) => item.querySelector('[data-slot="text"]').textContent === words);
    same?.remove();
  }

  /** What an entry without words of its own says ("Dana is here now"): the server words it for this reader. */
  async sentence(n) {
    try {
      const answer = await fetch(`${this.root.dataset.pollUrl}?after=${n - 1}`, { headers: { accept: "application/json" } });
      const { entries } = await answer.json();
      return entries.find((entry) => entry.n === n)?.says ?? "";
    } catch {
      this.seen.delete(n); // no line just now; the next join or reload brings it
      return "";
    }
  }

  after(n) {
    const earlier = [...this.log.children].filter((item) => Number(item.dataset.n) < n).at(-1);
    return earlier ?? { after: (item) => this.log.prepend(item) };
  }

  news(name, data) {
    this.root.dispatchEvent(new CustomEvent(`news:${name}`, { detail: data, bubbles: true }));
    if (name !== "typing" || data.side === this.root.dataset.side || this.trouble) return;
    this.say(this.root.dataset.sayTyping);
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.stopTyping(), TYPING_SHOWN);
  }

  stopTyping() {
    clearTimeout(this.typingTimer);
    if (!this.trouble) this.say("");
  }

  /* ---- how we stand */

  state(state) {
    clearTimeout(this.lostTimer);
    if (state === "lost") this.lostTimer = setTimeout(() => this.say(this.root.dataset.sayOffline, true), A_BLINK);
    else if (this.trouble) this.say("");
    if (state === "open" || state === "polling") this.sendWaiting();
  }

  refused(status) {
    if (status === 401 || status === 403) this.ended();
    else this.say(this.root.dataset.sayGone, true);
  }

  ended() {
    this.say(`${this.root.dataset.sayEnded} `, true);
    const link = document.createElement("a");
    link.href = this.root.dataset.signInUrl;
    link.textContent = this.root.dataset.saySignIn;
    this.part("line").append(link);
  }

  say(words, trouble = false) {
    this.trouble = trouble;
    const line = this.part("line");
    line.textContent = words;
    line.classList.toggle("trouble", trouble);
  }

  /* ---- small things */

  clone(...names) {
    const template = names.map((name) => this.root.querySelector(`template[data-entry="${name}"]`)).find(Boolean);
    return template.content.firstElementChild.cloneNode(true);
  }

  clock(at) {
    const words = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit", timeZone: this.root.dataset.zone });
    return words.format(new Date(at)).replace(/\s?([AP]M)$/, (_, half) => ` ${half.toLowerCase()}`);
  }

  /** On the desk the conversation scrolls by itself, on a member's page the page does. */
  isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.part("scroll") ?? document.scrollingElement;
    return scrollHeight - scrollTop - clientHeight < 200;
  }

  toEnd() {
    const pane = this.part("scroll");
    if (pane) pane.scrollTop = pane.scrollHeight;
    else this.form.scrollIntoView({ block: "nearest" });
  }
}

function templatesFor(kind, mine) {
  return mine ? [`${kind}.me`, kind, "event"] : [kind, "event"];
}

function fill(item, slots) {
  for (const [slot, words] of Object.entries(slots)) {
    const place = item.querySelector(`[data-slot="${slot}"]`);
    if (place) place.textContent = words;
  }
}

attach("chat", (root) => new Chat(root));
