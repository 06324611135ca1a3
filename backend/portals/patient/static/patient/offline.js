// Without a net: says whether answers wait on this device, and goes on when the net is back.
"use strict";
(() => {
  try {
    const waits = Object.keys(localStorage).some((key) => key.startsWith("suhada:draft:"));
    document.getElementById("waiting").hidden = !waits;
  } catch { /* no storage: nothing waits */ }
  // A device may be "online" and reach nobody: the page is asked for again once somebody answers.
  const AGAIN_MS = 5_000;
  const look = async () => {
    try {
      await fetch("/me/manifest.webmanifest", { method: "HEAD", cache: "no-store" });
      location.reload();
    } catch {
      if (navigator.onLine) window.setTimeout(look, AGAIN_MS);
    }
  };
  window.addEventListener("online", look);
  if (navigator.onLine) window.setTimeout(look, AGAIN_MS);
})();
