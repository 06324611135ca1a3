"""Changing a copy of the pack files."""


def change(folder, name, old, new):
    """Change a pack file in the copied folder: the first place where it says `old`."""
    path = folder / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
