"""A sentence in the two languages of the service."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One message for a person: Japanese first, English equal."""

    ja: str
    en: str

    def in_language(self, language: str) -> str:
        """The sentence in `language` (a BCP 47 tag); Japanese unless it starts with `en`."""
        return self.en if language.lower().startswith("en") else self.ja
