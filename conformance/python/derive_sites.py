"""The call sites that the engine derives from printed modules. Lines of JSON: `{"id": …, "text": …}` → `{"id": …, "sites": […]}`, in the order of the text."""

import ast
import json
import re
import sys

from offstage.engine.sites import mark

for line in sys.stdin:
    task = json.loads(line)
    sites = [
        node.value
        for node in ast.walk(mark(ast.parse(task["text"])))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w.]+#\d+", node.value)
    ]
    sys.stdout.write(json.dumps({"id": task["id"], "sites": sorted(sites)}) + "\n")
