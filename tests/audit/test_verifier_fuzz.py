"""Thousands of bundles with a few bytes changed: refused, and never a traceback."""

import io
import random
import zipfile

import pytest

from tests.transparency.bundles import Files, bundle_of, log_of, zipped
from tests.transparency.verdicts import verdict

LOG = log_of(40)
WHOLE = bundle_of(LOG, earlier=[10, 30])
PART = bundle_of(LOG, [1, 2, 8, 21, 38, 39], earlier=[10, 30])
FILES = sorted(WHOLE)
MUTATIONS = 1_500


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to three of them flipped, put in, taken out, or the end cut off."""
    changed = bytearray(data)
    for _time in range(chance.randint(1, 3)):
        at = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(4 if chance.random() < 0.1 else 3):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[at:at] = chance.randbytes(chance.randint(1, 4))
            case 2:
                del changed[at : at + chance.randint(1, 4)]
            case _:
                del changed[at:]
    return bytes(changed)


def evidence(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in FILES}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("files", [WHOLE, PART], ids=["whole", "part"])
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_thousands_of_mutated_zips_are_refused_unless_the_evidence_is_untouched(
    files, compression, seed
):
    chance, data = random.Random(seed), zipped(files, compression)

    for _time in range(MUTATIONS // 4):
        changed = mutated(data, chance)
        code, said = verdict(changed)
        assert code in (0, 1)
        assert said.endswith("SOUND\n")
        assert code == 1 or evidence(changed) == files


@pytest.mark.parametrize("files", [WHOLE, PART], ids=["whole", "part"])
def test_thousands_of_mutated_files_are_refused(files):
    chance = random.Random(3)

    for _time in range(MUTATIONS):
        name = chance.choice(FILES)
        changed = mutated(files[name], chance)
        code, said = verdict(files | {name: changed})
        assert (code, said.endswith("NOT SOUND\n")) == (
            (0, False) if changed == files[name] else (1, True)
        )
