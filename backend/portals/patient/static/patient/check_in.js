// Says aloud what the style sheet shows, keeps "none" and the rest apart, and counts what is answered.
// Nothing needs it.
"use strict";
(() => {
  const begin = (form) => {
    if (!form) return;
    const none = form.elements.nothing;
    const boxes = [...form.querySelectorAll('[name="flags"], [name="symptoms"]')];
    form.addEventListener("change", (event) => {
      const chosen = event.target;
      if (chosen === none && none.checked) for (const box of boxes) box.checked = false;
      else if (boxes.includes(chosen) && chosen.checked) none.checked = false;
      if (chosen !== form) form.dispatchEvent(new Event("input")); // what was unset is kept too
      say(form, chosen);
      unfold(form);
      count(form);
    });
    unfold(form);
    count(form);
  };
  const say = (form, chosen) => {
    const beside = chosen.closest(".flag, .item, .self-harm, .contraception")?.querySelector(".at-once");
    const isShown = beside && getComputedStyle(beside).display !== "none";
    form.querySelector("#flag-said").textContent = isShown ? beside.querySelector(".advice-text").textContent : "";
  };
  const hasChecked = (root) => root.querySelector("input:checked") !== null;
  // What a draft put back into a folded item is seen.
  const unfold = (form) => form.querySelectorAll("details.item").forEach((item) => { item.open ||= hasChecked(item); });
  const isAnswered = (form, names) =>
    names.split(",").some((name) => form.querySelector(`[name="${name}"]:checked`)) ||
    (names === "rest_none" && [...form.querySelectorAll(".item")].every(hasChecked));
  const count = (form) => {
    const soFar = form.querySelector(".so-far");
    if (!soFar) return;
    const more = form.querySelector(".more");
    const alsoAsked = getComputedStyle(more).display === "none" ? [] : [3, 4, 5, 6, 7, 8, 9].map((number) => `phq_${number}`);
    const asked = [...soFar.dataset.asks.split(" "), ...alsoAsked];
    const done = asked.filter((names) => isAnswered(form, names)).length;
    const bar = soFar.querySelector("progress");
    bar.max = asked.length;
    bar.value = done;
    soFar.querySelector("span").textContent = soFar.dataset.words.replace("{done}", done).replace("{all}", asked.length);
    soFar.hidden = false;
  };
  begin(document.querySelector("form.check-in"));
  document.addEventListener("drafts:answered", () => begin(document.querySelector("form.check-in")));
})();
