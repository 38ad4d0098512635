// data-controller="passkey" on a form that sends a passkey: asks the browser for it when its button is pressed, with the
// library's own script. data-passkey: login, confirm, add (the person says whether it stands alone) or make (it does).
// data-options: what the server asks for (login fetches it). Hidden where the browser knows no passkeys.
import "../mfa/js/webauthn-json.js";
import "../mfa/js/webauthn.js";
import { attach } from "./attach.js";

const BUTTON = "passkey-button";
const CREDENTIAL = "passkey-credential";

attach("passkey", (form) => {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  const { loginForm, authenticateForm, addForm, signupForm } = window.allauth.webauthn.forms;
  const data = JSON.parse(form.dataset.options || "{}");
  const ids = { login: BUTTON, authenticate: BUTTON, add: BUTTON, signup: BUTTON, credential: CREDENTIAL, passwordless: "id_passwordless" };
  ({ login: loginForm, confirm: authenticateForm, add: addForm, make: signupForm })[form.dataset.passkey]({ data, ids });

  // Enter in a field of the form is the button's press; without a passkey there is nothing to send.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.getElementById(BUTTON).click();
  });
  const trouble = form.querySelector("[data-passkey-trouble]");
  form.addEventListener("click", () => (trouble.hidden = true));
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault(); // the library would only write it to the console
    trouble.hidden = false;
  });
});
