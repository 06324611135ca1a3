// What stands in the other language. `lang` and `translate="no"` on an element (or above it) say
// that it is meant; so do code, kbd and samp.
(language) => {
  const japanese = /[\u3041-\u30ff\u3400-\u9fff\uff66-\uff9d]/;
  const sentence = /(?:^|[^\w./@-])[A-Za-z][a-z'’]+(?:[ ,]+[A-Za-z'’-]+){2,}/;
  const word = /^[^\p{L}\d_@/]*[A-Z]?[a-z]{3,}(?: [A-Za-z]+)*[^\p{L}\d_@/]*$/u;
  const ours = new Set(["Suhada", "English"]);
  const found = [];
  const meant = (element) => {
    if (element.closest('[translate="no"], code, kbd, samp, script, style, noscript, template')) return true;
    const marked = element.closest("[lang]");
    return marked !== null && !marked.lang.toLowerCase().startsWith(language);
  };
  const wrong = (text) => {
    if (language === "en") return japanese.test(text);
    if (sentence.test(text)) return true;
    return !japanese.test(text) && word.test(text) && !ours.has(text);
  };
  const look = (element, raw, where) => {
    const text = (raw ?? "").trim().replace(/\s+/g, " ");
    if (text && wrong(text) && !meant(element)) found.push(`${where}: ${text.slice(0, 80)}`);
  };
  const root = document.documentElement;
  if (!root.lang.toLowerCase().startsWith(language)) found.push(`the page says lang="${root.lang}"`);
  look(document.querySelector("head > title") ?? root, document.title, "<title>");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    look(element, texts.currentNode.data, `<${element.localName}>`);
  }
  const attributes = ["alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "content", "label"];
  for (const name of attributes) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (element.localName === "meta" && element.name !== "description") continue;
      look(element, element.getAttribute(name), `<${element.localName} ${name}>`);
    }
  }
  for (const element of document.querySelectorAll('input[type="submit"], input[type="button"], input[type="reset"]')) {
    look(element, element.value, `<input value>`);
  }
  return [...new Set(found)].slice(0, 20);
}
