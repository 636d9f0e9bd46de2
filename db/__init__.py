"""The portal's data, by subject.

Tables name each other across subjects, subjects follow what happens in those below them, and each
registers its kinds of task: every `models.py`, `followers.py` and `tasks.py` is loaded before
anything of db is used. Nothing of it is garbage, so none is looked for meanwhile.
"""

import gc
from importlib import import_module
from pathlib import Path

_collects = gc.isenabled()
gc.disable()
for _name in ("models", "followers", "tasks"):
    for _path in sorted(Path(__file__).parent.glob(f"*/{_name}.py")):
        import_module(f"db.{_path.parent.name}.{_name}")
gc.freeze()
if _collects:
    gc.enable()
