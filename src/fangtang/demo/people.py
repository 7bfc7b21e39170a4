"""Who works in 方塘市: invented people with ordinary names, one or more for every post.

User names tell unit and role (`education.editor`), because somebody trying the demo looks for "an editor of
education"; the city office has the people of our own stories (An edits, Bo proofreads, Chen and Ding review, Fang
signs, Gu handles cases, He supervises, Lin is a citizen, Mo has no business here).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from fangtang.demo import chance, city

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
GIVEN_FIRST = "晓明志海建文春秋玉秀丽雪红永国俊新思雨佳子嘉宏世树向东立少雅静月云梅兰一书景德庆彦启润泽若"
GIVEN_SECOND = "华军平强伟敏静芳丽娟涛磊勇杰娜艳霞鹏辉超波峰宁洁琴英萍燕玲斌刚毅欣怡琳颖慧远航宇轩阳林松柏山川清泉亮"

CITY_OFFICE = (
    ("an", "安小禾", "editor"),
    ("bo", "苏博", "proofreader"),
    ("pei", "裴青", "proofreader"),
    ("qiu", "邱勇", "proofreader"),
    ("chen", "陈静", "reviewer_1"),
    ("ding", "丁伟", "reviewer_2"),
    ("jiang", "蒋涛", "reviewer_3"),
    ("kang", "康丽", "reviewer_4"),
    ("fang", "方敏", "chief_editor"),
    ("song", "宋洁", "site_manager"),
    ("he", "何芳", "supervisor"),
    ("gu", "顾磊", "case_officer"),
    ("tang", "唐军", "coordinator"),
    ("wei", "魏强", "operator"),
    ("xu", "许明", "security_officer"),
    ("yu", "于慧", "auditor"),
    ("lin", "林小满", ""),
    ("mo", "莫平", ""),
)

SITE_TEAM = (
    ("editor", "editor"),
    ("proofreader1", "proofreader"),
    ("proofreader2", "proofreader"),
    ("proofreader3", "proofreader"),
    ("reviewer1", "reviewer_1"),
    ("reviewer2", "reviewer_2"),
    ("reviewer3", "reviewer_3"),
    ("chief", "chief_editor"),
    ("manager", "site_manager"),
)
TOWN_TEAM = (("editor", "editor"), ("reviewer", "reviewer_1"))


@dataclass(frozen=True, slots=True)
class Person:
    """A login and the post that comes with it. `role` and `unit_key` are "" for people without a post (Lin, Mo)."""

    user_name: str
    full_name: str
    unit_key: str
    role: str
    email: str


def people(seed: int) -> Iterator[Person]:
    """Everybody, the city office first; user names are unique, full names differ within a unit."""
    yield from demo_logins()
    rng = chance.stream(seed, "people")
    for unit in city.site_units()[1:]:
        yield from _team(unit.key, SITE_TEAM, rng)
        for town in unit.towns:
            yield from _team(town.key, TOWN_TEAM, rng)


def demo_logins() -> tuple[Person, ...]:
    """The people of the city office, at least one for each role, and the two without a post."""
    return tuple(
        Person(user_name, full_name, city.CITY_OFFICE_KEY if role else "", role, f"{user_name}@fangtang.example") for user_name, full_name, role in CITY_OFFICE
    )


def full_name(rng: random.Random) -> str:
    """An ordinary name of two or three characters."""
    surname = SURNAMES[int(len(SURNAMES) * rng.random() ** 1.6)]
    first = rng.choice(GIVEN_FIRST) if rng.random() < 0.72 else ""
    return f"{surname}{first}{rng.choice(GIVEN_SECOND)}"


def _team(unit_key: str, posts: tuple[tuple[str, str], ...], rng: random.Random) -> Iterator[Person]:
    taken: set[str] = set()
    for label, role in posts:
        name = full_name(rng)
        while name in taken:
            name = full_name(rng)
        taken.add(name)
        user_name = f"{unit_key}.{label}"
        yield Person(user_name, name, unit_key, role, f"{user_name}@fangtang.example")
