"""One realistic page of every type, in Chinese, and hard ones beside them: for tests and for looking at.

`FILES` are what the pages refer to; `PAGES` maps a file name to a page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from fangtang.snapshots.theme import assets
from fangtang.snapshots.theme.contexts import (
    ArticlePage,
    Attachment,
    Chrome,
    Entry,
    Footer,
    Headline,
    HomePage,
    Link,
    NotFoundPage,
    NoticeBar,
    Picture,
    PictureNews,
    PublicPage,
    QuickLinks,
    RedirectPage,
    SectionList,
    SectionPage,
    SiteMapPage,
    WithdrawnPage,
)
from tests.snapshots.theme.bodies import BODY, POLICY_BODY
from tests.snapshots.theme.drawings import landscape

BEIJING = timezone(timedelta(hours=8))
HOME = Link("首页", "/")
NEWS, NOTICES, POLICY = Link("教育要闻", "/news/"), Link("通知公告", "/notices/"), Link("政策文件", "/policy/")
QA, TOPIC, PEOPLE, GALLERY = Link("互动问答", "/qa/"), Link("专题专栏", "/topic/"), Link("领导信息", "/people/"), Link("校园影像", "/gallery/")

FILES: dict[str, bytes] = {"/media/meeting.vtt": "WEBVTT\n\n00:00.000 --> 00:04.000\n现场会现在开始。\n".encode()}


def picture(seed: int, alt: str, width: int = 1200, height: int = 675, credit: str = "", caption: str = "") -> Picture:
    """A drawn landscape in two widths; its files are added to `FILES`."""
    sources = []
    for part in (3, 1):
        url = f"/media/{seed}-{width // part}x{height // part}.svg"
        FILES[url] = landscape(seed, width // part, height // part)
        sources.append((url, width // part, height // part))
    return Picture(tuple(sources), alt, credit, caption)


def _asset(asset: assets.Asset) -> str:
    path, content = asset
    FILES[path] = content
    return path


def chrome(name: str, colour: str, accent: str, language: str = "zh-hans") -> Chrome:
    """The frame of a site as the builder fills it."""
    emblem = _asset(assets.drawn_emblem(name, colour))
    return Chrome(
        site_name=name,
        base_url="http://education.localhost:8000",
        language=language,
        colour=colour,
        accent=accent,
        emblem_url=emblem,
        icon_url=emblem,
        stylesheet_urls=(_asset(assets.theme_stylesheet()), _asset(assets.site_stylesheet(colour, accent))),
        navigation=(NEWS, NOTICES, POLICY, QA, TOPIC, PEOPLE, GALLERY),
        footer=Footer(
            sponsor="方塘市教育局",
            operator="方塘市教育信息中心",
            identification_code="9900000012",
            icp_number="塘ICP备20260012号-1",
            police_number="塘公网安备 99010202000012号",
            address="方塘市青荷区半亩路1号",
            postcode="990001",
            phone="0990 1234567",
            email="jyj@fangtang.example",
        ),
        feed_urls=(Link("RSS 订阅", "/feed.rss"), Link("Atom 订阅", "/feed.atom"), Link("JSON 订阅", "/feed.json")),
        portal=Link("方塘市人民政府", "http://www.localhost:8000/"),
        tagline="办好人民满意的教育",
        site_map_url="/site-map/",
    )


EDUCATION = chrome("方塘市教育局", "#1d5a8c", "#c8452f")
PORTAL = replace(
    chrome("方塘市人民政府", "#b3261e", "#c79a3b"),
    portal=None,
    tagline="半亩方塘一鉴开，天光云影共徘徊",
    base_url="http://www.localhost:8000",
    navigation=(
        Link("市情", "/about-city/"), NEWS, Link("政务公开", "/open/"), Link("办事服务", "/services/"),
        Link("互动交流", "/interaction/"), Link("数据开放", "/open-data/"), Link("专题", "/topics/"),
    ),
)  # fmt: skip
WATER = replace(chrome("方塘市水务局", "#0f6b5c", "#c79a3b"), navigation=(), tagline="")

TITLES = (
    "2026年秋季学期中小学开学工作平稳有序",
    "我市新增普惠性幼儿园学位4200个",
    "方塘市第三届中小学生科技节在青荷区开幕，12所学校带来86项作品，机器人与航模展区最受欢迎，活动将持续到月底",
    "“半亩书香”阅读季走进乡村小学",
    "市教育局召开校园食品安全专题会议",
    "教师节表彰大会举行，126名教师受到表彰",
    "职业教育产教融合签约38个项目",
    "全市校车安全检查发现问题21个，已全部整改",
)
SUMMARIES = (
    "全市312所中小学、16.8万名学生如期返校。各学校提前完成校舍安全排查、食堂检查和教材发放，首日到校率为99.6%。",
    "新增学位分布在9个区县，其中乡镇占六成，家长每月保教费不超过560元。",
    "展出的作品全部由学生独立完成，市民可以凭身份证免费参观。",
    "",
)


def entry(number: int, pictured: bool = False, **changes: object) -> Entry:
    """The number-th article of the section."""
    plain = Entry(
        title=TITLES[number % len(TITLES)],
        url=f"/news/{1000 + number}.html",
        published_on=date(2026, 11, 20) - timedelta(days=number),
        summary=SUMMARIES[number % len(SUMMARIES)],
        picture=picture(number, f"示意画：远山与池塘之{number}") if pictured else None,
        section=NEWS,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


ARTICLE = ArticlePage(
    chrome=EDUCATION,
    url="/news/1001.html",
    canonical_url="http://education.localhost:8000/news/1001.html",
    is_copy=False,
    origin_site_name="",
    breadcrumb=(HOME, NEWS),
    section=NEWS,
    section_kind_label="工作动态",
    title="方塘市发布课后服务提升行动方案 每所学校至少开设8门特色课程",
    short_title="课后服务每校至少8门特色课程",
    summary="到2027年底，全市义务教育学校课后服务覆盖率保持100%，服务时间与家长下班时间相衔接。",
    kind_label="新闻",
    body_html=BODY,
    attachments=(
        Attachment("方塘市中小学课后服务提升行动方案", "/media/plan.pdf", "PDF", 1_482_113),
        Attachment("各校特色课程清单（2026年11月）", "/media/courses.xlsx", "XLSX", 82_310),
    ),
    published_at=datetime(2026, 11, 19, 9, 30, tzinfo=BEIJING),
    modified_at=datetime(2026, 11, 20, 16, 5, tzinfo=BEIJING),
    source="方塘市教育局基础教育科",
    source_url="",
    author="安宁",
    editor="陈静",
    keywords=("课后服务", "义务教育", "特色课程"),
    document_number="",
    issuing_body="",
    made_on=None,
    effective_on=None,
    lead_picture=picture(4, "现场会会场，窗外是校园的池塘", credit="方塘日报 周敏", caption="11月18日，现场会在半亩路小学举行"),
    language="zh-hans",
    correction_notice="本文原写“每校10门课程”，应为“每校8门课程”，已于11月20日更正。",
)
DOCUMENT = replace(
    ARTICLE,
    url="/policy/2001.html",
    canonical_url="http://www.localhost:8000/policy/2001.html",
    is_copy=True,
    origin_site_name="方塘市人民政府",
    breadcrumb=(HOME, POLICY, Link("规范性文件", "/policy/normative/")),
    section=Link("规范性文件", "/policy/normative/"),
    title="方塘市教育局关于印发《方塘市中小学校园安全管理办法》的通知",
    body_html=POLICY_BODY,
    document_number="塘教规〔2026〕7号",
    issuing_body="方塘市教育局",
    made_on=date(2026, 11, 10),
    effective_on=date(2027, 1, 1),
    lead_picture=None,
    correction_notice="",
)
LONG = replace(
    ARTICLE,
    url="/news/1002.html",
    title="关于进一步做好全市义务教育学校学生课后服务工作的若干意见（征求意见稿）" * 14,
    short_title="",
    summary="",
    keywords=(),
    attachments=(),
    author="",
    editor="",
    lead_picture=picture(3, "一幅很高的画", width=600, height=1800, credit="本报记者"),
    body_html=BODY.replace("航模、气象观测", "SupercalifragilisticexpialidociousWithoutAnySpaceAtAll" * 3),
    correction_notice="",
    is_preview=True,
)
ENGLISH = replace(
    ARTICLE,
    url="/en/1.html",
    language="en",
    title="Fangtang extends after-school care to 18:30",
    body_html='<p class="b-paragraph">From 1 December 2026 every school offers at least eight courses after class.</p>',
    lead_picture=None,
    correction_notice="",
)


def section(kind: str, link: Link, entries: tuple[Entry, ...], **changes: object) -> SectionPage:
    """The front page of a section of a kind."""
    plain = SectionPage(
        chrome=EDUCATION,
        url=link.url,
        breadcrumb=(HOME,),
        title=link.title,
        kind=kind,
        kind_label=link.title,
        description="",
        pinned=(),
        entries=entries,
        subsections=(),
        is_front=True,
        number=12,
        newest_number=12,
        page_links=(
            Link("12", link.url, True), Link("11", f"{link.url}page-11.html"), Link("10", f"{link.url}page-10.html"),
            Link("…", ""), Link("1", f"{link.url}page-1.html"),
        ),
        newer_url="",
        older_url=f"{link.url}page-11.html",
        total=len(entries) + 240,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def _papers() -> tuple[Entry, ...]:
    names = ("方塘市中小学校园安全管理办法", "方塘市民办幼儿园分类扶持办法（试行）", "关于2027年高中阶段学校招生工作的通知", "方塘市教育督导条例实施细则")
    return tuple(
        entry(
            number,
            title=names[number % 4],
            document_number=f"塘教规〔2026〕{9 - number}号" if number != 2 else "",
            issuing_body="方塘市教育局" if number % 2 == 0 else "方塘市教育局、方塘市财政局、方塘市发展和改革委员会",
            made_on=date(2026, 11, 10) - timedelta(days=9 * number),
        )
        for number in range(6)
    )


QUESTIONS = (
    (
        "外地户籍的孩子明年上小学，需要准备哪些材料？",
        "需要居住证、务工证明或营业执照、房屋租赁备案凭证。材料齐全的，按积分统筹安排到就近学校，不收取任何费用。",
    ),
    ("课后服务能不能只参加周三、周五两天？", "可以。课后服务由家长自愿选择，按天登记，学期中也可以调整，提前一周告诉班主任即可。"),
    ("学校食堂的菜谱在哪里公布？", "各校每周五在校门口公示栏和学校网页公布下一周菜谱，并注明食材来源。"),
)
PERSONS = (
    ("吴清源", "党组书记、局长，主持全面工作"),
    ("郑水", "党组成员、副局长，分管基础教育、课后服务"),
    ("冯雨桐", "党组成员、副局长，分管财务、校舍安全"),
    ("褚岚", "总督学，分管教育督导"),
)

SECTION_NEWS = section(
    "news",
    NEWS,
    tuple(entry(number, pictured=number in (1, 4)) for number in range(8)),
    description="方塘市教育系统的新闻和工作动态。",
    pinned=(entry(8, is_pinned=True, title="关于2027年寒假放假时间安排的公告"),),
    subsections=(Link("市局动态", "/news/", True), Link("区县动态", "/news/counties/"), Link("校园快讯", "/news/schools/")),
)
SECTIONS = {
    "section-news": SECTION_NEWS,
    "section-notices": section(
        "notices",
        NOTICES,
        tuple(entry(number, summary="") for number in range(8)),
        is_front=False,
        number=11,
        newer_url="/notices/",
        page_links=(Link("12", "/notices/"), Link("11", "/notices/page-11.html", True), Link("10", "/notices/page-10.html")),
    ),
    "section-policy": section("policy", POLICY, _papers(), description="市教育局制定的规范性文件和其他公开文件。"),
    "section-qa": section(
        "qa", QA, tuple(entry(number, title=question, summary=answer, issuing_body="基础教育科") for number, (question, answer) in enumerate(QUESTIONS))
    ),
    "section-topic": section(
        "topic", TOPIC, tuple(entry(number, pictured=True) for number in range(4)), description="围绕一件事，把新闻、文件和问答放在一起。"
    ),
    "section-people": section(
        "people",
        PEOPLE,
        tuple(
            entry(number, title=name, summary=post, picture=picture(number, f"{name}的画像", 300, 400) if number else None)
            for number, (name, post) in enumerate(PERSONS)
        ),
        page_links=(),
        older_url="",
    ),
    "section-gallery": section("gallery", GALLERY, tuple(entry(number, pictured=number != 3, summary="", has_video=number == 2) for number in range(7))),
    "section-empty": section("news", Link("区县动态", "/news/counties/"), (), breadcrumb=(HOME, NEWS), page_links=(), older_url="", total=0),
}

HOME_FULL = HomePage(
    chrome=PORTAL,
    url="/",
    description="方塘市人民政府门户网站，公开政务信息，提供办事服务，听取市民意见。",
    blocks=(
        NoticeBar("11月22日夜间到23日有大风降温，最低气温零下3℃，请注意防寒。", Link("天气预警", "/news/1.html")),
        Headline((entry(0, pictured=True), entry(1), entry(2))),
        QuickLinks(
            "常用服务",
            (
                Link("社会保险", "/services/1.html", note="缴费、查询、转移"), Link("户籍办理", "/services/2.html", note="落户、迁移、居住证"),
                Link("入学报名", "/services/3.html", note="幼儿园到高中"), Link("住房公积金", "/services/4.html"),
                Link("不动产登记", "/services/5.html", note="预约与进度"), Link("给市长写信", "/services/6.html", note="5个工作日内答复"),
            ),
        ),
        SectionList(Link("方塘要闻", "/news/"), tuple(entry(number) for number in range(6))),
        SectionList(Link("通知公告", "/notices/"), tuple(entry(number + 2) for number in range(6))),
        PictureNews("图说方塘", tuple(entry(number, pictured=True, summary="") for number in range(4)), Link("更多", "/gallery/")),
        SectionList(Link("政策文件", "/policy/"), tuple(_papers()[:5]), width="full"),
        SectionList(Link("互动回应", "/qa/"), ()),
    ),
)  # fmt: skip

PAGES: dict[str, PublicPage] = {
    "home": HOME_FULL,
    "home-department": replace(HOME_FULL, chrome=EDUCATION, blocks=HOME_FULL.blocks[1:2] + HOME_FULL.blocks[3:6]),
    "home-empty": HomePage(chrome=EDUCATION, url="/", description="方塘市教育局网站，公开教育政务信息。", blocks=()),
    "home-bare": HomePage(chrome=WATER, url="/", description="", blocks=()),
    "article": ARTICLE,
    "article-policy": DOCUMENT,
    "article-long": LONG,
    "article-english": ENGLISH,
    "withdrawn": WithdrawnPage(
        EDUCATION,
        "/news/990.html",
        (HOME, NEWS),
        "关于调整2026年秋季学期校历的通知",
        date(2026, 11, 12),
        "原文所附校历有误，更正后的校历见11月13日发布的通知。",
    ),
    **SECTIONS,
    "not-found": NotFoundPage(EDUCATION, "/404.html"),
    "site-map": SiteMapPage(
        EDUCATION,
        "/site-map/",
        (HOME,),
        (
            (0, NEWS),
            (1, Link("市局动态", "/news/city/")),
            (2, Link("会议", "/news/city/meetings/")),
            (1, Link("区县动态", "/news/counties/")),
            (0, NOTICES),
            (0, POLICY),
            (1, Link("规范性文件", "/policy/normative/")),
            (0, QA),
            (0, PEOPLE),
        ),
    ),
    "redirect": RedirectPage(EDUCATION, "/old/1.html", "/news/1001.html"),
}
