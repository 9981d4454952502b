"""Makes a corpus of checkpoints: the healthy ones, and beside them the damaged ones.

usage: python make_corpus.py TARGET_FOLDER [--held-out]
Writes TARGET/healthy/<family>/tiny-model, TARGET/damaged/<case>/tiny-model and TARGET/manifest.json. The last folder has
one name everywhere, since the converter writes it into the GGUF.
"""

import json
import os
import pathlib
import sys

LEAF = "tiny-model"


def link_files(source, target):
    target.mkdir(parents=True)
    for file in source.rglob("*"):
        if file.is_file():
            (target / file.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            if file.is_symlink():
                (target / file.relative_to(source)).symlink_to(file.resolve())
            else:
                os.link(file, target / file.relative_to(source))


def corpus_parts(held_out):
    if held_out:
        import held_out_cases

        return [held_out_cases]
    import cases
    import second_cases

    return [cases, second_cases]


def main(target, held_out):
    parts = corpus_parts(held_out)
    families = [family for part in parts for family in part.save_healthy(target / "healthy", LEAF)]
    entries = [{"id": family, "family": family, "goal": "healthy", "codes": [], "fields": [], "folder": f"healthy/{family}/{LEAF}"} for family in families]
    for case in (case for part in parts for case in part.CASES):
        folder = target / "damaged" / case.id / LEAF
        link_files(target / "healthy" / case.family / LEAF, folder)
        for damage in case.damage:
            damage(folder)
        entries.append({"id": case.id, "family": case.family, "goal": case.goal, "codes": case.codes, "fields": case.fields, "folder": f"damaged/{case.id}/{LEAF}"})
    names = [entry["id"] for entry in entries]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise SystemExit(f"two cases have one name: {sorted(doubled)}")
    (target / "manifest.json").write_text(json.dumps(entries, indent=1))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), "--held-out" in sys.argv[2:])
