"""Documents, plates, homes and mail, in the ways in which they are written."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.rules import catalogue, plain, scan

RULES = {rule.id: rule for rule in catalogue.every() if rule.pack == "privacy"}


def quotes(rule_id: str, source: str) -> list[str]:
    return [one.quote for one in scan(plain(source), rules=[RULES[rule_id]]).findings]


@given(
    st.sampled_from("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"),
    st.sampled_from("ABCFGH"),
    st.sampled_from(["", "·", " "]),
    st.integers(0, 99_999),
)
def test_plates(province: str, city: str, joint: str, number: int) -> None:
    for tail in (f"{number:05d}", f"D{number:05d}", f"{number:05d}F", f"{number:05d}"[:4] + "挂"):
        plate = f"{province}{city}{joint}{tail}"
        assert quotes("privacy.vehicle.plate", f"车牌号：{plate}，白色轿车") == [plate]


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("护照号码：", "E00000012"),
        ("护照（Passport No.）", "EB0000012"),
        ("公务护照 ", "SE0000012"),
        ("护照\n", "G00000012"),
        ("往来港澳通行证号：", "C00000012"),
        ("港澳通行证:", "W00000012"),
        ("往来港澳通行证", "CA0000012"),
        ("港澳居民来往内地通行证", "M00000012"),
        ("台湾居民来往大陆通行证：", "00000012"),
    ],
)
def test_travel_documents(label: str, number: str) -> None:
    assert quotes("privacy.travel.document", f"张三，{label}{number}，男") == [number]
    assert not quotes("privacy.travel.document", f"型号{number}")


@pytest.mark.parametrize(
    "home",
    ["某某市幸福路12号", "某某小区3号楼2单元401室", "某某镇某某村四组", "幸福里１２弄３号", "某某街道和平巷甲5号院6号楼", "某某花园3栋1202室"],
)
@pytest.mark.parametrize("frame", ["住址：{}", "姓名：张三 家庭住址 {} 电话", "李四，女，汉族，住{}。", "户籍地：{}，现已迁出", "现住址\n{}\n"])
def test_homes(frame: str, home: str) -> None:
    assert quotes("privacy.home.address", frame.format(home)) == [home]
    assert not quotes("privacy.home.address", f"办公地址：{home}")


def test_the_home_hides_behind_its_mask() -> None:
    finding = scan(plain("住址：某某市幸福路12号3单元"), rules=[RULES["privacy.home.address"]]).findings[0]
    assert not quotes("privacy.home.address", f"住址：{finding.suggestions[0]}")


@given(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=30),
    st.sampled_from(["qq.com", "163.com", "126.com", "vip.163.com", "gmail.com", "139.com"]),
)
def test_mail(name: str, provider: str) -> None:
    address = f"{name}@{provider}"
    assert quotes("privacy.mail.personal", f"邮箱：{address}，电话010-65000000") == [address]
    assert not quotes("privacy.mail.personal", f"邮箱：{name}@example.gov.cn")


def test_many_of_everything_in_one_text() -> None:
    chance = Random(4)
    lines = [f"{chance.choice('张王李赵')}某 13{chance.randrange(10):d}0000{number:04d} 备注" for number in range(1, 201)]
    assert len(quotes("privacy.phone.mobile", "\n".join(lines))) == 200
