"""Runs a notebook on Deno's kernel in the folder given; prints what its cells show, by media type."""

import json
import sys

import nbclient
import nbformat

CELLS = [
    'import { parse } from "@chainrule/core/parse";\n'
    'import { showInNotebooks } from "@chainrule/render";\n'
    "showInNotebooks();",
    'const lecture = parse("d = 2b; e = a + d; L = c e");\nlecture.definitions.L',
    "lecture",
]

notebook = nbformat.v4.new_notebook()
notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
resources = {"metadata": {"path": sys.argv[1]}}
nbclient.NotebookClient(notebook, timeout=90, kernel_name="deno", resources=resources).execute()
shown = [output for cell in notebook.cells for output in cell.outputs if "data" in output]
print(json.dumps([output["data"] for output in shown]))
