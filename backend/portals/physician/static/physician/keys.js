// The keyboard: data-key="x" (or "g q", one after the other) presses that element; j and k walk the
// rows with data-row. Keys do nothing while somebody types, or where they were switched off.
"use strict";
(() => {
  const OFF = "suhada.keys.off";
  const isOff = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  let before = "";

  const walk = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const here = rows.indexOf(document.activeElement.closest("[data-row]"));
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
    const row = rows[next];
    const link = row.matches("a, button") ? row : row.querySelector("a, button");
    link.focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const press = (keys, root) => {
    for (const element of root.querySelectorAll("[data-key]")) {
      if (element.dataset.key !== keys || element.getClientRects().length === 0) continue;
      element.focus();
      element.click();
      return true;
    }
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || isOff()) return;
    const open = document.querySelector("dialog[open]");
    const key = event.key;
    const chord = before ? `${before} ${key}` : key;
    before = "";
    if (!open && (key === "j" || key === "k") && chord === key) { walk(key === "j" ? 1 : -1); return event.preventDefault(); }
    if (press(chord, open || document)) return event.preventDefault();
    if (key === "g" && chord === key && !open) { before = key; window.setTimeout(() => { before = ""; }, 1500); }
  });

  // A link that opens a dialog is a page of its own where there is no script.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens]");
    if (link && document.getElementById(link.dataset.opens)) event.preventDefault();
  });

  document.querySelectorAll("dialog[data-modal][open]").forEach((dialog) => { dialog.close(); dialog.showModal(); });
  document.querySelectorAll("[data-opens][hidden]").forEach((button) => button.removeAttribute("hidden"));
  document.querySelectorAll("[data-keys-switch]").forEach((box) => {
    box.checked = !isOff();
    box.addEventListener("change", () => { try { localStorage.setItem(OFF, box.checked ? "0" : "1"); } catch { /* nothing to keep it in */ } });
  });
})();
