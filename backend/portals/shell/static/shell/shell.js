// What every page does beyond HTML: nothing here is needed to read, or to send a form.
"use strict";
(() => {
  const focusProblem = (root) => {
    const found = root.querySelector("[data-focus]");
    if (found) found.focus();
  };
  // A dialog opens from a button that names it; Escape and "cancel" close it.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && opener.getAttribute("aria-disabled") !== "true") {
      document.getElementById(opener.dataset.opens)?.showModal();
    }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  });
  // A second press of the same button sends nothing: the first is under way.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = "1";
    window.setTimeout(() => delete form.dataset.sending, 5000);
  });
  // Signing out on a page without drafts.js: what was begun leaves this device, as it does there.
  // Answers that were sent and wait for a connection stay until the server has them.
  document.addEventListener("submit", (event) => {
    const account = event.target.dataset.forgets;
    if (!account || event.defaultPrevented || document.querySelector('meta[name="account"]')) return;
    try {
      for (const key of Object.keys(localStorage).filter((each) => each.startsWith(`suhada:draft:${account}:`))) {
        if (!/"state":"(queued|sending)"/.test(localStorage.getItem(key))) localStorage.removeItem(key);
      }
    } catch { /* no storage: nothing is kept */ }
  });
  // Somebody else is signed in on this device now: nothing of who was here before stays on it, sent
  // or not. What waited is asked for again where it was asked.
  const reader = document.documentElement.dataset.reader;
  if (reader) {
    try {
      const kept = Object.keys(localStorage).filter((each) => each.startsWith("suhada:draft:"));
      for (const key of kept) if (!key.startsWith(`suhada:draft:${reader}:`)) localStorage.removeItem(key);
    } catch { /* no storage: nothing is kept */ }
  }
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sending]").forEach((form) => delete form.dataset.sending);
  });
  document.addEventListener("htmx:afterSwap", (event) => focusProblem(event.target));
  focusProblem(document);
})();
