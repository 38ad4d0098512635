// The live socket at /live (docs/live.md): joins topics, resumes each by its last entry number, comes back after every
// loss with growing pauses, and polls where sockets are blocked. Knows no page.
//
// join(topic, hooks, options) → leave(). Several may follow one topic; each gets everything.
//   hooks.entry(entry)         an entry, backlog and live alike; the caller drops numbers it has
//   hooks.news(name, data)     something passing: presence, typing, "inbox"
//   hooks.joined(last)         all caught up, by socket or by poll
//   hooks.refused(status)      404 not there or not yours, 401 the session ended
//   hooks.state(state)         connecting | open | polling | lost
//   options.after              last entry number held
//   options.pollUrl, sendUrl   the same by plain requests; options.token for their CSRF header
//   options.contact            "contact:34", where what is sent belongs
// send(topic, key, text) → Promise<number> entry number; rejects with {status, detail, retryAfter}, status 0 when not
// connected

const PING = 25_000;
const POLL = 3_000;
const ANSWER_WITHIN = 10_000;
const LONGEST_PAUSE = 30_000;
const PAUSE_WHILE_POLLING = 60_000;
const BLOCKED_AFTER = 3;

class Live {
  state = "connecting";
  #topics = new Map();
  #answers = new Map();
  #socket = null;
  #failed = 0;
  #timer = null;
  #silence = null;
  #polling = null;

  constructor() {
    addEventListener("online", () => this.#connect());
    addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => document.hidden || this.#connect());
    // A page kept for the back button may not hold a socket open.
    addEventListener("pagehide", () => this.#socket?.close());
    addEventListener("pageshow", () => this.#topics.size && this.#connect());
  }

  join(topic, hooks, options = {}) {
    const place = this.#topics.get(topic) ?? { followers: new Set(), after: options.after ?? 0 };
    const after = Math.min(place.after, options.after ?? place.after);
    this.#topics.set(topic, Object.assign(place, options, { after }));
    place.followers.add(hooks);
    hooks.state?.(this.state);
    if (this.#isOpen()) this.#askFor(topic);
    else this.#connect();
    return () => this.#leave(topic, hooks);
  }

  #leave(topic, hooks) {
    const followers = this.#topics.get(topic)?.followers;
    if (!followers?.delete(hooks) || followers.size) return;
    this.#topics.delete(topic);
    if (this.#isOpen()) this.#tell({ leave: topic });
  }

  typing(topic) {
    if (this.#isOpen()) this.#tell({ typing: topic });
  }

  send(topic, key, text) {
    const { contact, sendUrl, token } = this.#topics.get(topic) ?? {};
    if (contact && this.#isOpen()) return this.#sendBySocket(contact, key, text);
    return this.state === "polling" && sendUrl ? post(sendUrl, token, key, text) : Promise.reject({ status: 0, detail: "" });
  }

  #sendBySocket(contact, key, text) {
    const answer = new Promise((resolve, reject) => {
      // A socket may look open long after the line behind it is gone: no answer means it is.
      const timer = setTimeout(() => this.#socket?.close(), ANSWER_WITHIN);
      this.#answers.set(key, { resolve, reject, timer });
    });
    this.#tell({ send: contact, key, text });
    return answer;
  }

  #connect() {
    if (!this.#topics.size || (this.#socket && this.#socket.readyState <= WebSocket.OPEN)) return;
    clearTimeout(this.#timer);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    this.#socket = socket;
    const pings = setInterval(() => this.#ping(), PING);
    socket.addEventListener("open", () => {
      for (const topic of this.#topics.keys()) this.#askFor(topic);
    });
    socket.addEventListener("message", (event) => {
      this.#heard();
      this.#take(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      clearInterval(pings);
      if (this.#socket === socket) this.#lost();
    });
  }

  #ping() {
    if (!this.#isOpen()) return;
    this.#tell({ ping: 1 });
    this.#silence = setTimeout(() => this.#socket?.close(), ANSWER_WITHIN);
  }

  #heard() {
    clearTimeout(this.#silence);
    this.#failed = 0;
    clearInterval(this.#polling);
    this.#polling = null;
    this.#become("open");
  }

  #lost() {
    clearTimeout(this.#silence);
    this.#socket = null;
    this.#failed += 1;
    for (const { reject, timer } of this.#answers.values()) {
      clearTimeout(timer);
      reject({ status: 0, detail: "" });
    }
    this.#answers.clear();
    const blocked = this.#failed >= BLOCKED_AFTER && navigator.onLine;
    if (blocked && !this.#polling) {
      this.#polling = setInterval(() => this.#pollAll(), POLL);
      this.#pollAll();
    }
    if (!this.#polling) this.#become("lost");
    const pause = this.#polling ? PAUSE_WHILE_POLLING : Math.min(LONGEST_PAUSE, 500 * 2 ** this.#failed);
    // Everybody lost the line at the same moment; nobody should come back at the same moment.
    this.#timer = setTimeout(() => this.#connect(), pause * (0.5 + Math.random()));
  }

  #take(message) {
    if (message.ack || message.nack) return this.#answer(message);
    const topic = this.#topics.get(message.topic);
    if (!topic) return;
    if (message.n) {
      topic.after = Math.max(topic.after, message.n);
      tell(topic, "entry", message);
    } else if (message.news) tell(topic, "news", message.news, message.data ?? {});
    else if (message.joined) tell(topic, "joined", message.last);
    else if (message.refused) this.#refuse(message.topic, message.refused);
  }

  #answer({ ack, nack, n, status, detail, retry_after: retryAfter }) {
    const waiting = this.#answers.get(ack ?? nack);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#answers.delete(ack ?? nack);
    if (ack) waiting.resolve(n);
    else waiting.reject({ status, detail, retryAfter });
  }

  async #pollAll() {
    for (const [name, topic] of this.#topics) {
      if (!topic.pollUrl || topic.busy) continue;
      topic.busy = true;
      try {
        const answer = await fetch(`${topic.pollUrl}?after=${topic.after}`, { headers: { accept: "application/json" } });
        if (answer.redirected) this.#refuse(name, 401);
        else if ([401, 403, 404].includes(answer.status)) this.#refuse(name, answer.status);
        else if (answer.ok && isJson(answer)) {
          const { entries, last } = await answer.json();
          this.#become("polling");
          for (const entry of entries) this.#take({ topic: name, ...entry });
          topic.after = Math.max(topic.after, last);
          tell(topic, "joined", last);
        } else this.#become("lost");
      } catch {
        this.#become("lost"); // no network; the next round tries again
      }
      topic.busy = false;
    }
  }

  #refuse(name, status) {
    const topic = this.#topics.get(name);
    this.#topics.delete(name);
    if (topic) tell(topic, "refused", status);
  }

  #askFor(topic) {
    this.#tell({ join: topic, after: this.#topics.get(topic).after });
  }

  #tell(message) {
    this.#socket.send(JSON.stringify(message));
  }

  #isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    for (const topic of this.#topics.values()) tell(topic, "state", state);
  }
}

function tell(topic, hook, ...words) {
  for (const hooks of topic.followers) hooks[hook]?.(...words);
}

async function post(url, token, key, text) {
  const headers = { accept: "application/json", "X-CSRFToken": token };
  let answer;
  try {
    answer = await fetch(url, { method: "POST", headers, body: new URLSearchParams({ text, key }) });
  } catch {
    throw { status: 0, detail: "" };
  }
  const body = isJson(answer) ? await answer.json() : {};
  // A sign-in page in place of an answer: the session ended and the request was sent elsewhere.
  if (answer.ok && body.n) return body.n;
  const retryAfter = Number(answer.headers.get("retry-after")) || undefined;
  throw { status: answer.redirected ? 401 : answer.status, detail: body.detail ?? "", retryAfter };
}

const isJson = (answer) => (answer.headers.get("content-type") ?? "").includes("json");

export const live = new Live();
