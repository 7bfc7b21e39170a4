"""Mail addresses with a provider for private persons.

The mask keeps two characters of the name, by which its owner knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_PROVIDER = re.compile(
    r"[@＠](?:(?:vip\.)?(?:qq|163|126|sina|sohu|tom)\.com|foxmail\.com|yeah\.net|139\.com|189\.cn|wo\.cn|sina\.cn|(?:gmail|hotmail|outlook|live|msn|icloud|yahoo|aliyun|21cn)\.com"
    r"|live\.cn|outlook\.cn|yahoo\.com\.cn|yahoo\.cn)(?![A-Za-z0-9\-]|\.[A-Za-z])",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+\-]*+\Z")
_LANDLINE = re.compile(r"0[0-9]{2,3}[\-][0-9]{7,8}(?=[0-9]{5,11}\Z|[A-Za-z])")
"""A phone number that a lost line break glued to the name."""
LONGEST = 64
"""Of what stands before the @ (RFC 5321, 4.5.3.1.1)."""


def find(sample: Sample) -> Iterator[Hit]:
    content = sample.text.content
    for provider in _PROVIDER.finditer(content):
        name = _NAME.search(content, max(0, provider.start() - LONGEST), provider.start())
        if name:
            glued = _LANDLINE.match(name[0])
            written = name[0][glued.end() if glued else 0 :]
            yield Hit(provider.start() - len(written), provider.end(), (f"{written[: min(2, len(written) - 1)]}***{provider[0]}",))


RULE = Rule(
    id="privacy.mail.personal",
    pack=Pack.PRIVACY,
    severity=Severity.ADVISE,
    title="A mail address with a provider for private persons",
    advice="Give the address that the body has under its own name; mask one that belongs to a person.",
    find=find,
    fails=(
        Example("邮箱：zhangsan@163.com。", ("zhangsan@163.com",), ("zh***@163.com",)),
        Example("请发至lisi.1949@qq.com或a@Gmail.com", ("lisi.1949@qq.com", "a@Gmail.com"), ("li***@qq.com", "***@Gmail.com")),
        Example("王五010-65000000100001@qq.com", ("100001@qq.com",), ("10***@qq.com",)),
        Example("电子信箱wangwu＠vip.sina.com（王五）", ("wangwu＠vip.sina.com",), ("wa***＠vip.sina.com",)),
    ),
    passes=(
        Example("邮箱：office@example.gov.cn，12345@mail.example.edu.cn。"),
        Example("zh***@163.com，@qq.com，webmaster@163.com.example.cn。"),
        Example("关注微博@163邮箱，网址www.qq.com。"),
    ),
    inapplicable=(Example(""),),
    norm=("GB/T 35273-2020 附录A",),
)
