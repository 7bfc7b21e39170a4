"""Brackets, quotes and book-title marks that open and do not close, or close and never opened, within a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_MARK = re.compile(r"[（）()《》“”【】〔〕「」『』]")
_PAIRS = {"（": "）", "《": "》", "“": "”", "【": "】", "〔": "〕", "「": "」", "『": "』"}
_OPENS = {close: opens for opens, close in _PAIRS.items()}
_NUMBERING = re.compile(r"(?:[0-9a-zA-Z０-９①-⑳ⅠⅡⅢⅣⅤⅥ]|(?<![一-鿿])[一二三四五六七八九十]{1,3}|[:：;；=\-^]) ?\Z")
"""What may stand before a bracket that closes only: 1） a) 三）, and faces."""
_WIDE = str.maketrans("()", "（）")
"""(…） is a fault of width, not of pairs."""
_CUT = re.compile(r"[^\n]{0,80}+(?<=…)(?:\n|\Z)")
"""A title cut short."""
_GOES_ON = re.compile(r"[^“”]*+“(?<=[。；：！？\s].)")
"""A quotation whose paragraphs all open with a mark and of which only the last closes."""
_INTERVAL = re.compile(r"[(（][^()（）\[\]\n]{1,20}[\]］]|[\[［][^()（）\[\]\n]{1,20}[)）]")
NEAR = 80
"""Two unpaired marks of one kind so near to each other are one pair, typed in one direction."""
FAR = 5
"""A quotation may go on over so many paragraphs."""
DEPTH = 8
"""How far down the stack a closing mark looks: texts nest three or four deep, and the time stays linear."""

_Mark = tuple[str, int, int]
"""The mark, half-width brackets as full, where it stands, and the number of its block."""


def find(sample: Sample) -> Iterator[Hit]:
    content = sample.text.content
    left = [mark for mark in _unpaired(sample) if not _is_intended(content, mark)]
    skipped = _over_paragraphs(left)
    index = 0
    kept = [mark for number, mark in enumerate(left) if number not in skipped]
    while index < len(kept):
        sign, at, _block = kept[index]
        if index + 1 < len(kept) and kept[index + 1][0] == sign and kept[index + 1][1] - at <= NEAR:
            yield _turned(sign, at, kept[index + 1][1])
            index += 2
        else:
            yield Hit(at, at + 1)
            index += 1


def _turned(sign: str, first: int, second: int) -> Hit:
    """Of two that open, the second should close; of two that close, the first should open."""
    if sign in _PAIRS:
        return Hit(second, second + 1, suggestions=(_PAIRS[sign],))
    return Hit(first, first + 1, suggestions=(_OPENS[sign],))


def _unpaired(sample: Sample) -> Iterator[_Mark]:
    """In order of their places."""
    text = sample.text
    found: list[_Mark] = []
    stack: list[_Mark] = []
    block, end = -1, -1
    for match in _MARK.finditer(text.content):
        at = match.start()
        if at >= end:
            found += stack
            stack = []
            block = text.block(at)
            end = text.blocks[block + 1].start if block + 1 < len(text.blocks) else len(text.content)
        _put((match.group().translate(_WIDE), at, block), stack, found)
    return iter(sorted(found + stack, key=lambda mark: mark[1]))


def _put(mark: _Mark, stack: list[_Mark], found: list[_Mark]) -> None:
    """Lay an opening mark on the stack, or take off what a closing one closes; what opened in between stays unpaired."""
    opens = _OPENS.get(mark[0])
    if opens is None:
        stack.append(mark)
        return
    for depth in range(len(stack) - 1, max(-1, len(stack) - 1 - DEPTH), -1):
        if stack[depth][0] == opens:
            found += stack[depth + 1 :]
            del stack[depth:]
            return
    found.append(mark)


def _is_intended(content: str, mark: _Mark) -> bool:
    sign, at, _block = mark
    around = content[max(0, at - 24) : at + 24]
    if sign in "（）" and _INTERVAL.search(around):
        return True
    if sign in _PAIRS:
        return bool(_CUT.match(content, at + 1) or (sign == "“" and _GOES_ON.match(content, at + 1)))
    before = content[max(0, at - 5) : at]
    return (sign == "）" and bool(_NUMBERING.search(before))) or (sign == "”" and before[-1:].isdigit())


def _over_paragraphs(left: Sequence[_Mark]) -> set[int]:
    """The numbers of marks that open in one paragraph and close in one of the next, and of quotes that open each paragraph of a quotation."""
    skipped: set[int] = set()
    waiting: dict[str, list[tuple[int, int]]] = {}
    for number, (sign, _at, block) in enumerate(left):
        if sign in _PAIRS:
            waiting.setdefault(sign, []).append((number, block))
            continue
        opened = [one for one in waiting.pop(_OPENS[sign], []) if 0 < block - one[1] <= FAR]
        if opened:
            skipped.update((number, *(one for one, _block in opened)))
    return skipped


RULE = Rule(
    id="form.brackets.unpaired",
    pack=Pack.FORM,
    severity=Severity.WARN,
    title="A bracket, quote or book-title mark without its partner",
    advice="Add the mark that is missing, or take this one away.",
    find=find,
    norm=("GB/T 15834-2011",),
    fails=(
        Example("根据《办法的规定，现公告如下。", ("《",)),
        Example("各县（市、区人民政府：", ("（",)),
        Example("推进“放管服“改革。", ("“",), ("”",)),
        Example("有关单位）要配合。", ("）",)),
        Example("坚持”两山”理念。", ("”",), ("“",)),
    ),
    passes=(
        Example("1）加强领导；2）落实责任；a)其他；三）附则"),
        Example("他说：\n“第一段。\n“第二段。\n“第三段。”"),
        Example("（《关于“十四五”规划的通知》（国发〔2022〕12号）)"),
        Example("取值范围为（0，5]，[1，2）；管径12”"),
        Example("《关于印发河北省…"),
    ),
    inapplicable=(Example(""),),
)
