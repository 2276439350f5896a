"""What a snapshot expects, in the form that it has on its topic."""

from app.api.bodies.base import with_example
from app.generate_docs.examples import example
from stream.contracts.insight_report import InsightReport


class InsightsReport(InsightReport):
    """What is expected of customers, segment by segment, and how good such expectations were."""

    model_config = with_example(example(InsightReport))
