// data-in-place="card_1" on a form that leads back to the page it stands on, a freeze and its undo: it is sent without
// leaving, and the page as it is afterwards takes the place of this one, with the focus on the button that undoes it.
// Whatever else comes of it (a refusal, another page, no line, a page that has to follow something from now on) is
// shown by going there as without scripts: the key of the form makes a second sending the same wish.
import { attach } from "./attach.js";

let line = Promise.resolve(); // one after the other, so that what is drawn last is what was asked last

attach("[data-in-place]", (form) => {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const said = new FormData(form, event.submitter);
    line = line.then(() => press(form, said)).catch(() => leave(form));
  });
});

async function press(form, said) {
  const here = location.pathname + location.search;
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(said),
    headers: { accept: "text/html" },
  });
  const { pathname, search } = new URL(answer.url);
  if (!answer.ok || pathname + search !== here) throw new Error("another page");
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (drawn.querySelector("[data-topics]") || document.querySelector("[data-topics]")) return location.reload();
  document.getElementById("main").replaceChildren(...drawn.getElementById("main").childNodes);
  document.querySelector(`[data-in-place="${form.dataset.inPlace}"] button`)?.focus({ preventScroll: true });
}

function leave(form) {
  if (!form.isConnected) document.body.append(form); // replaced since by the answer to a press before it
  HTMLFormElement.prototype.submit.call(form);
}
