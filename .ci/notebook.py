"""python notebook.py NOTEBOOK RUN WORK: the notebook is valid, and prints what is embedded in it (ecosystem.md 7, promise 15).

It is executed once with each of the engines that it knows, the ones before it
hidden.
"""

import os
import sys
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

ENGINES = ["polars", "duckdb", "pyarrow"]


def outputs(notebook):
    """What the cells print, as text, and their pictures."""
    found = []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        text, pictures = "", []
        for out in cell.outputs:
            if out.output_type == "stream":
                text += out.text
            elif out.output_type == "error":
                text += f"{out.ename}: {out.evalue}"
            elif "image/png" in out.data:
                pictures.append("".join(out.data["image/png"].split()))
            else:
                text += out.data.get("text/plain", "")
        found.append((number, text.rstrip("\n"), pictures))
    return found


def check(notebook):
    """Faults of the file itself."""
    nbformat.validate(notebook)
    wrong = []
    kinds = {kind for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs for kind in out.get("data", {"text/plain": 0})}
    if not kinds <= {"text/plain", "image/png"}:
        wrong.append(f"outputs of other kinds: {kinds}")
    ids = [cell.id for cell in notebook.cells]
    if len(set(ids)) != len(ids) or (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        wrong.append("not nbformat 4.5 with an id for each cell")
    if not any(text or pictures for _, text, pictures in outputs(notebook)):
        wrong.append("no output is embedded")
    return wrong


def main(path, run, work):
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    committed = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    wrong = check(committed)
    published = Path(run) / "notebooks" / Path(path).name
    if published.read_bytes() != Path(path).read_bytes():
        wrong.append("the committed notebook is not the one that the run publishes")
    os.environ["HARDSHIP_RUN"] = str(Path(run).resolve())
    for engine in ENGINES:
        hidden = work / ("without_" + "_".join(ENGINES[: ENGINES.index(engine)]))
        hidden.mkdir(exist_ok=True)
        for other in ENGINES[: ENGINES.index(engine)]:
            (hidden / f"{other}.py").write_text("raise ImportError('hidden')\n")
        os.environ["PYTHONPATH"] = str(hidden)
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        ExecutePreprocessor(timeout=120, kernel_name="python3").preprocess(notebook, {"metadata": {"path": str(work)}})
        for (number, text, pictures), (_, made, shown) in zip(outputs(committed), outputs(notebook), strict=True):
            if text != made:
                wrong.append(f"cell {number} with {engine}: embedded is\n{text}\nand executed\n{made}")
            if pictures != shown:
                wrong.append(f"cell {number} with {engine}: another picture")
        print(f"{engine}: {len(outputs(notebook))} cells")
    print("\n".join("FAILED " + w for w in wrong))
    return bool(wrong)


sys.exit(main(*sys.argv[1:]))
