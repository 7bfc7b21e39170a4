"""What a page must be for everyone: nothing for axe to find, no sideways scroll, everything reachable by Tab with the focus to be seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from axe_playwright_python.sync_playwright import Axe

MOST_TABS = 600
SETTLED_MS = 300
"""So long styles change after the focus left a field (transitions)."""

INTERACTIVE = """() => {
    const marked = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable=true], [tabindex]:not([tabindex^="-"])';
    const reachable = element => {
        if (element.disabled || element.closest('[inert]') || element.tabIndex < 0) return false;
        if (!element.checkVisibility({ visibilityProperty: true })) return false;
        const box = element.getBoundingClientRect();
        if (element.type === 'radio' && !element.checked && document.querySelector(`[name="${CSS.escape(element.name)}"]:checked`)) return false;
        return box.width > 0 && box.height > 0;
    };
    const look = element => [element, element.closest('label'), element.parentElement, element.nextElementSibling].filter(Boolean).map(part =>
        ['', '::before', '::after'].map(side => {
            const style = getComputedStyle(part, side);
            return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor, style.color,
                    style.textDecorationLine, style.transform, style.clip, style.opacity, style.insetBlockStart].join();
        }).join()).join();
    const named = element => `${element.tagName.toLowerCase()} ${element.outerHTML.slice(0, 160)}`;
    const all = [...document.querySelectorAll(marked)].filter(reachable);
    window.fangtangWalk = { all, before: new Map(all.map(element => [element, look(element)])), seen: new Set(), unseen: [], look, named };
    return all.length;
}"""
STEP = """() => {
    const walk = window.fangtangWalk, element = document.activeElement;
    const isReached = one => walk.seen.has(one) || !one.checkVisibility();
    if (!element || element === document.body) return walk.all.every(isReached) ? 'done' : 'out';
    if (element.tagName === 'IFRAME') return 'frame';
    if (walk.seen.has(element)) return element === walk.last ? 'again' : 'on';
    walk.last = element;
    walk.seen.add(element);
    if (walk.before.has(element) && walk.before.get(element) === walk.look(element)) walk.unseen.push(walk.named(element));
    return 'on';
}"""
REST = """() => {
    const { all, seen, unseen, named } = window.fangtangWalk;
    return { missed: all.filter(one => !seen.has(one) && one.checkVisibility()).map(named), unseen };
}"""


def violations(tab: Any, *, leave_out: Iterable[str] = (), rules: dict[str, Any] | None = None) -> list[str]:
    """What axe finds, a line each."""
    parts = [[part] for part in leave_out if tab.locator(part).count()]
    found = Axe().run(tab, context={"exclude": parts} if parts else None, options={"rules": rules or {}}).response["violations"]
    return [f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:240]}" for one in found]


def scrolls_sideways(tab: Any) -> bool:
    return bool(tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def keyboard_faults(tab: Any) -> list[str]:
    """Tab through the whole page: what was never reached, what shows no focus, a trap."""
    tab.evaluate("document.activeElement?.blur()")
    tab.wait_for_timeout(SETTLED_MS)
    tab.evaluate(INTERACTIVE)
    stayed = left = 0
    for _ in range(MOST_TABS):
        tab.keyboard.press("Tab")
        where = tab.evaluate(STEP)
        # Twice around: a page that begins at its first field (autofocus) is left once before its beginning was seen.
        left += where == "out"
        stayed = stayed + 1 if where == "again" else 0
        if where == "done" or left == 2 or stayed > 3:
            break
    else:
        return ["Tab never leaves the page"]
    rest = tab.evaluate(REST)
    return [f"never reached: {one}" for one in rest["missed"]] + [f"focus not to be seen: {one}" for one in rest["unseen"]]
