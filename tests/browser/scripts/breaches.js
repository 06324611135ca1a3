// Runs before any script of the page, in every document: keeps what the policy refused.
(() => {
  const kept = [];
  Object.defineProperty(window, "__breaches", { value: kept });
  document.addEventListener("securitypolicyviolation", (event) => {
    kept.push(`${event.effectiveDirective} refused ${event.blockedURI} ${event.sample}`.trim());
  });
})();
