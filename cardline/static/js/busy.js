// data-busy="Sending…" on a submit button: says so and keeps its width. A second press while the first is under way
// is not sent; the hidden key of the form protects from the rest.
let pressed = [];

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.getAttribute("aria-disabled") === "true") return event.preventDefault();
  if (!button?.dataset.busy || event.defaultPrevented) return;
  pressed.push([button, [...button.childNodes]]);
  button.style.minWidth = `${button.offsetWidth}px`;
  button.setAttribute("aria-disabled", "true");
  button.replaceChildren(button.dataset.busy);
});

export function rested() {
  for (const [button, children] of pressed) {
    button.removeAttribute("aria-disabled");
    button.replaceChildren(...children);
  }
  pressed = [];
}

// Coming back by the browser's own history shows the page as it was left, with the button still sending.
window.addEventListener("pageshow", rested);
// A fragment swapped by htmx leaves the rest of the page standing.
document.addEventListener("htmx:afterRequest", rested);
