// How long each row has waited goes on counting between two answers of the server.
"use strict";
(() => {
  const read = (root) => root.querySelectorAll("[data-waits]").forEach((element) => {
    element.suhadaSince = performance.now() - Number(element.dataset.waits) * 1000;
  });
  const words = (element, minutes) => {
    const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24, rest = minutes % 60;
    const part = (value, unit) => new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "short" }).format(value);
    element.textContent = (days ? [part(days, "day"), part(hours, "hour")] : hours ? [part(hours, "hour"), part(rest, "minute")] : [part(rest, "minute")]).join(" ");
  };
  read(document);
  document.addEventListener("htmx:afterSwap", () => read(document));
  window.setInterval(() => {
    document.querySelectorAll("[data-waits]").forEach((element) => {
      words(element, Math.floor((performance.now() - element.suhadaSince) / 60000));
    });
  }, 60000);
})();
