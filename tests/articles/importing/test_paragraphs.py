"""Lost paragraph breaks: right when it speaks, silent when it cannot know. All texts here are ours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangtang.articles.importing.paragraphs import Paragraph, repaired
from fangtang.articles.importing.paragraphs.marks import number_of


def texts(text: str) -> list[str]:
    return [paragraph.text for paragraph in repaired(text)]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


SPLIT = {
    "chinese numbers in order": (
        "现将有关事项通知如下：|一、按时报送材料。各单位须在月底前报送。|二、做好自查。发现问题及时整改。|三、加强宣传。",
        "text text text text",
    ),
    "headings with bracketed numbers below": (
        "现提出如下意见：|一、改善办事环境|（一）减少材料。能查到的不再要。|（二）缩短时限。当日能办的当日办。|二、加强保障|（一）落实责任。各负其责。|（二）接受监督。",
        "text heading2 text text heading2 text text",
    ),
    "bracketed numbers that run on over headings": (
        "一、改善办事环境|（一）减少材料。|（二）缩短时限。|二、加强保障|（三）落实责任。|（四）接受监督。",
        "heading2 text text heading2 text text",
    ),
    "three levels": (
        "一、主要任务|（一）修路|1.编制计划。先急后缓。|2.筹措资金。专款专用。|（二）架桥|1.勘察地形。|2.公开招标。|二、工作要求。各县落实。",
        "heading2 heading3 text text heading3 text text text",
    ),
    "chapters and articles": (
        "第一章总则|第一条为了保护河湖，制定本办法。|第二条本市河湖适用本办法。|第二章保护|第三条禁止下列行为：|（一）倾倒垃圾；|（二）围湖造田。|第四条违者依法处理。",
        "heading2 article article heading2 article text text article",
    ),
    "table of contents": (
        "方塘市河湖办法目录|第一章总则|第二章保护|第三章附则|第一章总则|第一条为了保护河湖，制定本办法。|第二章保护|第二条本办法自公布之日起施行。",
        "text text text text heading2 article heading2 article",
    ),
    "responsible units in brackets": (
        "一、修好校舍。（责任单位：教育局）|二、办好食堂。（责任单位：市场监管局、教育局）|三、管好校车（公安局负责）",
        "text text text",
    ),
    "list of names": ("获奖名单：|1.方塘市第一中学|2.方塘市实验小学|3.云溪县中学", "text text text text"),
    "signature with note": ("特此通知。|方塘市人民政府办公室|2024年3月1日|（此件公开发布）", "text text text text"),
    "date in Chinese numbers": ("请遵照执行。|方塘市财政局|二〇二四年三月一日", "text text text"),
    "number and salutation": (
        "方政发〔2024〕3号|各县（区）人民政府，市政府各部门：|为做好防汛工作，现通知如下。",
        "text text text",
    ),
    "traces of indents": ("第一段到这里为止。|　　第二段从这里开始。|　　第三段。", "text text text"),
    "wide points and marks of enumeration": ("要求如下：|1．按时。|2．按量。|3、按质。", "text text text text"),
    "articles from the middle": ("第五条申请人应当登记。|第六条登记须用实名。|第七条登记不收费。", "article article article"),
    "a run without an article": (
        "第一条为了节水，制定本办法。|第二条节水人人有责。|第四条浪费者补缴水费。|第五条本办法即日施行。",
        "article article article article",
    ),
}


@pytest.mark.parametrize("name", SPLIT)
def test_breaks_are_found(name: str) -> None:
    marked, roles = SPLIT[name]
    wanted = [piece.strip() for piece in marked.split("|")]
    found = repaired(marked.replace("|", ""))
    assert [paragraph.text for paragraph in found] == wanted
    assert [paragraph.role for paragraph in found] == roles.split()


def test_attachments_after_an_extension_and_a_signature() -> None:
    text = "请认真落实。附件：1.任务分工表.docx2.2024年报名表.docx方塘市教育局2024年1月15日"
    assert texts(text) == ["请认真落实。", "附件：1.任务分工表.docx", "2.2024年报名表.docx", "方塘市教育局", "2024年1月15日"]


@pytest.mark.parametrize(
    "text",
    [
        "依照本条例第一条、第二条的规定，由主管部门处理。依照第三条的规定，可以申诉。",
        "违反本办法第七条第（一）项、第（二）项规定的，责令改正；拒不改正的，处罚款。",
        "符合（一）项和（二）项条件的，可以申请。",
        "增长1.5倍，下降2.3个百分点。2.5万人受益，占3.1%。",
        "第一，要快。第二，要稳。第三，要准。",
        "会议于2024年1月15日召开。2月1日起执行。3日内公布。",
        "坚持一、二、三产业融合发展；三、四线城市同步推进。",
        "《关于一、统一标准。二、统一流程的说明》已印发。",
        "他说：“一、要守法。二、要诚信。三、要担当。”大家鼓掌。",
        "见附件（一、基本要求。二、报名办法）。",
        "联系电话：0311-1.2.3，1、2、3号窗口均可办理。",
        "一、只有这一个编号，别的都没有。",
        "实现“一网通办”“一窗受理”。第一书记驻村三年。第二产业增长。",
        "服务热线12345.今日开通。",
        "本规定所称（一）类、（二）类、（三）类项目，由市局认定。",
        "2024年1月15日方塘市教育局召开会议。会上宣布2024年2月1日开工。",
        "",
        "   　\n ",
    ],
)
def test_nothing_is_split_without_proof(text: str) -> None:
    assert len(repaired(text)) <= 1


def test_breaks_that_are_there_stay() -> None:
    text = "第一段。一、甲。二、乙。\n第二段\r\n\n　　第三段"
    assert texts(text) == ["第一段。一、甲。二、乙。", "第二段", "第三段"]


def test_a_line_longer_than_a_page_is_searched_though_others_stand_alone() -> None:
    long = "一、" + "甲" * 500 + "。二、" + "乙" * 500 + "。"
    assert len(texts("前言。\n" + long)) == 3


def test_short_siblings_are_a_list_and_no_headings() -> None:
    assert {paragraph.role for paragraph in repaired("一、身份证\n二、户口本\n三、申请表")} == {"text"}


def test_an_empty_text_has_no_paragraph() -> None:
    assert repaired("") == ()


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("九十九", 99),
        ("一百", 100),
        ("一百零三", 103),
        ("一百二十", 120),
        ("12", 12),
        ("一二", 0),
        ("百十百", 0),
    ],
)
def test_numbers(numeral: str, number: int) -> None:
    assert number_of(numeral) == number


_PIECES = st.sampled_from(
    [
        "一、",
        "二、",
        "三、",
        "（一）",
        "（二）",
        "(三)",
        "1.",
        "2.",
        "3．",
        "第一条",
        "第二条",
        "第一章",
        "附件：",
        "“",
        "”",
        "《",
        "》",
        "（",
        "）",
        "。",
        "；",
        "：",
        "，",
        "甲乙丙",
        "方塘市教育局",
        "2024年1月15日",
        "\u3000\u3000",
        "\n",
        "\r\n",
        " ",
        "的规定",
        "1.5",
        "目录",
        "总则",
        "\xa0\xa0",
        "a",
        "🙂",
    ]
)
_TEXTS = st.one_of(st.lists(_PIECES, max_size=60).map("".join), st.text(max_size=200))


@given(_TEXTS)
def test_no_character_is_added_dropped_or_moved(text: str) -> None:
    assert squeezed("".join(paragraph.text for paragraph in repaired(text))) == squeezed(text)


@given(_TEXTS)
def test_paragraphs_are_trimmed_and_never_empty(text: str) -> None:
    assert all(paragraph.text and paragraph.text == paragraph.text.strip() for paragraph in repaired(text))


@given(_TEXTS)
def test_repairing_what_was_repaired_changes_nothing(text: str) -> None:
    once = repaired(text)
    if len(once) > 1 and all("\n" not in paragraph.text for paragraph in once):
        again = repaired("\n".join(paragraph.text for paragraph in once))
        assert [paragraph.text for paragraph in again] == [paragraph.text for paragraph in once]


_SENTENCE = st.text(alphabet="甲乙丙丁戊己庚辛壬癸", min_size=6, max_size=40).map(lambda body: body + "。")


@given(st.lists(_SENTENCE, min_size=2, max_size=20), st.sampled_from(["{}、", "（{}）", "第{}条"]))
@settings(max_examples=60)
def test_any_run_of_sentences_in_order_is_found_whole(sentences: list[str], form: str) -> None:
    numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六", "十七", "十八", "十九", "二十"]
    wanted = [form.format(numeral) + sentence for numeral, sentence in zip(numerals, sentences, strict=False)]
    assert texts("".join(wanted)) == wanted


@given(st.permutations(range(2, 8)), _SENTENCE)
def test_numbers_without_a_first_are_not_believed(order: list[int], sentence: str) -> None:
    text = "".join(f"{number}.{sentence}" for number in order)
    assert len(repaired(text)) == 1


def test_a_paragraph_is_a_value() -> None:
    assert Paragraph("甲") == Paragraph("甲", "text")


@pytest.mark.parametrize(
    "unit", [" ", "　", "\xa0", "。 ", "（", "“", "《", "一、", "（一）", "1.", "第一条", "甲", "<", "附件：", "2024年1月15日", "。甲局", "。2024年1月1日 "]
)
def test_a_hundred_thousand_of_anything_is_read_in_one_go(unit: str) -> None:
    """Nothing here may take quadratic time; where it does, this test does not end."""
    text = "。" + unit * 100_000
    assert squeezed("".join(texts(text))) == squeezed(text)
