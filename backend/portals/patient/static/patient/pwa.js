// Registers the service worker, and offers to put the app on the home screen.
"use strict";
(() => {
  navigator.serviceWorker?.register("/me/worker.js", { scope: "/me/" }).catch(() => undefined);
  const hint = document.getElementById("install");
  const isInstalled = window.matchMedia("(display-mode: standalone)").matches || navigator.standalone;
  if (!hint || isInstalled) return;
  const show = (how) => {
    hint.hidden = false;
    hint.querySelector(`[data-how="${how}"]`).hidden = false;
  };
  if (/iphone|ipad/i.test(navigator.userAgent)) show("ios");
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    show("ask");
    hint.querySelector("button").addEventListener("click", () => event.prompt(), { once: true });
  });
})();
