"""What stands around every page: whose segments these are, the lens, and how fresh it all is."""

from __future__ import annotations

import streamlit as st

from app.dashboard.source import LENS, Source, source
from app.dashboard.theme import ACCENT, LINE, MARK, PANEL, QUIET_TEXT

STYLE = f"""<style>
[data-testid="stMainBlockContainer"] {{ padding: 2.2rem 2.5rem 3rem; max-width: 1360px; }}
[data-testid="stMetric"] {{ background: {PANEL}; border-radius: 6px; padding: .7rem .9rem; }}
[data-testid="stMetricLabel"] p, [data-testid="stCaptionContainer"],
[data-testid="stCaptionContainer"] * {{ color: {QUIET_TEXT}; opacity: 1; }}
[data-testid="stMain"] a {{ color: {ACCENT}; }}
.shoal-quiet {{ color: {QUIET_TEXT}; }}
[data-stale="true"] {{ opacity: 1 !important; transition: none !important; }}
[data-testid="stStatusWidget"] {{ visibility: hidden; }}
table.shoal {{ width: 100%; border-collapse: collapse; font-size: .95rem; }}
table.shoal td, table.shoal th {{ padding: .45rem .7rem .45rem 0; text-align: left;
  vertical-align: top; border: 0; border-bottom: 1px solid {LINE}; }}
table.shoal th {{ color: {QUIET_TEXT}; font-weight: 600; }}
table.shoal .quiet {{ color: {QUIET_TEXT}; }}
table.shoal .number {{ text-align: right; font-variant-numeric: tabular-nums; }}
table.shoal .whole {{ white-space: nowrap; }}
@media (max-width: 640px) {{
  table.compared th, table.compared td {{ padding-right: .4rem; font-size: .85rem; }}
  table.changes tr {{ display: block; padding: .5rem 0; border-bottom: 1px solid {LINE}; }}
  table.changes td {{ display: inline-block; padding: 0 .6rem 0 0; border: 0; }}
  table.changes td:last-child {{ display: block; }}
  [data-testid="stMainBlockContainer"] {{ padding: 3.2rem 1rem 2rem; }}
}}
</style>"""


def sidebar() -> Source:
    """Draws it, and gives what the page reads from."""
    st.html(STYLE)
    st.logo(MARK, size="large")
    found = source()
    with st.sidebar:
        if len(found.lenses) > 1:
            st.selectbox(
                "Lens", found.lenses, key=LENS, help="One way of looking: what is compared."
            )
    return found
