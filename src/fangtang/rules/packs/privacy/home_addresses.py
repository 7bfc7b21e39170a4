"""Where a person lives: after 住址, 户籍 and their like, or after the birth of someone (男，1949年生，住…), down to the house.

The mask keeps the district and the road or village, by which a neighbourhood knows whom a notice means, and hides the house.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fangtang.rules.findings import Severity
from fangtang.rules.rule import Example, Hit, Pack, Rule
from fangtang.rules.samples import Sample

_BORN = r"(?:(?<=[男女族生][，,、]住)(?<![学师医考新]生[，,、]住)|(?<=[男女族生][，,、][现暂]住))"
_LABEL = re.compile(
    r"[住户庭](?:(?<=庭)地址|(?<=户)(?:籍(?:地址|所在地|地)?|口所在地)|(?<=住)(?:地?址|(?<=现居住)[于在]|(?<=家住)|" + _BORN + r"所?))"
    r"(?:[：:为在是于系]|\s){0,4}(?=[^\n，,。；;、（）()：:|]{2,60}?[号弄栋幢元室组楼])"
)
_BODY = re.compile(r"[^\n，,。；;、（）()：:|《》？！\"“”]{2,60}")
_COUNT = r"[0-9０-９一二三四五六七八九十百甲乙丙\-－]{1,8}"
_HOUSE = re.compile(rf"(?<![第0-9]){_COUNT}(?:号楼|号院|号(?!窗|令|文|公告|通知|线)|弄|栋|幢|单元|室|组)|{_COUNT}楼(?![房盘宇市])")
_PLACE = re.compile("[路街巷道村里庄镇乡区院园苑弄屯营寨胡同组坊城寓楼]")
_BODY_OF_STATE = re.compile("(?:单位|公司|企业|机构|学校|法人)\\Z")
_OFFICE = re.compile("派出所|政府|机关|部门|办事处|委员会|中心|大厅|法院|公安")
_BEFORE = 4


def find(sample: Sample) -> Iterator[Hit]:
    """From the first character of the address to the end of the house."""
    content, done = sample.text.content, 0
    for label in _LABEL.finditer(content):
        body = _BODY.match(content, label.end())
        if body is None or label.start() < done or _BODY_OF_STATE.search(content, max(0, label.start() - _BEFORE), label.start()):
            continue
        houses = list(_HOUSE.finditer(body[0]))
        if houses and _is_home(body[0][: houses[0].start()]):
            done = body.start() + houses[-1].end()
            yield Hit(body.start(), done, (f"{body[0][: houses[0].start()]}***",), confidence=0.95)


def _is_home(street: str) -> bool:
    return _PLACE.search(street) is not None and not _OFFICE.search(street)


RULE = Rule(
    id="privacy.home.address",
    pack=Pack.PRIVACY,
    severity=Severity.WARN,
    title="The home of a person, down to the house",
    advice="Give no more than the district and the road or village, or leave the home out.",
    find=find,
    fails=(
        Example("姓名：张三，家庭住址：某某市某某区幸福路12号3单元401室。", ("某某市某某区幸福路12号3单元401室",), ("某某市某某区幸福路***",)),
        Example("李四，男，1949年12月31日出生，住某某县和平街5号，农民。", ("某某县和平街5号",), ("某某县和平街***",)),
        Example("户籍地址 某某省某某市某某镇某某村二组18号", ("某某省某某市某某镇某某村二组18号",), ("某某省某某市某某镇某某村***",)),
    ),
    passes=(
        Example("地址：某某市某某区幸福路12号，邮编100000。"),
        Example("应当向户籍所在地县级公安机关提出申请；户籍地址及现住址、联系方式。"),
        Example("到户籍所在地乡镇便民服务中心建设路3号办理，户籍地街道第2号窗口；部分学生，住校园北区3号楼。"),
        Example("家庭住址：某某市某某区幸福路***，住址填至门牌号。"),
        Example("公司住址：某某区建设路1号。依据户籍管理条例第3号令办理，户籍12345户。"),
    ),
    inapplicable=(Example(""),),
    norm=("《中华人民共和国民法典》第一千零三十四条", "《中华人民共和国个人信息保护法》第二十五条", "GB/T 35273-2020 附录A"),
)
