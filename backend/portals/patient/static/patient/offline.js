// Without a net: says whether answers wait on this device, and goes on when the net is back.
"use strict";
(() => {
  try {
    const waits = Object.keys(localStorage).some((key) => key.startsWith("suhada:draft:"));
    document.getElementById("waiting").hidden = !waits;
  } catch { /* no storage: nothing waits */ }
  window.addEventListener("online", () => location.reload());
})();
