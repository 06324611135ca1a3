"""Before the story: the clinic gets its people, hours, medicine and dispensaries."""

import re
from datetime import date

from dev.demo.people import Json, Person
from dev.demo.story.stage import Stage

CLINIC = "clinic.example"
STAFF: tuple[tuple[str, str, str, Json], ...] = (
    ("sato", "Dr Sato", "physician", {"name": "佐藤 明", "name_kana": "サトウ アキラ"}),
    (
        "suzuki",
        "Dr Suzuki",
        "physician",
        {"name": "鈴木 恵", "name_kana": "スズキ メグミ", "is_senior": True},
    ),
    ("reception", "Reception", "clinic_staff", {"name": "受付 一郎"}),
    ("auditor", "Auditor", "auditor", {"name": "監査 次郎"}),
)
LICENCE = {
    "licence_number": "412345",
    "licence_verified_on": "2025-12-01",
    "online_training_on": "2025-11-01",
    "is_retinoid_expert": True,
}


def open_the_clinic(stage: Stage, administrator_email: str) -> None:
    """Staff are invited and set passwords by mailed code; hours, products, lots, dispensaries."""
    stage.narrator.chapter("The clinic opens")
    administrator = stage.person("administrator", "Admin", administrator_email)
    administrator.signs_in(stage.password)
    for key, name, role, extra in STAFF:
        _join(stage, stage.person(key, name, f"{key}@{CLINIC}"), role, extra)
    for key in ("sato", "suzuki"):
        _set_hours(stage, stage.people[key])
    _stock(stage)
    _open_dispensaries(stage)


def code_mailed_to(stage: Stage, person: Person) -> str:
    """The newest code in a person's mail; each is used once."""
    used: set[str] = stage.known.setdefault("codes", set())

    def fresh() -> str | None:
        text = stage.mail_to(person.email) or ""
        found = re.search(r"(?:コード|code)[：:]\s*([0-9A-Za-z-]{4,12})", text)
        return found.group(1) if found and found.group(1) not in used else None

    code: str = stage.until(f"a code is mailed to {person.name}", fresh)
    used.add(code)
    return code


def _join(stage: Stage, person: Person, role: str, extra: Json) -> None:
    body = {"email": person.email, "role": role, **extra}
    if role == "physician":
        body |= LICENCE
    member = stage.administrator.does(
        f"invites {person.name} ({role})", "/v1/staff_members", body, expect=201
    )
    person.known["staff_member"] = member["id"]
    person.account("", "/auth/password/request", {"email": person.email}, expect=401)
    code = code_mailed_to(stage, person)
    person.account(
        "", "/auth/password/reset", {"key": code, "password": stage.password}, expect=401
    )
    person.token = ""
    person.signs_in(stage.password)


def _set_hours(stage: Stage, physician: Person) -> None:
    for weekday in range(1, 8):
        stage.administrator.does(
            f"sets {physician.name}'s hours of weekday {weekday}",
            "/v1/availability_rules",
            {
                "physician": physician.known["staff_member"],
                "weekday": weekday,
                "starts_local": "09:00",
                "ends_local": "18:00",
                "slot_minutes": 30,
                "zone": "Asia/Tokyo",
                "valid_from": "2026-01-01",
            },
            expect=201,
            quiet=weekday > 1,
        )


def _stock(stage: Stage) -> None:
    product = stage.administrator.does(
        "registers a product: 20 mg capsules, unapproved, soya oil",
        "/v1/products",
        {
            "name": "イソトレチノイン",
            "strength_mg": 20,
            "code": "standard",
            "soya_oil": True,
            "approval": "unapproved",
        },
        expect=201,
    )
    stage.known["product"] = product["id"]
    for key in ("sato", "suzuki"):
        lot = stage.administrator.does(
            f"registers the lot that {stage.people[key].name} imported",
            "/v1/lots",
            {
                "product": product["id"],
                "number": f"LOT-{key.upper()}",
                "importer": stage.people[key].known["staff_member"],
                "expires_on": date(2028, 12, 31).isoformat(),
            },
            expect=201,
        )
        stage.known[f"lot_{key}"] = lot["id"]


def _open_dispensaries(stage: Stage) -> None:
    for key, name in (("ginza", "院内薬局 銀座"), ("shinjuku", "院内薬局 新宿")):
        pharmacy = stage.administrator.does(
            f"opens the dispensary {key.title()}",
            "/v1/pharmacies",
            {"name": name, "kind": "clinic_dispensary"},
            expect=201,
        )
        client = stage.administrator.does(
            f"issues a key to {key.title()}'s software",
            "/v1/api_clients",
            {"pharmacy": pharmacy["id"], "name": "dispensing software"},
            expect=201,
            caused="shown once, kept as a hash",
        )
        stage.person(key, key.title()).token = client["key"]
    endpoint = stage.ginza.does(
        "registers a webhook endpoint",
        "/v1/webhook_endpoints",
        {"url": stage.receiver.url},
        expect=201,
    )
    stage.receiver.secret = endpoint["secret"]
