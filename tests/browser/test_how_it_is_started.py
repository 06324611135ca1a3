"""What Playwright switches off for every test in the world is off here too."""

import re


def test_what_playwright_switches_off_stays_off(chromium):
    asked = chromium.new_browser_cdp_session().send("SystemInfo.getInfo")["commandLine"]

    playwrights, ours = (
        set(names.split(",")) for names in re.findall(r"--disable-features=(\S+)", asked)
    )

    assert playwrights
    assert playwrights <= ours
