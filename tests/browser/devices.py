"""What people hold in their hands: a window, a language, a zone, a scheme, with script or not."""

from dataclasses import dataclass, replace
from typing import Any

LANGUAGES = ("ja", "en")
SCHEMES = ("light", "dark")
_LOCALES = {"ja": "ja-JP", "en": "en-GB"}


@dataclass(frozen=True)
class Device:
    """A window of a browser. Animations are off, as for people who ask for that."""

    name: str
    width: int
    height: int
    touch: bool = False
    language: str = "ja"
    scheme: str = "light"
    zone: str = "Asia/Tokyo"
    script: bool = True

    def speaking(self, language: str) -> "Device":
        """The same device of somebody who reads `ja` or `en`."""
        return replace(self, language=language)

    def without_script(self) -> "Device":
        """The same device with JavaScript switched off."""
        return replace(self, script=False)

    def options(self, base_url: str) -> dict[str, Any]:
        """What Playwright's `new_context` takes."""
        return {
            "base_url": base_url,
            "viewport": {"width": self.width, "height": self.height},
            "has_touch": self.touch,
            "is_mobile": self.touch,
            "locale": _LOCALES[self.language],
            "timezone_id": self.zone,
            "color_scheme": self.scheme,
            "reduced_motion": "reduce",
            "java_script_enabled": self.script,
        }


PHONE = Device("phone", 390, 844, touch=True)
DESK = Device("desk", 1440, 900)
DEVICES = {device.name: device for device in (PHONE, DESK)}
