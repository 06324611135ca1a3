"""From what a patient writes to the code that the rules read. No database."""

import tomllib

import pytest

from backend.intake.medicine_names import NAMES, classify
from backend.protocol.vocabulary import MEDICINES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ビブラマイシン", "doxycycline"),
        ("ﾋﾞﾌﾞﾗﾏｲｼﾝ錠 100mg", "doxycycline"),
        ("皮膚科のミノマイシン", "minocycline"),
        ("Doxycycline 100 mg", "doxycycline"),
        ("oxytetracycline", "oxytetracycline"),
        ("テトラサイクリン", "tetracycline"),
        ("ワーファリン錠1mg", "warfarin"),
        ("St. John's Wort", "st_johns_wort"),
        ("ビタミンA", "vitamin_a"),
        ("アキュテイン", "isotretinoin_other_source"),
        ("ディフェリンゲル", "topical_retinoid"),
        ("ロキソニン錠60mg", "other"),
        ("ヤーズ配合錠", "other"),
    ],
)
def test_a_known_name_has_its_code(text, code):
    assert classify(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "白い錠剤",
        "マルチビタミン",
        "ロキソニンと、名前の分からない薬",  # harmless, and something that we cannot read
        "ビブラマイシンとワーファリン",  # two codes in one entry
        "錠",
        "100mg",
    ],
)
def test_what_we_cannot_read_is_unclassified(text):
    assert classify(text) == "unclassified"


def test_the_table_of_names_speaks_the_vocabulary_and_names_nothing_twice():
    table = tomllib.loads(NAMES.read_text(encoding="utf-8"))

    assert set(table) <= MEDICINES
    names = [name for listed in table.values() for name in listed]
    assert len(names) == len(set(names))
    assert all(classify(names[0]) == code for code, names in table.items())
