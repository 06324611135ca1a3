// Says aloud what the style sheet shows, and keeps "none" and the rest apart. Nothing needs it.
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
    });
  };
  const say = (form, chosen) => {
    const beside = chosen.closest(".flag, .item, .self-harm, .contraception")?.querySelector(".at-once");
    const isShown = beside && getComputedStyle(beside).display !== "none";
    form.querySelector("#flag-said").textContent = isShown ? beside.querySelector(".advice-text").textContent : "";
  };
  begin(document.querySelector("form.check-in"));
  document.addEventListener("drafts:answered", () => begin(document.querySelector("form.check-in")));
})();
