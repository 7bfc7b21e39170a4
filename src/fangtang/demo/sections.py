"""The sections of each kind of site, and how its home page is laid out.

An article does not name a section but a *role* ("news", "policy" …): the same article stands in 部门动态 on the portal
and in 工作动态 at home. `slug_for` gives the section that plays a role on a kind of site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fangtang.demo.city import SiteKind

SectionKind = Literal["news", "notices", "policy", "qa", "topic", "people", "gallery"]
BlockKind = Literal["headline", "picture_news", "section_list", "quick_links", "notice_bar"]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section. `freshness_days`: at least one new article within so many days, 0 = no rule; `roles`: what articles find their place here."""

    slug: str
    name: str
    kind: SectionKind
    freshness_days: int
    roles: tuple[str, ...] = ()
    description: str = ""
    children: tuple[SectionRow, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A quick link; `url` is root-relative, or of the form `@key` for the home page of another site of the body."""

    title: str
    url: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class BlockRow:
    """One block of a home page. `section` is a slug, or several with spaces between; `width` is "half" or "full"; `count` entries at most."""

    kind: BlockKind
    title: str = ""
    section: str = ""
    count: int = 0
    width: str = "half"
    text: str = ""
    links: tuple[LinkRow, ...] = ()


PORTAL = (
    SectionRow(
        "news",
        "要闻动态",
        "news",
        7,
        (),
        "市政府的重要工作、部门和县区的最新动态",
        (
            SectionRow("city-news", "方塘要闻", "news", 7, ("news",), "市政府重要会议、重点工作和民生实事的进展"),
            SectionRow("department-news", "部门动态", "news", 7, ("department-news",), "市政府各部门的工作动态"),
            SectionRow("county-news", "县区动态", "news", 7, ("county-news", "town-news"), "各县区、镇街的工作动态"),
            SectionRow("notices", "通知公告", "notices", 7, ("notices",), "与生产生活有关的通知、公告和公示"),
        ),
    ),
    SectionRow(
        "open",
        "政务公开",
        "policy",
        30,
        (),
        "政策文件、政策解读和领导信息",
        (
            SectionRow("policy", "政策文件", "policy", 30, ("policy",), "市政府及市政府办公室文件，各部门规范性文件"),
            SectionRow("interpretation", "政策解读", "qa", 30, ("interpretation",), "政策出台的背景、主要内容和办理方式"),
            SectionRow("leaders", "领导之窗", "people", 365, ("people",), "市政府领导分工和简介"),
        ),
    ),
    SectionRow(
        "services",
        "办事互动",
        "qa",
        30,
        (),
        "常见问题、意见征集和办事提示",
        (
            SectionRow("questions", "常见问题", "qa", 60, ("qa",), "咨询较多的问题和办理部门的答复"),
            SectionRow("consultations", "意见征集", "notices", 60, ("consultation",), "正在征求意见的文件和采纳情况反馈"),
        ),
    ),
    SectionRow(
        "discover",
        "走进方塘",
        "topic",
        60,
        (),
        "方塘的山水、历史和今天的生活",
        (
            SectionRow("topics", "专题专栏", "topic", 90, ("topic",), "围绕一件事，把信息放在一起"),
            SectionRow("gallery", "影像方塘", "gallery", 30, ("gallery",), "图片里的方塘"),
        ),
    ),
)

DEPARTMENT = (
    SectionRow("news", "工作动态", "news", 14, ("news", "department-news", "topic", "gallery"), "本部门的工作动态"),
    SectionRow("notices", "通知公告", "notices", 30, ("notices", "consultation"), "本部门的通知、公告、公示和意见征集"),
    SectionRow("policy", "政策文件", "policy", 60, ("policy",), "本部门制发和负责实施的文件"),
    SectionRow("interpretation", "政策解读", "qa", 90, ("interpretation",), "政策背景、要点和办理方式"),
    SectionRow("questions", "常见问答", "qa", 90, ("qa",), "咨询较多的问题"),
    SectionRow("people", "机构领导", "people", 365, ("people",), "领导简介和分工"),
)

COUNTY = (
    SectionRow("news", "县区要闻", "news", 7, ("news", "county-news", "topic"), "本县区的重要工作和民生实事"),
    SectionRow("towns", "镇街动态", "news", 14, ("town-news",), "镇、乡、街道和社区的新鲜事"),
    SectionRow("notices", "通知公告", "notices", 14, ("notices", "consultation"), "通知、公告和公示"),
    SectionRow("policy", "政策文件", "policy", 60, ("policy",), "县区政府及部门文件"),
    SectionRow("interpretation", "政策解读", "qa", 90, ("interpretation",), "政策背景、要点和办理方式"),
    SectionRow("questions", "常见问答", "qa", 90, ("qa",), "咨询较多的问题"),
    SectionRow("people", "领导之窗", "people", 365, ("people",), "领导简介和分工"),
    SectionRow("gallery", "光影", "gallery", 60, ("gallery",), "图片里的家乡"),
)

TREES: dict[SiteKind, tuple[SectionRow, ...]] = {"city": PORTAL, "department": DEPARTMENT, "county": COUNTY}

PORTAL_LINKS = (
    LinkRow("入学报名", "@education", "招生范围与报名时间"),
    LinkRow("医保服务", "@medical-insurance", "参保、报销、异地就医"),
    LinkRow("社保就业", "@human-resources", "参保缴费与求职招聘"),
    LinkRow("住房公积金", "@housing", "租购房与老旧小区改造"),
    LinkRow("公交出行", "@transport", "线路调整与施工绕行"),
    LinkRow("高效办成一件事", "@government-services", "一次告知、一窗办结"),
    LinkRow("政策文件", "/open/policy/", "按文号和日期查找"),
    LinkRow("常见问题", "/services/questions/", "大家问得最多的事"),
)

LOCAL_LINKS = (
    LinkRow("通知公告", "/notices/", "最新通知和公示"),
    LinkRow("政策文件", "/policy/", "现行有效文件"),
    LinkRow("常见问答", "/questions/", "咨询较多的问题"),
    LinkRow("市政府门户网站", "@city-office", "方塘市人民政府"),
)

LAYOUTS: dict[SiteKind, tuple[BlockRow, ...]] = {
    "city": (
        BlockRow("notice_bar", text="冬春季节用火用电请留意安全；遇有停水停电停气，可在通知公告栏目查询恢复时间。", section="notices"),
        BlockRow("headline", section="city-news county-news department-news", count=3, width="full"),
        BlockRow("quick_links", title="我要办事", width="full", links=PORTAL_LINKS),
        BlockRow("section_list", section="notices", count=8),
        BlockRow("section_list", section="policy", count=8),
        BlockRow("section_list", section="department-news", count=8),
        BlockRow("section_list", section="county-news", count=8),
        BlockRow("picture_news", title="影像方塘", section="gallery", count=6, width="full"),
        BlockRow("section_list", section="interpretation", count=6),
        BlockRow("section_list", section="questions", count=6),
    ),
    "department": (
        BlockRow("headline", section="news", count=3, width="full"),
        BlockRow("section_list", section="notices", count=8),
        BlockRow("section_list", section="policy", count=8),
        BlockRow("quick_links", title="常用入口", width="full", links=LOCAL_LINKS),
        BlockRow("section_list", section="interpretation", count=6),
        BlockRow("section_list", section="questions", count=6),
    ),
    "county": (
        BlockRow("headline", section="news", count=3, width="full"),
        BlockRow("section_list", section="towns", count=8),
        BlockRow("section_list", section="notices", count=8),
        BlockRow("quick_links", title="常用入口", width="full", links=LOCAL_LINKS),
        BlockRow("picture_news", title="光影", section="gallery", count=6, width="full"),
        BlockRow("section_list", section="policy", count=6),
        BlockRow("section_list", section="questions", count=6),
    ),
}


def flat(kind: SiteKind) -> Iterator[SectionRow]:
    """Every section of a kind of site, parents first."""
    for section in TREES[kind]:
        yield section
        yield from section.children


def slug_for(kind: SiteKind, *, role: str) -> str:
    """The slug of the section that plays `role` on a site of `kind`; KeyError when none does."""
    return _SLUGS[kind][role]


def placed_role(role: str, *, origin: SiteKind, target: SiteKind) -> str:
    """The role that an article of a site of kind `origin` plays on another of kind `target`: a department's news is 部门动态 on the portal."""
    if target != "city" or role not in {"news", "topic", "town-news"}:
        return "news" if role == "town-news" and target != "county" else role
    return {"department": "department-news", "county": "county-news"}.get(origin, role)


_SLUGS: dict[SiteKind, dict[str, str]] = {kind: {role: row.slug for row in flat(kind) for role in row.roles} for kind in TREES}
