// Passkeys where the browser knows them; a failure in words. allauth's own script does the rest.
"use strict";
(() => {
  const known = typeof window.PublicKeyCredential === "function";
  document.querySelectorAll("[data-passkey]").forEach((part) => (part.hidden = !known));
  document.querySelectorAll("[data-no-passkey]").forEach((part) => (part.hidden = known));
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const said = document.getElementById("passkey_failed");
    if (said) said.hidden = false;
  });
})();
