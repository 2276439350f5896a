"""Changes of segment, in the form that they have on their topic."""

from typing import TYPE_CHECKING

from app.api.bodies.base import CURSOR, Body, with_example
from app.generate_docs.examples import example
from stream.contracts.change import Cause, Reason, SegmentChange
from stream.contracts.segment import SegmentRef

if TYPE_CHECKING:
    from app.queries.views import ChangeView, Page, Ref


class ChangePage(Body):
    """Some changes."""

    model_config = with_example({"items": [example(SegmentChange)], "next": CURSOR})

    items: list[SegmentChange]
    """The newest first."""

    next: str | None
    """What to give as `after` for the following page; null on the last."""


def change_page(page: "Page[ChangeView]") -> ChangePage:
    return ChangePage.model_construct(
        items=[change_message(change) for change in page.items], next=page.after
    )


def change_message(change: "ChangeView") -> SegmentChange:
    """The message that the row was made of. It was checked when it was written."""
    return SegmentChange.model_construct(
        change_id=change.change_id,
        customer_id=change.customer_id,
        lens=change.lens,
        incarnation=change.incarnation,
        sequence=change.sequence,
        previous=segment_ref(change.previous),
        current=segment_ref(change.current),
        cause=CAUSES.get(change.cause, change.cause),
        margin=change.margin,
        confidence=change.confidence,
        reasons=tuple(
            Reason.model_construct(
                feature=one.feature,
                before=one.before,
                after=one.after,
                contribution=one.contribution,
            )
            for one in change.reasons
        ),
        features=dict(change.features),
        model_version=change.model_version,
        occurred_at=change.occurred_at,
        observed_at=change.observed_at,
    )


def segment_ref(ref: "Ref | None") -> SegmentRef | None:
    return None if ref is None else SegmentRef.model_construct(id=ref.id, name=ref.name)


CAUSES = {cause.value: cause for cause in Cause}
