"""Who waits on the desk when the story is over: invented, each at another point."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from dev.demo.people import Json
from dev.demo.story.consulting import ANSWERS as OF_A_WOMAN

_ONLY_WOMEN = (
    "pregnant",
    "breastfeeding",
    "contraception_methods",
    "abstinence",
    "follows_programme",
)
_OF_A_MAN: Json = {key: said for key, said in OF_A_WOMAN.items() if key not in _ONLY_WOMEN} | {
    "pregnancy_potential": "male"
}
_LABS = (  # analyte, value before and after four weeks, unit, upper limit of normal
    ("alt", "18", "27", "U/L", "40"),
    ("ast", "20", "24", "U/L", "40"),
    ("triglycerides", "80", "118", "mg/dL", "150"),
    ("total_cholesterol", "170", "188", "mg/dL", "220"),
)
_CALM = dict.fromkeys(
    (
        *("eyes", "nose", "joints", "back", "headache", "fatigue"),
        *("hair", "gut", "sun", "flare"),
    ),
    0,
)


@dataclass(frozen=True, eq=False)
class Guest:
    """One patient of the desk. `is_tested`: whether a pregnancy test of hers is in the record.

    `week_1`, `week_2`: what a check-in of that week says of lips and skin, 0 to 3.
    """

    key: str
    called: str
    profile: Json
    answers: Json
    slot: time
    kg: str
    daily_mg: int = 20
    physician: str = "sato"
    is_tested: bool = False
    week_1: tuple[int, int] = (1, 1)
    week_2: tuple[int, int] = (2, 1)

    @property
    def email(self) -> str:
        """An address that nobody can own."""
        return f"{self.key}@patient.example"

    @property
    def is_woman(self) -> bool:
        """Whether contraception is asked about."""
        return self.answers["pregnancy_potential"] == "can"

    def labs(self, *, is_first: bool) -> Iterator[tuple[str, str, str, str]]:
        """Analyte, value, unit and upper limit of normal: before the start, or four weeks on."""
        for analyte, before, after, unit, uln in _LABS:
            yield analyte, before if is_first else after, unit, uln

    def check_in(self, week: int) -> Json:
        """The answers of the check-in after one or two weeks."""
        lips, skin = self.week_1 if week == 1 else self.week_2
        kept = {"contraception_kept": True} if self.is_woman else {}
        return {
            "items": {**_CALM, "lips": lips, "skin": skin},
            "red_flags": [],
            "symptoms": [],
            "phq2": 0,
            "adherence": {"with_food": True, "missed_doses": 0, **kept},
            "wants_blood_donation": False,
        }


def _named(name: str, kana: str, birth_on: str) -> Json:
    return {"name": name, "name_kana": kana, "birth_on": birth_on}


SHOTA = Guest(
    "shota",
    "Shota",
    _named("高橋 翔太", "タカハシ ショウタ", "2003-09-21"),
    _OF_A_MAN,
    time(10, 0),
    kg="64.0",
    daily_mg=40,
)
YUI = Guest(
    "yui",
    "Yui",
    _named("渡辺 結衣", "ワタナベ ユイ", "2002-04-11"),
    OF_A_WOMAN,
    time(10, 0),
    kg="49.0",
    physician="suzuki",
    is_tested=True,
    week_1=(2, 1),
    week_2=(2, 2),
)
SAKURA = Guest(
    "sakura",
    "Sakura",
    _named("小林 さくら", "コバヤシ サクラ", "1999-03-30"),
    OF_A_WOMAN,
    time(10, 30),
    kg="51.5",
)
MITSUKI = Guest(
    "mitsuki",
    "Mitsuki",
    _named("加藤 美月", "カトウ ミツキ", "2000-10-02"),
    OF_A_WOMAN,
    time(10, 30),
    kg="47.0",
    physician="suzuki",
    is_tested=True,
)
DAISUKE = Guest(
    "daisuke",
    "Daisuke",
    _named("伊藤 大輔", "イトウ ダイスケ", "1997-12-05"),
    {**_OF_A_MAN, "conditions": ["depression"]},
    time(11, 0),
    kg="70.0",
    daily_mg=40,
)
AOI = Guest(
    "aoi",
    "Aoi",
    _named("松本 葵", "マツモト アオイ", "2004-08-17"),
    OF_A_WOMAN,
    time(12, 0),
    kg="53.0",
)
