"""A fitted lens with its segments' names and descriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snapshot.explaining.importance import importance
from snapshot.explaining.profiles import profiles_of
from snapshot.naming.aspects import Aspect, columns_of
from snapshot.naming.describing import describe, describe_rule
from snapshot.naming.keeping import effects_of, kept
from snapshot.naming.matching import names_for
from snapshot.naming.rule_sizes import rule_sizes
from stream.contracts.lens import NamedBy
from stream.contracts.segment import SegmentRef
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from snapshot.batch_fit import BatchFit
    from snapshot.explaining.profiles import SegmentProfile
    from snapshot.moment import Moment
    from stream.contracts.lens import Centroid, Effect, LensModel, RuleSegment


@dataclass(frozen=True, slots=True)
class Naming:
    """What a segment is called, and why."""

    name: str
    by: NamedBy
    reasons: tuple[Effect, ...] = ()


def name_segments(
    moment: Moment,
    fit: BatchFit,
    running: LensModel | None,
    overrides: Mapping[str, str],
    taken: Collection[str] = (),
) -> LensModel:
    """The fit's lens with names, descriptions and importance; no two segments are called alike.

    1. What `overrides` say of an id holds, of rule segments too.
    2. A segment that runs already keeps its name while its profile stays (`keeping`).
    3. The others are named by their profiles, all at once, with names that nobody has.

    The more of the catalogue `moment.table` has, the better the names. `taken` are further names
    that nobody is to be given anew, such as those of another lens.
    """
    if not fit.active.any():
        return fit.lens
    profiles = profiles_of(moment, fit)
    rules = _rules(moment, fit.lens.rule_segments, overrides)
    namings = {
        profile.segment_id: Naming(overrides[profile.segment_id], NamedBy.SETTINGS)
        for profile in profiles
        if profile.segment_id in overrides
    }  # 1
    fixed = [rule.segment for rule in rules]
    fixed += [SegmentRef(id=key, name=naming.name) for key, naming in namings.items()]
    _require_apart(fixed)
    in_use = {segment.name.casefold() for segment in fixed}
    for segment_id, before in kept(running, profiles, namings).items():  # 2
        if before.segment.name.casefold() not in in_use:
            in_use.add(before.segment.name.casefold())
            namings[segment_id] = Naming(before.segment.name, before.named_by, before.named_for)
    nameless = [profile for profile in profiles if profile.segment_id not in namings]
    namings |= _named_anew(nameless, fit.lens, moment.table.names, {*in_use, *taken})  # 3
    return _dressed(fit, rules, profiles, namings, moment.table.names)


def _named_anew(
    nameless: Sequence[SegmentProfile],
    lens: LensModel,
    columns: Sequence[str],
    taken: Collection[str],
) -> dict[str, Naming]:
    axes = [feature.name for feature in lens.features]
    aspects = columns_of(axes, columns)
    looked_at = list(dict.fromkeys([*axes, *aspects.values()]))
    names = names_for(nameless, aspects, axes, taken)
    return {
        profile.segment_id: Naming(name, NamedBy.PROFILE, effects_of(profile, looked_at))
        for profile, name in zip(nameless, names, strict=True)
    }


def _rules(
    moment: Moment, rules: Sequence[RuleSegment], overrides: Mapping[str, str]
) -> tuple[RuleSegment, ...]:
    """Renamed where settings say so, and described."""
    made = []
    for rule, size in zip(rules, rule_sizes(moment, rules), strict=True):
        name = overrides.get(rule.segment.id, rule.segment.name)
        segment = SegmentRef(id=rule.segment.id, name=name)
        words = describe_rule(rule, size, len(moment))
        made.append(rule.model_copy(update={"segment": segment, "description": words}))
    return tuple(made)


def _require_apart(segments: Iterable[SegmentRef]) -> None:
    seen: dict[str, str] = {}
    for segment in segments:
        other = seen.setdefault(segment.name.casefold(), segment.id)
        if other != segment.id:
            raise SettingsError(
                f"[names] calls {segment.id} {segment.name!r}, and {other} is called so already: "
                "give one of them another name"
            )


def _dressed(
    fit: BatchFit,
    rules: tuple[RuleSegment, ...],
    profiles: Sequence[SegmentProfile],
    namings: Mapping[str, Naming],
    columns: Sequence[str],
) -> LensModel:
    """The lens with all of it."""
    lens = fit.lens
    axes = [feature.name for feature in lens.features]
    important = importance(fit)
    known = {profile.segment_id: profile for profile in profiles}
    aspects = columns_of(axes, columns)
    told = list(
        dict.fromkeys([*axes, *(aspects[each] for each in aspects if each != Aspect.WORTH)])
    )

    def dressed(centroid: Centroid) -> Centroid:
        segment_id = centroid.segment.id
        profile, naming = known[segment_id], namings[segment_id]
        return centroid.model_copy(
            update={
                "segment": SegmentRef(id=segment_id, name=naming.name),
                "description": describe(profile, told),
                "named_by": naming.by,
                "named_for": naming.reasons,
                "importance": important.segments[segment_id],
            }
        )

    return lens.model_copy(
        update={
            "centroids": tuple(dressed(centroid) for centroid in lens.centroids),
            "rule_segments": rules,
            "importance": important.model,
        }
    )
