// The time that is left of a hold, and the door that opens: counted from what the server said.
"use strict";
(() => {
  const shown = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const begun = performance.now();
  const gone = () => Math.floor((performance.now() - begun) / 1000);

  document.querySelectorAll("[data-countdown]:not([data-frozen])").forEach((clock) => {
    const total = Number(clock.dataset.countdown);
    const soon = document.querySelector("[data-soon]");
    const tick = () => {
      const left = total - gone();
      if (left <= 0) {
        window.clearInterval(timer);
        clock.textContent = "0:00";
        if (soon) soon.textContent = clock.dataset.over;
        window.location.replace(window.location.href);
        return;
      }
      clock.textContent = shown(left);
      clock.classList.toggle("soon", left <= 60);
      if (soon && left <= 60 && !soon.textContent) soon.textContent = soon.dataset.soon;
    };
    const timer = window.setInterval(tick, 1000);
    tick();
  });

  // The page shows the door by itself when it opens. A tab that slept asks when it wakes.
  document.querySelectorAll("[data-opens-in]:not([data-frozen])").forEach((door) => {
    const total = Number(door.dataset.opensIn);
    const look = () => {
      if (gone() >= total) window.location.reload();
    };
    window.setInterval(look, 5000);
    document.addEventListener("visibilitychange", () => document.hidden || look());
  });
})();
