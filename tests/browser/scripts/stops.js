// Marks every element that Tab should reach, in order, and then watches the focus come.
() => {
  document.activeElement?.blur(); // what has the focus from the start is seen without it first
  const interactive = 'a[href], area[href], button, input, select, textarea, summary, iframe, audio[controls], video[controls], [tabindex], [contenteditable="true"]';
  const look = (element) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, borderWidth, backgroundColor, textDecorationLine, textDecorationThickness } = getComputedStyle(element);
    const outline = outlineStyle === "none" || outlineWidth === "0px" ? "" : `${outlineStyle} ${outlineWidth} ${outlineColor}`;
    return [outline, boxShadow, borderColor, borderWidth, backgroundColor, textDecorationLine, textDecorationThickness].join("|");
  };
  const around = (element) => [element, element.parentElement, element.nextElementSibling, element.labels?.[0]].filter(Boolean);
  const looks = (element) => around(element).map(look).join("\n");
  const named = (element) => {
    const words = (element.getAttribute("aria-label") || element.textContent || element.name || element.value || "").trim();
    return `<${element.localName}${element.id ? `#${element.id}` : ""}> ${words.replace(/\s+/g, " ").slice(0, 60)}`;
  };
  const oneOfItsGroup = (element, all) => {
    if (element.localName !== "input" || element.type !== "radio" || !element.name) return true;
    const group = all.filter((one) => one.type === "radio" && one.name === element.name && one.form === element.form);
    return element === (group.find((one) => one.checked) ?? group[0]);
  };
  const can = (element) => element.tabIndex >= 0 && !element.matches(":disabled, [inert], [inert] *, input[type=hidden]") && element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false });
  const modal = document.querySelector("dialog:modal");
  const all = [...(modal ?? document).querySelectorAll(interactive)].filter(can);
  const stops = all.filter((element) => oneOfItsGroup(element, all));
  const state = { stops: new Map(stops.map((element) => [element, looks(element)])), reached: [], round: false, invisible: [], hidden: [] };
  const covered = (element) => {
    const box = element.getClientRects()[0]; // of a link over two lines: the first
    if (!box || box.width === 0 || box.height === 0) return false;
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 10), 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    return top !== null && !element.contains(top) && !top.contains(element) && ![...(element.labels ?? [])].some((label) => label.contains(top));
  };
  // When the key comes up the focus has moved and what it stands on has been scrolled to.
  document.addEventListener("keyup", () => {
    const target = document.activeElement;
    if (target === document.body || target === state.reached[0]) state.round = state.reached.length > 0;
    if (target === document.body || state.reached.includes(target)) return;
    state.reached.push(target);
    const before = state.stops.get(target);
    if (before !== undefined && before === looks(target)) state.invisible.push(target);
    if (covered(target)) state.hidden.push(target);
  }, true);
  window.getSelection()?.removeAllRanges();
  globalThis.walk = {
    over: () => state.round || stops.every((element) => state.reached.includes(element)),
    result: () => [
      ...stops.filter((element) => !state.reached.includes(element)).map((one) => `not reached by Tab: ${named(one)}`),
      ...state.invisible.map((one) => `focus cannot be seen: ${named(one)}`),
      ...state.hidden.map((one) => `focus is covered: ${named(one)}`),
      ...stops.filter((element) => element.tabIndex > 0).map((one) => `has an order of its own: ${named(one)}`),
    ],
  };
  return stops.length;
}
