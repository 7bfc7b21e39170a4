"""The counties, towns and communities of 方塘市, all invented.

No name here is, as far as we know, that of a real county or district. A row is written as text because a list of
places reads best as a list.
"""

from __future__ import annotations

from dataclasses import dataclass

# key name | colour accent | towns as key:name
COUNTIES = """
banmu 半亩区 #2f6f73 #c8923a | fangqian:方前街道 jiangdi:鉴堤街道 wenlan:文澜街道 beiting:北汀街道 yuyi:渔义街道
tianguang 天光区 #3b6ea5 #d59b4b | zhaoyang:照塘街道 jixing:霁星街道 qinghe:晴禾街道 duhua:渡华街道
yunying 云影区 #5a6fa0 #c9795b | baiyun:白沄街道 yingshan:影山街道 shuanghe:双荷街道 luoxia:落霞渡街道 gutang:古塘镇
mingjian 明鉴区 #4a7c6f #c58b5a | jingyuan:镜园街道 zhengxin:正心桥街道 mingde:明得街道 pinghu:平瀚街道
huoshui 活水区 #2a7f8e #d08a4e | yuantou:源头街道 xinqu:新渠街道 shuimo:水磨街道 ganquan:甘汩镇 longtan:珑潭镇
chengbo 澄波区 #3e7d94 #b9814c | botou:波头街道 gangwan:港沄街道 yutou:渔头街道 haitang:海棠埠街道
heting 荷汀区 #5b8a5f #c77f8f | lianpeng:莲蓬街道 ouxiang:藕乡街道 tingzhou:汀沚街道 caihe:采荷渚镇 hehua:荷画镇 xiangpu:香浦桥镇
liuan 柳岸区 #6b8f4e #b8884b | liuyin:柳荫街道 anqian:岸前街道 changdi:长堤柳街道 xumian:絮绵镇
qingyuan 清源县 #2e7a62 #c99a3f | chengguan:源城镇 quanyan:泉眼岭镇 hekou:清河汊镇 shantou:杉头镇 baishi:白石濑乡
yanxi 砚溪县 #4d5f7a #b98f56 | motan:墨潭镇 bijia:笔架坪镇 zhipu:纸铺镇 yanchi:砚池乡
luting 鹭汀县 #4f8391 #c9a04a | luwei:鹭苇镇 shatan:沙滩埂镇 nansha:南沙汊镇 weidang:苇荡乡 ludao:鹭岛乡
daoxiang 稻香县 #8a8440 #b66b3d | sui:穗城镇 gucang:谷仓桥镇 maotian:毛田埠镇 hexi:禾西坝镇 jindao:金稻乡 yangge:秧歌乡
songlu 松麓县 #3f6b4c #bb8a52 | songxia:松下坪镇 luyuan:鹿垣镇 yunding:云顶坳镇 linhai:林海乡
zhuping 竹屏县 #4f8a5b #b5924a | zhulin:竹邻镇 pingshan:屏山坳镇 sunwu:笋坞镇 xiaoshi:小石湾乡
mingling 茗岭县 #557f46 #c68a46 | mingcheng:茗城镇 chayuan:茶垣镇 lingtou:岭头坂镇 yunwu:云雾坑乡 baiya:白芽乡
shilan 石栏县 #77695a #b8804c | lancheng:栏城镇 shiqiao:石跷镇 qingban:青板镇 yancai:岩彩乡
yuewan 月湾县 #50638f #c99a5c | wancheng:湾城镇 yueya:月芽渡镇 chaosheng:潮声镇 yuguang:渔光乡 yandi:盐堤乡
wangtan 望潭县 #38748a #bf8a4d | tancheng:潭城镇 wangjiang:望港桥镇 shuikou:水口坝镇 gaotai:高台墩乡
lanwu 兰坞县 #7a6a94 #b98a57 | lancun:兰村镇 huawu:花坞里镇 xiangyuan:香原镇 cuigu:翠谷乡
tingquan 听泉县 #3d8079 #c28f55 | quancheng:泉城埠镇 qinyin:琴音镇 shanjian:山涧坪镇 moya:磨崖乡 yinxi:引溪乡
"""

VILLAGE_FIRST = "东西南北上下前后大小新旧高长青白金石清红"
VILLAGE_SECOND = ("荷", "柳", "桥", "塘", "井", "渡", "坪", "湾", "堰", "坡", "榆", "桐", "杏", "梨", "竹", "麦", "桑", "枣", "溪", "圩")
VILLAGE_LAST = ("里", "园", "埠", "头", "畈", "坊", "家")


@dataclass(frozen=True, slots=True)
class Community:
    """A community (in town) or a village."""

    key: str
    name: str

    @property
    def committee(self) -> str:
        """The residents' or villagers' committee in full."""
        return f"{self.name}{'居民' if self.name.endswith('社区') else '村民'}委员会"


@dataclass(frozen=True, slots=True)
class Town:
    """A subdistrict, town or township with some of its communities."""

    key: str
    name: str
    communities: tuple[Community, ...]

    @property
    def office(self) -> str:
        """The office of a subdistrict or the government of a town."""
        return f"{self.name}{'办事处' if self.name.endswith('街道') else '人民政府'}"

    @property
    def short_name(self) -> str:
        """The name as people say it: 水磨 for 水磨街道."""
        return self.name.removesuffix("街道").removesuffix("镇").removesuffix("乡")


@dataclass(frozen=True, slots=True)
class CountyRow:
    """One line of `COUNTIES`."""

    key: str
    name: str
    colour: str
    accent: str
    towns: tuple[Town, ...]


def counties() -> tuple[CountyRow, ...]:
    """Every county and district in the official order."""
    names = _village_names()
    rows = []
    for line in COUNTIES.strip().splitlines():
        head, towns = line.split(" | ")
        key, name, colour, accent = head.split()
        rows.append(CountyRow(key, name, colour, accent, tuple(_town(key, text, names) for text in towns.split())))
    return tuple(rows)


def _town(county: str, text: str, names: list[str]) -> Town:
    slug, name = text.split(":")
    key = f"{county}-{slug}"
    ending = "社区" if name.endswith("街道") else "村"
    count = 2 + len(key) % 2
    communities = tuple(Community(f"{key}-{number}", f"{names.pop()}{ending}") for number in range(1, count + 1))
    return Town(key, name, communities)


def _village_names() -> list[str]:
    """Four hundred different names in an order that does not look like a table."""
    size = len(VILLAGE_FIRST) * len(VILLAGE_SECOND)
    return [_village_name(number * 7 % size) for number in range(size)]


def _village_name(number: int) -> str:
    first, second = divmod(number, len(VILLAGE_SECOND))
    last = VILLAGE_LAST[(first * 3 + second * 5) % len(VILLAGE_LAST)]
    return f"{VILLAGE_FIRST[first]}{VILLAGE_SECOND[second]}{last}"
