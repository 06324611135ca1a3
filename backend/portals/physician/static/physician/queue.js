// How long each row has waited goes on counting between two answers of the server.
"use strict";
(() => {
  const read = (root) => root.querySelectorAll("[data-waits]").forEach((element) => {
    element.suhadaSince = performance.now() - Number(element.dataset.waits) * 1000;
  });
  const words = (element, minutes) => {
    const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24, rest = minutes % 60;
    const part = (value, unit) => new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "short" }).format(value);
    const said = days ? [[days, "day"], [hours, "hour"]] : [[hours, "hour"], [rest, "minute"]];
    element.textContent = said.filter(([value], place) => value || (place && !said[0][0])).map(([value, unit]) => part(value, unit)).join(" ");
  };
  read(document);
  document.addEventListener("htmx:afterSwap", () => read(document));
  window.setInterval(() => {
    document.querySelectorAll("[data-waits]").forEach((element) => {
      words(element, Math.floor((performance.now() - element.suhadaSince) / 60000));
    });
  }, 60000);
})();
