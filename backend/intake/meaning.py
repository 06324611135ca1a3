"""What answers mean: statements for records, PHQ scores, and the facts of the pre-screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.intake.medicine_names import classify
from backend.intake.questionnaire import Item
from backend.records.topics import TOPICS

Answers = Mapping[str, Any]
_TOPIC_OF = {
    f"{topic.section}.{key}": (name, key)
    for name, topic in reversed(tuple(TOPICS.items()))
    for key in topic.readers
}


@dataclass(slots=True)
class Meaning:
    """Statements by topic, and the scores of the graded questions by instrument, in order."""

    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    scores: dict[str, list[int]] = field(default_factory=dict)

    def say(self, path: str, value: Any) -> None:
        """A fact; lists of one path are joined."""
        topic, key = _TOPIC_OF[path]
        said = self.statements.setdefault(topic, {})
        said[key] = said[key] + value if isinstance(value, list) and key in said else value


def meaning_of(asked: Sequence[Item], answers: Answers) -> Meaning:
    """What the answers to the questions that were asked mean."""
    meaning = Meaning()
    for item in asked:
        if item.id in answers:
            _read(item, answers[item.id], meaning)
    return meaning


def _read(item: Item, answer: Any, meaning: Meaning) -> None:
    if item.score is not None:
        meaning.scores.setdefault(item.score, []).append(item.codes.index(answer))
    for path, fact in _facts_of_option(item, answer).items():
        meaning.say(path, fact)
    if item.fact is not None:
        meaning.say(item.fact, _fact(item, answer))


def _facts_of_option(item: Item, answer: Any) -> Mapping[str, Any]:
    """The facts that a chosen option carries itself."""
    if item.type != "code":
        return {}
    return next(option.facts for option in item.options if option.code == answer)


def _fact(item: Item, answer: Any) -> Any:
    """The fact that an answer becomes."""
    if item.type == "medicines":
        return [_medicine(entry) for entry in answer]
    if item.type == "taken":
        return _taken(item, answer)
    return (not answer) if item.negated else answer


def _medicine(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A medicine with its code: the patient's own choice, or what its name says."""
    return {**entry, "code": entry.get("code") or classify(entry["text"])}


def _taken(item: Item, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The medicine that a question is about, if it is or was taken."""
    if not answer["taken"]:
        return []
    stopped_on = answer.get("stopped_on")
    return [{"code": item.adds, **({"stopped_on": stopped_on} if stopped_on else {})}]
