"""What a notice may say, and when it may go out."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.notifications.message import message_id_for
from backend.notifications.quiet import FIRST, LAST, next_allowed
from backend.notifications.templates import templates

TELLING = [
    # the medicine
    "isotretinoin", "イソトレチノイン", "accutane", "roaccutane", "アキュテイン", "retinoid",
    "レチノイド", "capsule", "カプセル", "medicine", "薬", "drug", "pill", "服用", "処方",
    "prescription", "dose", "用量", "pharmacy", "treatment", "治療",
    # the illness
    "acne", "ニキビ", "にきび", "ざ瘡", "痤瘡", "skin", "皮膚", "dermat", "肌",
    "side effect", "副作用",
    # pregnancy
    "pregnan", "妊娠", "contracep", "避妊", "test", "検査", "menstru", "period", "月経", "生理",
    # mind
    "mood", "depress", "気分", "うつ", "suicid", "自殺", "phq",
    # the rest
    "blood", "血液", "liver", "肝",
]  # fmt: skip
ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})


@pytest.mark.parametrize("name", sorted(templates()))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_notice_names_medicine_illness_or_pregnancy(name, language):
    template = templates()[name]
    said = f"{template.subject.in_language(language)} {template.body.in_language(language)}"

    told = [word for word in TELLING if word in said.lower()]

    assert said.strip()
    assert told == []


def test_the_word_list_would_catch_a_telling_text():
    said = "Your isotretinoin and your next pregnancy test"

    assert [word for word in TELLING if word in said] == ["isotretinoin", "pregnan", "test"]


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-03-10T07:59:59", "2026-03-10T08:00:00"),
        ("2026-03-10T08:00:00", "2026-03-10T08:00:00"),
        ("2026-03-10T20:59:59", "2026-03-10T20:59:59"),
        ("2026-03-10T21:00:00", "2026-03-11T08:00:00"),
        ("2026-03-10T23:30:00", "2026-03-11T08:00:00"),
    ],
)
def test_nothing_goes_out_before_eight_or_from_nine_in_the_evening(local, expected):
    tokyo = ZoneInfo("Asia/Tokyo")
    at = datetime.fromisoformat(local).replace(tzinfo=tokyo)

    allowed = next_allowed(at, "Asia/Tokyo")

    assert allowed == datetime.fromisoformat(expected).replace(tzinfo=tokyo)


def test_an_urgent_notice_goes_out_at_night():
    at = datetime(2026, 3, 10, 17, tzinfo=UTC)  # 02:00 in Tokyo

    assert next_allowed(at, "Asia/Tokyo", urgent=True) == at


@given(
    zone=st.sampled_from(ZONES),
    at=st.integers(0, 9 * 366 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
)
def test_the_next_allowed_instant_is_allowed_and_soon_in_every_zone(zone, at):
    allowed = next_allowed(at, zone)

    assert at <= allowed <= at + timedelta(hours=13)
    assert FIRST <= allowed.astimezone(ZoneInfo(zone)).time() < LAST
    assert next_allowed(allowed, zone) == allowed


def test_quiet_hours_follow_the_change_of_the_clocks():
    new_york = ZoneInfo("America/New_York")
    evening_before = datetime(2026, 3, 7, 22, tzinfo=new_york)

    allowed = next_allowed(evening_before, "America/New_York")

    assert allowed.astimezone(new_york).time() == time(8)
    assert allowed == datetime(2026, 3, 8, 12, tzinfo=UTC)  # an hour earlier than the day before


def test_the_message_id_is_the_same_for_the_same_notice_only():
    one = message_id_for("fup_1:email", "email", "suhada.example")

    assert one == message_id_for("fup_1:email", "email", "suhada.example")
    assert one != message_id_for("fup_2:email", "email", "suhada.example")
    assert one.startswith("<")
    assert one.endswith("@suhada.example>")
