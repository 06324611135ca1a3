// What does not fit: a page that scrolls sideways, an element that leaves the window, text that is
// cut off. Whatever scrolls by itself may be wide; what only screen readers see is 1 by 1 pixel.
() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const named = (one) => {
    const id = one.id ? `#${one.id}` : "";
    const kind = one.getAttribute("class") ? `.${one.getAttribute("class").trim().replace(/\s+/g, ".")}` : "";
    return `<${one.localName}${id}${kind}> ${one.textContent.trim().replace(/\s+/g, " ").slice(0, 60)}`;
  };
  const style = (one) => getComputedStyle(one);
  const scrolls = (value) => value === "auto" || value === "scroll";
  const cuts = (value) => value === "hidden" || value === "clip";
  const heldBy = (one, test) => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
      if (test(up)) return true;
    }
    return false;
  };
  const forReadersOnly = (one) => one.clientWidth <= 1 || one.clientHeight <= 1 || style(one).clip === "rect(0px, 0px, 0px, 0px)";
  const whole = Math.max(document.documentElement.scrollWidth, document.body?.scrollWidth ?? 0);
  if (whole > wide) found.push(`the page is ${whole} px wide in a window of ${wide}`);
  for (const one of document.body?.querySelectorAll("*") ?? []) {
    if (!one.checkVisibility({ visibilityProperty: true })) continue;
    if (one.closest("svg") && one.localName !== "svg") continue;
    const box = one.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const inScroller = heldBy(one, (up) => scrolls(style(up).overflowX));
    if (forReadersOnly(one) || heldBy(one, forReadersOnly)) continue;
    const offstage = box.right <= 0 || box.bottom + scrollY <= 0; // a skip link before its focus
    if (!inScroller && !offstage && (box.right > wide + 1 || box.left < -1)) {
      found.push(`leaves the window (${Math.round(box.left)} to ${Math.round(box.right)} px): ${named(one)}`);
    }
    const field = ["input", "textarea", "select", "canvas"].includes(one.localName);
    if (field || !one.textContent.trim()) continue;
    if (cuts(style(one).overflowX) && one.scrollWidth > one.clientWidth + 1) {
      found.push(`cut at the side: ${named(one)}`);
    }
    if (cuts(style(one).overflowY) && one.scrollHeight > one.clientHeight + 1) {
      found.push(`cut below: ${named(one)}`);
    }
  }
  return [...new Set(found)].slice(0, 20);
}
