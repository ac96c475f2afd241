"""What a long command says while it works, on stderr."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO


@dataclass(eq=False)
class Progress:
    """Says which step runs and how long it took; quiet for machines, and for steps that end within a second.

    ``seconds`` holds the time of each step by name.
    """

    quiet: bool = False
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    seconds: dict[str, float] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """Write one line."""
        if not self.quiet:
            self.stream.write(f"{text}\n")  # at once, as several threads may speak
            self.stream.flush()

    @contextmanager
    def step(self, name: str, text: str) -> Iterator[None]:
        """Announce a step and add its seconds to ``seconds[name]``."""
        self.say(f"{text} ...")
        start = time.perf_counter()
        yield
        spent = time.perf_counter() - start
        self.seconds[name] = self.seconds.get(name, 0.0) + spent
        if spent > 1:
            self.say(f"  {spent:.1f} s")
