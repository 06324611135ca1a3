// Questions that depend on others, "none of these", and more lines for medicines.
// Without this script every question is there, with a note when it applies.
"use strict";
(() => {
  const chosen = (form, name) =>
    [...form.querySelectorAll(`input[name="${CSS.escape(name)}"]`)].filter((each) => each.checked).map((each) => each.value);

  const ask = (form) => {
    form.querySelectorAll("[data-when]").forEach((question) => {
      const among = question.dataset.among.split(" ");
      const isAsked =
        !form.querySelector(`[data-question="${CSS.escape(question.dataset.when)}"]`)?.hidden &&
        chosen(form, question.dataset.when).some((each) => among.includes(each));
      question.hidden = !isAsked;
      question.querySelectorAll("input").forEach((input) => { input.disabled = !isAsked; });
      const note = question.querySelector(".only-if");
      if (note) note.hidden = true;
    });
  };

  const isEmpty = (row) => [...row.querySelectorAll("input")].every((input) => !input.value);
  const lines = (form) => {
    const rows = [...form.querySelectorAll("[data-row]")];
    const last = rows.findLastIndex((row) => !isEmpty(row) || row.dataset.open);
    rows.forEach((row, number) => { row.hidden = number > Math.max(last, 0); });
    const more = form.querySelector("[data-more-rows]");
    if (more) more.classList.toggle("hidden", rows.every((row) => !row.hidden));
  };

  const settle = (root) => root.querySelectorAll("form[data-questions]").forEach((form) => { ask(form); lines(form); });

  // "None of these" takes the others back, and the others take it back.
  const onlyOne = (input) => {
    const question = input.closest("[data-question]");
    const none = question?.querySelector("[data-none]");
    if (!none || (!input.checked && input.type === "checkbox")) return;
    if (input === none) {
      question.querySelectorAll('input[type="checkbox"]:checked').forEach((each) => { if (each !== none) each.checked = false; });
    } else if (input.type === "checkbox" || input.value) none.checked = false;
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-questions]");
    if (!form) return;
    if (event.isTrusted) onlyOne(event.target);
    settle(form.parentNode);
  });
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more-rows]");
    if (!more) return;
    const next = [...more.closest("form").querySelectorAll("[data-row]")].find((row) => row.hidden);
    if (!next) return;
    next.dataset.open = "1";
    settle(document);
    next.querySelector("input").focus();
  });
  document.addEventListener("drafts:answered", () => settle(document));
  settle(document);
})();
