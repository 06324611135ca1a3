"""Reads pack files, lays each over its base and checks the result against `pack_shape`."""

import tomllib
from collections.abc import Container, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from backend.protocol import pack_shape as shape
from backend.protocol.findings import Level

HEAD = frozenset({
    "id", "programme", "base", "in_force_from", "in_force_until", "waits_for_activation",
    "source", "sign_off", "numbers", "levels", "choices",
})  # fmt: skip
TABLES = ("numbers", "levels", "choices")


class BadPack(Exception):
    """A pack does not load; each reason names the file and the key."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPack([f"{path.name}: {error}"]) from error
    for name in TABLES:
        if not isinstance(raw.setdefault(name, {}), dict):
            raise BadPack([f"{path.name}: {name} must be a table"])
    return raw


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`own` laid over `base`: tables entry by entry, the head is never inherited."""
    merged = dict(own)
    for name in TABLES:
        merged[name] = {**base[name], **own[name]}
    return merged


def _merged(name: str, files: Mapping[str, dict[str, Any]], above: tuple[str, ...] = ()) -> Any:
    if name not in files or name in above:
        raise BadPack([f"base {name!r} does not exist or stands on itself"])
    raw = files[name]
    if "base" not in raw:
        return raw
    return _over(_merged(raw["base"], files, (*above, name)), raw)


def merged_files(folder: Path) -> list[dict[str, Any]]:
    """Every pack of the folder, laid over its base and checked. Raises BadPack with all reasons.

    A file without `programme` is a base only: it is no pack itself.
    """
    files = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
    packs = {name: _merged(name, files) for name, raw in files.items() if "programme" in raw}
    reasons = [reason for name, raw in files.items() for reason in _bad_head(name, raw)]
    reasons += [reason for name, raw in packs.items() for reason in _bad_pack(name, raw)]
    if reasons:
        raise BadPack(reasons)
    return list(packs.values())


def _bad_head(name: str, raw: Mapping[str, Any]) -> list[str]:
    reasons = [f"{name}: unknown key {key!r}" for key in sorted(raw.keys() - HEAD)]
    if raw.get("id") != name:
        reasons.append(f"{name}: id must be the file's name")
    for table in TABLES:
        reasons += [
            f"{name}: {table}.{key} {reason}"
            for key, entry in raw[table].items()
            if (reason := _bad_entry(entry, with_unit=table == "numbers"))
        ]
    return reasons


def _bad_entry(entry: object, *, with_unit: bool) -> str:
    """Why an entry is not {value, source, confidence} (and unit); empty if it is."""
    wanted = {"value", "source", "confidence"} | ({"unit"} if with_unit else set())
    if not isinstance(entry, dict) or set(entry) != wanted:
        return f"must have exactly {', '.join(sorted(wanted))}"
    if not isinstance(entry["source"], str) or not entry["source"].strip():
        return "has no source"
    if not _is_one_of(entry["confidence"], shape.CONFIDENCES):
        return f"has no confidence out of {', '.join(sorted(shape.CONFIDENCES))}"
    return ""


def _is_one_of(value: object, codes: Container[str]) -> bool:
    return isinstance(value, str) and value in codes


def _bad_pack(name: str, raw: Mapping[str, Any]) -> list[str]:
    if not _is_one_of(raw["programme"], shape.ALL):
        return [f"{name}: unknown programme {raw['programme']!r}"]
    return [
        f"{name}: {reason}"
        for reason in (
            *_bad_validity(raw),
            *_bad_sign_off(raw),
            *_bad_numbers(raw),
            *_bad_levels(raw),
            *_bad_choices(raw),
        )
    ]


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _bad_validity(raw: Mapping[str, Any]) -> list[str]:
    reasons = []
    if not _is_day(raw.get("in_force_from")):
        reasons.append("in_force_from must be a day")
    if "in_force_until" in raw and not _is_day(raw["in_force_until"]):
        reasons.append("in_force_until must be a day")
    if not reasons and "in_force_until" in raw and raw["in_force_until"] < raw["in_force_from"]:
        reasons.append("ends before it begins")
    if not isinstance(raw.get("waits_for_activation", False), bool):
        reasons.append("waits_for_activation must be true or false")
    if not isinstance(raw.get("source"), str) or not raw["source"].strip():
        reasons.append("its validity has no source")
    return reasons


def _bad_sign_off(raw: Mapping[str, Any]) -> list[str]:
    """A pack says itself who must sign it off before use: that is never inherited."""
    said = raw.get("sign_off")
    if not isinstance(said, dict) or set(said) != {"ja", "en"}:
        return ["sign_off must say in ja and en who signs it off before use"]
    empty = [name for name, text in said.items() if not isinstance(text, str) or not text.strip()]
    return [f"sign_off.{name} is empty" for name in sorted(empty)]


def _names(found: Mapping[str, Any], wanted: set[str], what: str) -> list[str]:
    missing = [f"{what} {name} is missing" for name in sorted(wanted - found.keys())]
    return missing + [f"{what} {name} is unknown" for name in sorted(found.keys() - wanted)]


def _bad_numbers(raw: Mapping[str, Any]) -> list[str]:
    units = shape.numbers_of(raw["programme"])
    reasons = _names(raw["numbers"], set(units), "number")
    for name in sorted(units.keys() & raw["numbers"].keys()):
        entry = raw["numbers"][name]
        if not isinstance(entry, dict):
            continue
        if entry.get("unit") != units[name]:
            reasons.append(f"number {name} must be in {units[name]}")
        value = entry.get("value")
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not value >= 0:
            reasons.append(f"number {name} must be a number from 0")
    return reasons


def _bad_levels(raw: Mapping[str, Any]) -> list[str]:
    known = {level.value for level in Level}
    return _names(raw["levels"], set(shape.LEVELS), "level") + [
        f"level {rule} is unknown"
        for rule, entry in raw["levels"].items()
        if isinstance(entry, dict) and not _is_one_of(entry.get("value"), known)
    ]


def _bad_choices(raw: Mapping[str, Any]) -> list[str]:
    reasons = _names(raw["choices"], set(shape.CHOICES), "choice")
    for name in sorted(shape.CHOICES.keys() & raw["choices"].keys()):
        entry = raw["choices"][name]
        reasons += _bad_choice(name, entry.get("value") if isinstance(entry, dict) else None)
    return reasons


def _bad_choice(name: str, values: object) -> list[str]:
    kind = shape.CHOICES[name]
    if not isinstance(values, list) or not all(type(item) is kind for item in values):
        return [f"choice {name} must be a list of {kind.__name__}"]
    if name in shape.SWITCHES and len(values) != 1:
        return [f"choice {name} must be one code"]
    known = shape.PRODUCTS if name == "products" else shape.SWITCHES.get(name, values)
    return [f"choice {name} does not know {item!r}" for item in values if item not in known]
