"""Every measurement, or those named: `python -m bench [name ...]`.

Each runs in a process of its own, so that none warms up or burdens the next, and prints one JSON object. Ratios to a
reference from the same run say more than absolute times, which are the machine's.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def names() -> list[str]:
    """What there is to measure: one module each."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(wanted: list[str]) -> int:
    """Run each, say on stderr which, and return how many failed."""
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"There is no measurement {', '.join(unknown)}; there are {', '.join(names())}.", file=sys.stderr)
        return 2
    failed = 0
    for name in wanted or names():
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
