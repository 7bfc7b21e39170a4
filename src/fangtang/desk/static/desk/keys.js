// From list to verdict by keyboard. Keys rest while somebody types or holds a modifier; nothing here is the only way.
(() => {
  const area = document.querySelector("[data-desk-keys]");
  const under_way = document.querySelector("[data-desk-under-way]");
  if (under_way) {
    // Whoever is already leaving is not called back.
    const again = setTimeout(() => location.reload(), 2000);
    addEventListener("beforeunload", () => clearTimeout(again));
  }
  const errors = document.querySelector(".desk-errors[tabindex]");
  if (errors) errors.focus();
  if (!area) return;

  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], iframe") !== null;
  const rows = () => [...area.querySelectorAll("[data-desk-row]")];

  const move = (by) => {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    all[next].focus();
    return true;
  };

  const press = (key) => {
    const button = area.querySelector(`[data-desk-key="${key}"]`);
    if (!button) return false;
    const comment = button.form.querySelector("[name=comment]");
    const signature = button.form.querySelector("[name=signature]");
    const confirm = button.form.querySelector("[name=is_confirmed]");
    if (key === "r" && comment && !comment.value.trim()) comment.focus();
    else if (key === "a" && signature && !signature.value.trim()) signature.focus();
    else if (key === "a" && confirm && !confirm.checked) confirm.focus();
    else button.click();
    return true;
  };

  const help = () => {
    const details = area.querySelector("[data-desk-help]");
    if (!details) return false;
    details.open = !details.open;
    if (details.open) details.scrollIntoView({ block: "nearest" });
    return true;
  };

  const acts = { j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1), a: () => press("a"), r: () => press("r"), "?": help };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const act = acts[event.key];
    if (act && act()) event.preventDefault();
  });

  // One click is one verdict: the buttons rest once the form is on its way.
  area.addEventListener("submit", (event) => {
    if (event.target.dataset.deskSent) event.preventDefault();
    event.target.dataset.deskSent = "1";
  });
  addEventListener("pageshow", () => area.querySelectorAll("form").forEach((form) => delete form.dataset.deskSent));
})();
