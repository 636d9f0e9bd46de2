"""The portal's data, by subject.

Tables name each other across subjects, and subjects follow what happens in those below them: every
`models.py` and `followers.py` is loaded before anything of db is used.
"""

from importlib import import_module
from pathlib import Path

for _name in ("models", "followers"):
    for _path in sorted(Path(__file__).parent.glob(f"*/{_name}.py")):
        import_module(f"db.{_path.parent.name}.{_name}")
