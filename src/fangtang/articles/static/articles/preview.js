// Another site chosen while a preview is still on its way is not lost: Wagtail's panel lets the choice pass as long as one update is running.
document.addEventListener("w-preview:loaded", ({ target }) => {
  const chosen = target.querySelector('[data-w-preview-target="mode"]');
  const frame = target.querySelector("#w-preview-iframe");
  if (!chosen || !frame?.src) return;
  const shown = new URL(frame.src, location.href).searchParams.get("mode");
  if (shown !== null && shown !== chosen.value) setTimeout(() => chosen.dispatchEvent(new Event("change", { bubbles: true })));
});
