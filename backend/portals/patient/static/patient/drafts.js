// Keeps what a form marked data-draft="name" holds, until the server has it.
//
// - Each change is kept at once in this browser (localStorage), apart for each account, and put
//   back when the page is opened again, with a notice and a way to undo it.
// - The form is sent with one idempotency key for one content. Without a connection it waits, and
//   is sent under the same key when there is one: at the next page, or when we are online again.
// - Only the server's answer ends a draft: accepted, it is deleted; refused, it stays.
// - Signing out deletes all drafts of the account, and so does somebody else's signing in on this
//   device (shell.js). A session that only ran out deletes nothing. Nothing is ever in an address.
//
// In pages: <form method="post" data-draft="check_in:chk_1">; on the page that shows that it was
// accepted, an element with data-draft-done="check_in:chk_1". The words are in #drafts.
// Without this script, or without storage, forms are sent as forms are.
"use strict";
(() => {
  const PREFIX = "suhada:draft:";
  const MARKS = new Set(["csrfmiddlewaretoken", "idempotency_key"]);
  const KEPT_DAYS = 30;
  const account = document.querySelector('meta[name="account"]')?.content;
  const store = (() => {
    try {
      localStorage.setItem(`${PREFIX}?`, "");
      localStorage.removeItem(`${PREFIX}?`);
      return localStorage;
    } catch {
      return null;
    }
  })();
  if (!account || !store) return;

  // --- the store -------------------------------------------------------------------------------
  const place = (name) => `${PREFIX}${account}:${name}`;
  const drop = (name) => store.removeItem(place(name));
  const read = (name) => {
    try {
      return JSON.parse(store.getItem(place(name)));
    } catch {
      return null;
    }
  };
  const write = (name, draft) => {
    try {
      store.setItem(place(name), JSON.stringify({ ...draft, at: Date.now() }));
      return true;
    } catch {
      return false; // no room: the page itself still holds the answers
    }
  };
  const mine = () =>
    Object.keys(store).filter((key) => key.startsWith(place(""))).map((key) => key.slice(place("").length));
  const isWaiting = (draft) => draft?.state === "queued" || draft?.state === "sending";
  const forgetOld = () => {
    for (const key of Object.keys(store).filter((each) => each.startsWith(PREFIX))) {
      let at = 0;
      try {
        at = JSON.parse(store.getItem(key)).at;
      } catch { /* unreadable: forget it */ }
      if (!(Date.now() - at < KEPT_DAYS * 86_400_000)) store.removeItem(key);
    }
  };

  // --- forms -----------------------------------------------------------------------------------
  const controls = (form) =>
    [...form.elements].filter(
      (each) => each.name && !["hidden", "submit", "button", "file", "password", "fieldset"].includes(each.type),
    );
  const isChoice = (control) => control.type === "checkbox" || control.type === "radio";
  const valuesOf = (control) => {
    if (isChoice(control)) return control.checked ? [control.value] : [];
    if (control.multiple && control.selectedOptions) return [...control.selectedOptions].map((each) => each.value);
    return [control.value];
  };
  const heldBy = (form) => {
    const held = {};
    for (const control of controls(form)) (held[control.name] ??= []).push(...valuesOf(control));
    return held;
  };
  const put = (form, fields) => {
    for (const control of controls(form)) {
      const values = fields[control.name];
      if (!values) continue;
      const before = JSON.stringify(valuesOf(control));
      if (isChoice(control)) control.checked = values.includes(control.value);
      else if (control.multiple && control.options) for (const each of control.options) each.selected = values.includes(each.value);
      else control.value = values[0] ?? "";
      if (before !== JSON.stringify(valuesOf(control))) control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  const isSame = (one, other) => Object.keys(one).every((name) => !other[name] || String(one[name]) === String(other[name]));

  // --- what is said ----------------------------------------------------------------------------
  const words = () => document.getElementById("drafts")?.dataset ?? {};
  const note = (parent, text, kind, ...actions) => {
    parent.querySelector(":scope > .draft-said")?.remove();
    if (!text) return;
    const said = document.createElement("div");
    said.className = `alert draft-said ${kind}`;
    said.setAttribute("role", "status");
    said.append(Object.assign(document.createElement("p"), { textContent: text }), ...actions);
    parent.prepend(said);
  };
  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: text });
    made.addEventListener("click", act);
    return made;
  };
  const link = (text, address) =>
    Object.assign(document.createElement("a"), { className: "button", textContent: text, href: address });
  const board = () => document.getElementById("drafts") ?? document.body;
  const formOf = (name) => [...document.querySelectorAll("form[data-draft]")].find((each) => each.dataset.draft === name);

  const offerUndo = (form, kept, initial) => {
    const undo = button(words().undo, () => {
      put(form, initial);
      drop(form.dataset.draft);
      note(form, words().undone, "info", button(words().redo, () => {
        put(form, kept);
        offerUndo(form, kept, initial);
      }));
    });
    note(form, words().restored, "info", undo);
  };
  const keep = (form) => write(form.dataset.draft, { state: "draft", page: location.pathname, fields: heldBy(form) });
  const begin = (form, { isAnswered = false } = {}) => {
    const initial = heldBy(form);
    const draft = read(form.dataset.draft);
    if (isAnswered) keep(form); // the server gave back what was typed, with what is wrong with it
    else if (draft?.fields) {
      if (!isSame(initial, draft.fields)) {
        put(form, draft.fields);
        offerUndo(form, draft.fields, initial);
      }
      if (isWaiting(draft)) note(form, words().queued, "careful");
    }
    const changed = () => {
      if (isWaiting(read(form.dataset.draft))) note(form, ""); // other answers: to be sent anew
      keep(form);
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
  };

  // --- sending ---------------------------------------------------------------------------------
  const alone = (act) => (navigator.locks ? navigator.locks.request("suhada-drafts", act) : act());
  const token = () => {
    try {
      return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    } catch {
      return "";
    }
  };
  // What became of one try: accepted | refused | sign_in | queued (nobody answered).
  const post = async (draft) => {
    const body = new URLSearchParams(draft.content);
    body.set("csrfmiddlewaretoken", token());
    body.set("idempotency_key", draft.key);
    try {
      const answer = await fetch(draft.action, {
        method: "POST", body, headers: { "X-Draft": "1" }, credentials: "same-origin", signal: AbortSignal.timeout(20_000),
      });
      const address = answer.headers.get("HX-Redirect") ?? (answer.redirected ? answer.url : null);
      if (address) {
        const isDoor = new URL(address, location.href).pathname.startsWith("/account/");
        return { became: isDoor ? "sign_in" : "accepted", address };
      }
      if (answer.status >= 502) return { became: "queued" };
      return { became: "refused", page: await answer.text() };
    } catch {
      return { became: "queued" };
    }
  };
  const tried = (name) =>
    alone(async () => {
      const draft = read(name);
      if (!isWaiting(draft)) return { became: "gone" };
      write(name, { ...draft, state: "sending" });
      const result = await post(draft);
      const state = { queued: "queued", sign_in: "queued", refused: "refused" }[result.became];
      if (state) write(name, { ...draft, state, ...(state === "refused" ? { key: null, content: null } : {}) });
      else drop(name);
      return { ...result, draft };
    });
  const showAnswer = (page) => {
    const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
    if (!main) return location.reload();
    document.querySelector("main").replaceWith(main);
    window.htmx?.process(main);
    main.querySelectorAll("form[data-draft]").forEach((form) => begin(form, { isAnswered: true }));
    document.dispatchEvent(new CustomEvent("drafts:answered"));
    (main.querySelector("[data-focus]") ?? main).focus();
    window.scrollTo(0, 0);
  };
  const submit = async (form, submitter) => {
    const name = form.dataset.draft;
    const content = [...new FormData(form, submitter)].filter(([field]) => !MARKS.has(field));
    const before = read(name);
    const isAgain = before?.key && JSON.stringify(before.content) === JSON.stringify(content);
    const key = isAgain ? before.key : form.elements.idempotency_key.value;
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.pathname;
    const draft = { state: "queued", page: location.pathname, fields: heldBy(form), action, content, key };
    if (!write(name, draft)) return form.submit(); // no room to keep it: as a form is sent
    form.setAttribute("aria-busy", "true");
    const result = await tried(name);
    form.removeAttribute("aria-busy");
    delete form.dataset.sending;
    if (result.became === "accepted" || result.became === "sign_in") location.assign(result.address);
    else if (result.became === "refused") showAnswer(result.page);
    else if (result.became === "queued") {
      note(form, words().queued, "careful");
      form.querySelector(".draft-said").scrollIntoView({ block: "center" });
      window.setTimeout(flush, 30_000);
    } else location.reload();
  };
  let flushing = false;
  const flush = async () => {
    if (flushing || !navigator.onLine) return;
    flushing = true;
    for (const name of mine().filter((each) => isWaiting(read(each)))) {
      const form = formOf(name);
      if (form?.hasAttribute("aria-busy")) continue; // it is being sent from here
      const { became, address, draft } = await tried(name);
      if (became === "accepted" && form) return location.assign(address);
      if (became === "accepted") note(board(), words().sent, "good", link(words().open, address));
      if (became === "refused" && form) return showNotSent(form);
      if (became === "refused") note(board(), words().refused, "bad", link(words().open, draft.page));
      if (became === "queued" || became === "sign_in") break;
    }
    flushing = false;
  };
  const showNotSent = (form) => {
    note(form, words().refused, "bad");
    flushing = false;
  };

  // --- when ------------------------------------------------------------------------------------
  const isSignOut = (form) => (form.getAttribute("action") ?? "").startsWith("/account/logout");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (isSignOut(form)) {
      if (mine().some((name) => isWaiting(read(name))) && !window.confirm(words().leaving)) {
        event.preventDefault();
        delete form.dataset.sending;
      } else mine().forEach(drop);
    } else if (form.dataset.draft && !form.hasAttribute("hx-post")) {
      const files = [...form.elements].some((each) => each.type === "file" && each.files.length);
      if (files) return; // what cannot be kept is sent as a form is
      event.preventDefault();
      if (!form.hasAttribute("aria-busy")) submit(form, event.submitter);
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    event.target.querySelectorAll?.("form[data-draft]").forEach((form) => begin(form));
  });
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  forgetOld();
  document.querySelectorAll("[data-draft-done]").forEach((each) => drop(each.dataset.draftDone));
  document.querySelectorAll("form[data-draft]").forEach((form) => begin(form));
  flush();
})();
