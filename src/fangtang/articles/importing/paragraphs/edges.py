"""Breaks that no numbering shows: traces of lost indents, document numbers, salutations, attachments and signatures.

Each finder gives offsets at which a new paragraph starts. They speak only where the shape leaves no other reading:
the parts of an official letter have fixed places (GB/T 9704-2012, 7.2.5 发文字号, 7.3.2 主送机关, 7.3.4 附件说明,
7.3.5 发文机关署名、成文日期, 7.3.7 附注).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TRACE = re.compile(r"　{2,}[\s　]*|(?<=[。；：！？”）])[ \t]*\xa0{2,}[\s　]*|(?<=[。；：])[ \xa0]{1,40}(?=[\u4e00-\u9fff（“《])")
_DOCUMENT_NUMBER = re.compile(r"\s*[\u4e00-\u9fff]{2,12}[〔\[【﹝（(](?:19|20)\d\d[〕\]】﹞）)]第?\d{1,4}号(?=\s*[\u4e00-\u9fff])")
_BODY_TAILS = "局|厅|委|会|府|部|部门|单位|学校|高校|院校|学院|大学|院|企业|公司|中心|办|办公室|机构|处|所|组"
_SALUTATION = re.compile(rf"\s*[^。；！？：“”:;]{{3,220}}?(?:{_BODY_TAILS})(?:[（(][^（()）]{{1,20}}[）)])?[：:](?=\s*[\u4e00-\u9fff《])")
_BODY_OPENS = re.compile(r"\s*(?:为|根据|按照|依据|经|近年来|关于.{4,60}的(?:通知|意见|函|批复|公告|决定))")
_NO_SALUTATION = re.compile(r"如下|规定|通知|为了|根据|，现|主任|组长|责任|牵头|包括|负责")
_ZERO = "〇○０OＯ零0"
_CHINESE_YEAR = rf"二[{_ZERO}][{_ZERO}一二][{_ZERO}一二三四五六七八九]年|一九[一二三四五六七八九]{{2}}年"
_CHINESE_DAY = r"[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
_DATE = rf"(?:(?:19|20)\d\d年\s*\d{{1,2}}月\s*\d{{1,2}}日|(?:{_CHINESE_YEAR}){_CHINESE_DAY})"
_ISSUER = r"[\u4e00-\u9fff（）、 \u3000]{2,70}?(?:厅|局|委员会|政府|部|委|院|会|办公厅|办公室|中心|总局|领导小组|集团)"
_ENCLOSED_NOTE = r"[（(](?:此件|联系|公开|信息公开|此文)[^（()）]{2,120}[）)]"
# After the date: nothing, a note, attachments, or the title of the text that the letter sends along.
_SENT_TITLE = r"[^。；！？，：]{4,60}?(?:办法|规定|细则|条例|方案|意见|措施|规划|计划|制度|规则)(?:[（(][^（()）]{2,8}[）)])?\s*(?:第一章|第一条|一、|目录)"
_AFTER_DATE = rf"(?=\s{{0,60}}(?:\s*$|{_ENCLOSED_NOTE}|附件|附[：:]|{_SENT_TITLE}))"
_SIGNATURE = re.compile(
    rf"(?:(?<=[。！？；：）)”])|(?<=docx)|(?<=\.doc)|(?<=xlsx)|(?<=\.xls)|(?<=\.pdf)|(?<=\.wps)|(?<=\.rar)|(?<=\.zip))"
    rf"\s{{0,60}}(?P<issuer>{_ISSUER})?\s{{0,60}}(?P<date>{_DATE}){_AFTER_DATE}"
)
_NOTE = re.compile(rf"(?<=[日。]){_ENCLOSED_NOTE}(?=\s*(?:$|附件|{_ENCLOSED_NOTE}|[（(]))")
_ATTACHMENTS = re.compile(r"(?<=[。；！？）)日])\s*附件(?:\d{1,2})?[：:]")


def traces(text: str) -> Iterator[int]:
    """Where an indent of a lost paragraph is left: two ideographic or no-break spaces, or a space after a full stop.

    A gap inside a name set out over a line ("主　　任", "年　　月") is none.
    """
    for match in _TRACE.finditer(text):
        before = text[: match.start()][-2:].strip()
        after = text[match.end() : match.end() + 2]
        spread = match.end() - match.start() <= 4 and len(re.split(r"[\s　]", text[max(0, match.start() - 2) : match.start()])[-1]) < 2
        if match.end() < len(text) and before and after and not spread:
            yield match.end()


def opening(text: str) -> Iterator[int]:
    """Ends of the document number and of the salutation at the head of a letter."""
    number = _DOCUMENT_NUMBER.match(text)
    start = number.end() if number else 0
    salutation = _SALUTATION.match(text, start)
    letter = salutation and not _NO_SALUTATION.search(salutation[0])
    if number and (letter or _BODY_OPENS.match(text, start)):
        yield start
    if salutation and letter and len(text) > salutation.end():
        yield salutation.end()


def attachments(text: str) -> Iterator[int]:
    """Starts of 附件： after the end of a sentence."""
    for match in _ATTACHMENTS.finditer(text):
        yield match.start() + len(match[0]) - len(match[0].lstrip())


def closing(text: str) -> Iterator[int]:
    """Starts of the issuing body, of the date below it and of the notes in brackets that follow."""
    for match in _SIGNATURE.finditer(text):
        if match["issuer"]:
            yield match.start("issuer")
        yield match.start("date")
        yield match.end("date")
    for match in _NOTE.finditer(text):
        yield match.start()
        yield match.end()
