"""`shoal demo`: everything there is, on a made-up shop, in under a minute and without a broker."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[
        Path, typer.Option("--dir", help="Where shop and log go; made anew each time.")
    ] = Path("shoal-demo"),
    customers: Annotated[int, typer.Option(min=50, max=20_000, help="How large a shop.")] = 1_500,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another shop.")] = 7,
) -> None:
    """Generate a shop, replay it as a stream, and look at what flows by.

    On the embedded log: nothing but Python is needed.

    Examples:

      shoal demo
      shoal demo --customers 300 --seed 11 --dir /tmp/shop
    """
    from app.demo.steps import Demo

    Demo(folder, customers, seed).run()
