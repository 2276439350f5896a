"""`shoal roi`: what a campaign is likely to bring, and how sure that is."""

from __future__ import annotations

from typing import Annotated

import typer


def roi(
    *,
    customers: Annotated[int, typer.Option(help="How many are asked.")],
    budget: Annotated[float, typer.Option(help="What it costs altogether.")],
    response: Annotated[float, typer.Option(help="The share who buy because of it: 0.03.")],
    order_value: Annotated[float, typer.Option(help="What an order comes to on average.")],
    margin: Annotated[float, typer.Option(help="What is left of it after the goods: 0.4.")],
    tried_on: Annotated[
        int,
        typer.Option(
            help="How many customers the response was measured on.",
            show_default="a guess, held as good as 100",
        ),
    ] = 0,
    order_spread: Annotated[
        float, typer.Option(help="How much order values vary: their deviation by their mean.")
    ] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say what a campaign is likely to bring: orders, revenue and profit, with bounds.

    Money is in the shop's own currency. The bounds hold nine times out of ten: they know how well
    the response is known, and that orders vary.

    Examples:

      shoal roi --customers 4000 --budget 2000 --response 0.04 --order-value 50 --margin 0.4
      shoal roi --customers 900 --budget 150 --response 0.12 --order-value 80 --margin 0.35 \\
          --tried-on 2500
    """
    import json
    import sys
    from dataclasses import asdict

    from app.roi_words import told
    from insights.playbook.returns import Campaign, returns

    plan = Campaign(customers, budget, response, order_value, margin, order_spread, tried_on)
    found = returns(plan)
    said = json.dumps(asdict(found)) if as_json else "\n".join(told(plan, found))
    sys.stdout.write(f"{said}\n")
