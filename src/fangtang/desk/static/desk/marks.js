// Words selected in the text are quoted in the first empty mark at the press of a button; "more marks" needs no round trip.
(() => {
  const set = document.querySelector("[data-desk-marks]");
  const frame = document.querySelector("iframe[name=desk-text]");
  if (!set || !frame) return;
  const list = set.querySelector("[data-desk-mark-list]");
  const empty = set.querySelector("[data-desk-mark-empty]");
  const total = set.querySelector("[name=marks-TOTAL_FORMS]");

  const add = () => {
    const made = empty.content.firstElementChild.cloneNode(true);
    made.innerHTML = made.innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    list.append(made);
    return made;
  };
  const isEmpty = (mark) => [...mark.querySelectorAll("input, textarea")].every((field) => !field.value);

  set.querySelector("[data-desk-mark-more]").addEventListener("click", (event) => {
    event.preventDefault();
    add().querySelector("textarea").focus();
  });

  // The frame runs no script, so it tells nothing: the words are fetched when this button is pressed.
  const button = set.querySelector("[data-desk-quote]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const words = frame.contentDocument.getSelection().toString().trim();
    if (!words) return button.focus();
    const mark = [...list.children].find(isEmpty) || add();
    mark.querySelector("[name$=-quote]").value = words;
    const better = mark.querySelector("[name$=-suggestion]");
    better.value = words;
    better.focus();
    better.select();
  });
})();
