async () => {
  await document.fonts.ready;
  const until = performance.now() + 10000;
  while (document.querySelector(".htmx-request, .htmx-settling, .htmx-swapping")) {
    if (performance.now() > until) throw new Error("htmx still waits after 10 s");
    await new Promise((go) => setTimeout(go, 10));
  }
}
