"""The body 方塘市人民政府 and its units: the city office, 29 departments, 20 counties and districts.

Numbers have the right form and cannot be real: division code 000000, filing number 00000000, area code 0000, mail
under `.example` (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from fangtang.demo import places
from fangtang.demo.places import Community, Town

SiteKind = Literal["city", "department", "county"]
UnitKind = Literal["city", "department", "county", "town", "community"]

BODY_NAME = "方塘市人民政府"
BODY_SHORT_NAME = "方塘市"
PORTAL_KEY = "www"
PORTAL_NAME = "方塘市人民政府门户网站"
CITY_OFFICE_KEY = "city-office"

# key | name | short name | colour accent | street and number
DEPARTMENTS = """
development | 市发展和改革委员会 | 市发展改革委 | #2c5f8a #c8893c | 半亩区澄怀路1号
education | 市教育局 | 市教育局 | #2f7a6b #d19a3f | 明鉴区书声路12号
science | 市科学技术局 | 市科技局 | #3a5fa0 #48a0a8 | 天光区启明路66号
industry | 市工业和信息化局 | 市工信局 | #4a6078 #cc8a45 | 天光区百工路8号
ethnic-affairs | 市民族宗教事务局 | 市民族宗教局 | #6a5a8c #c99a52 | 半亩区同心巷3号
public-security | 市公安局 | 市公安局 | #274f86 #b98f4a | 云影区守望路119号
civil-affairs | 市民政局 | 市民政局 | #a0584c #c9a060 | 明鉴区敬老路21号
justice | 市司法局 | 市司法局 | #345a7d #b58c55 | 半亩区公正巷16号
finance | 市财政局 | 市财政局 | #8a6a2f #3f7b78 | 半亩区澄怀路5号
human-resources | 市人力资源和社会保障局 | 市人社局 | #3c7488 #d0924e | 云影区乐业路58号
planning | 市自然资源和规划局 | 市自然资源和规划局 | #4f7a45 #bd8a4a | 澄波区经纬路30号
environment | 市生态环境局 | 市生态环境局 | #2f8060 #c6a04c | 活水区清泠路2号
housing | 市住房和城乡建设局 | 市住建局 | #8b5a48 #c99253 | 柳岸区安居路88号
urban-management | 市城市管理局 | 市城管局 | #54746a #ca8f4f | 柳岸区洁净路7号
transport | 市交通运输局 | 市交通运输局 | #2e6d95 #d3974a | 澄波区通达路100号
water | 市水利局 | 市水利局 | #2a7796 #c59454 | 活水区长堰路15号
agriculture | 市农业农村局 | 市农业农村局 | #6b8238 #c7803e | 荷汀区丰年路9号
commerce | 市商务局 | 市商务局 | #a5613f #4d8591 | 澄波区集贤路45号
culture-tourism | 市文化和旅游局 | 市文旅局 | #8c4f62 #c49a55 | 半亩区文澜街28号
health | 市卫生健康委员会 | 市卫生健康委 | #2f8a86 #cb8560 | 明鉴区康宁路6号
veterans | 市退役军人事务局 | 市退役军人局 | #7c4a45 #b99a58 | 云影区长青路81号
emergency | 市应急管理局 | 市应急局 | #b0603a #3d6d8c | 云影区安澜路10号
audit | 市审计局 | 市审计局 | #4b5c70 #b98d52 | 半亩区澄怀路9号
state-assets | 市国有资产监督管理委员会 | 市国资委 | #70563f #b99556 | 天光区恒通路33号
market-regulation | 市市场监督管理局 | 市市场监管局 | #3d6f9e #c78b4a | 柳岸区公平路52号
sports | 市体育局 | 市体育局 | #3f8a5a #d49045 | 荷汀区健步路18号
statistics | 市统计局 | 市统计局 | #56689a #c2935a | 半亩区澄怀路11号
medical-insurance | 市医疗保障局 | 市医保局 | #2f7f9a #cf8f63 | 明鉴区康宁路26号
government-services | 市数据和政务服务局 | 市数据和政务服务局 | #41729f #c99048 | 天光区便民大道1号
"""

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 1
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the national site guideline asks at the foot of every page, and how to reach the unit."""

    social_credit_code: str  # 统一社会信用代码, 18 characters
    identification_code: str  # 网站标识码, 10 digits
    icp_number: str
    police_number: str
    phone: str
    address: str
    postcode: str
    email: str


@dataclass(frozen=True, slots=True)
class SiteUnit:
    """A unit that has a site. `key` is the unit's, `host` the first label of its address; they differ for the city office only."""

    key: str
    host: str
    name: str
    short_name: str
    site_name: str
    kind: SiteKind
    colour: str
    accent: str
    imprint: Imprint
    towns: tuple[Town, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the tree. `parent_key` is None for the city office alone."""

    key: str
    parent_key: str | None
    name: str
    short_name: str
    kind: UnitKind


@cache
def site_units() -> tuple[SiteUnit, ...]:
    """Fifty units with a site: the city office, then departments, then counties, each in the official order."""
    return (_city_office(), *departments(), *counties())


@cache
def departments() -> tuple[SiteUnit, ...]:
    """The 29 departments."""
    return tuple(_department(number, line) for number, line in enumerate(DEPARTMENTS.strip().splitlines(), start=2))


@cache
def counties() -> tuple[SiteUnit, ...]:
    """The 20 counties and districts with their towns."""
    return tuple(_county(number, row) for number, row in enumerate(places.counties(), start=31))


@cache
def by_key() -> dict[str, SiteUnit]:
    """Units that have a site, by unit key."""
    return {unit.key: unit for unit in site_units()}


def unit_rows() -> Iterator[UnitRow]:
    """The whole tree, parents first."""
    for unit in site_units():
        parent = None if unit.kind == "city" else CITY_OFFICE_KEY
        yield UnitRow(unit.key, parent, unit.name, unit.short_name, unit.kind)
        for town in unit.towns:
            yield UnitRow(town.key, unit.key, f"{unit.short_name}{town.office}", town.name, "town")
            yield from (_community_row(town, community) for community in town.communities)


def social_credit_code(number: int) -> str:
    """A unified social credit code of right form in a division that does not exist (GB 32100-2015, 11 = organ of state)."""
    body = f"11000000{_organisation_code(number)}"
    total = sum(USCC_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + USCC_ALPHABET[-total % 31]


def _organisation_code(number: int) -> str:
    digits = f"{number:08d}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, ORGANISATION_WEIGHTS, strict=True)) % 11
    return digits + {10: "X", 11: "0"}.get(rest, str(rest))


def _city_office() -> SiteUnit:
    return SiteUnit(
        key=CITY_OFFICE_KEY,
        host=PORTAL_KEY,
        name="方塘市人民政府办公室",
        short_name="市政府办公室",
        site_name=PORTAL_NAME,
        kind="city",
        colour="#1f6f6a",
        accent="#c9963f",
        imprint=_imprint(1, PORTAL_KEY, "方塘市半亩区鉴开大道1号"),
    )


def _department(number: int, line: str) -> SiteUnit:
    key, name, short_name, colours, street = line.split(" | ")
    colour, accent = colours.split()
    full = f"方塘{name}"
    return SiteUnit(key, key, full, short_name, full, "department", colour, accent, _imprint(number, key, f"方塘市{street}"))


def _county(number: int, row: places.CountyRow) -> SiteUnit:
    full = f"方塘市{row.name}人民政府"
    address = f"方塘市{row.name}{row.towns[0].name}府前路{number}号"
    imprint = _imprint(number, row.key, address)
    return SiteUnit(row.key, row.key, full, row.name, full, "county", row.colour, row.accent, imprint, row.towns)


def _imprint(number: int, host: str, address: str) -> Imprint:
    return Imprint(
        social_credit_code=social_credit_code(number),
        identification_code=f"0000{number:06d}",
        icp_number=f"方ICP备00000000号-{number}",
        police_number=f"方公网安备{number:014d}号",
        phone=f"0000-0000{number:04d}",
        address=address,
        postcode=f"0000{number:02d}",
        email=f"{host}@fangtang.example",
    )


def _community_row(town: Town, community: Community) -> UnitRow:
    return UnitRow(community.key, town.key, f"{town.name}{community.committee}", community.name, "community")
