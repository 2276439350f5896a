"""The lenses that are on, with what their settings left out filled in: what a first fit takes."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stream.contracts.lens import Learning, Rule, RuleSegment, Transform, Transition
from stream.contracts.segment import SegmentRef
from stream.errors import SettingsError
from stream.half_life import ending_of, stem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stream.profile.feature_table import Feature
    from stream.settings.lens import FeatureSettings, LensSettings, Scaler
    from stream.settings.settings import Settings

    Naming = Callable[[str, str], str]

OWN = {
    "value": (("steady_orders", "steady_spend", "steady_lines"), Transform.LOG1P),
    "habits": (("night_share", "weekend_share", "discount_share"), Transform.ARCSINE_SQRT),
}
"""The lenses that need nothing said: what they decay, and how it is transformed."""

STANDARD_SCALED = {"habits"}
WITH_NO_NET_SPEND = {"value"}


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """A feature as a fit takes it."""

    name: str
    """In the catalogue, half-life included."""

    transform: Transform
    scaler: Scaler
    shrink_orders: float | None
    """By how many orders' worth it is drawn toward the population's share; None where it isn't."""


@dataclass(frozen=True, slots=True)
class LensSpec:
    """A lens as a fit takes it; the parts that are the model's own are in the model's form."""

    name: str
    features: tuple[FeatureSpec, ...]
    k: int | None
    """None: to be found."""

    clusterer: str
    """For `clusterer_of`, with its parameters."""

    clusterer_parameters: Mapping[str, object]
    outliers: float
    """The share of active customers at most that a fit leaves out; 0: nobody is screened."""

    dormant_days: float
    no_net_spend: bool
    transition: Transition
    learning: Learning
    learner: str
    """For `learner_of`, with the learning that the model says."""

    learner_parameters: Mapping[str, object]

    def feature_names(self) -> tuple[str, ...]:
        return tuple(feature.name for feature in self.features)

    def rule_segments(self) -> tuple[RuleSegment, ...]:
        """In the order in which they are asked."""
        dormant = RuleSegment(
            segment=SegmentRef(id=f"{self.name}-dormant", name="Dormant"),
            rule=Rule.DORMANT,
            after_days=self.dormant_days,
        )
        no_net_spend = RuleSegment(
            segment=SegmentRef(id=f"{self.name}-no-net-spend", name="No net spend"),
            rule=Rule.NO_NET_SPEND,
        )
        return (dormant, no_net_spend) if self.no_net_spend else (dormant,)


def main_lens(settings: Settings) -> str:
    """The lens that is meant where none is named: `value`, or else the first one there is."""
    return "value" if "value" in settings.lenses else min(settings.lenses)


def lens_specs(settings: Settings, where: Naming | None = None) -> tuple[LensSpec, ...]:
    """Every lens that is on, by name. `where` says how a lens' key is called in an error."""
    naming = where or _plainly
    half_life_days = settings.profiles.half_life_days
    return tuple(
        _spec(name, settings.lenses[name], half_life_days, naming)
        for name in sorted(settings.lenses)
    )


def _spec(name: str, lens: LensSettings, half_life_days: int, naming: Naming) -> LensSpec:
    nets = lens.no_net_spend
    return LensSpec(
        name=name,
        features=_features(name, lens, half_life_days, naming),
        k=lens.k,
        clusterer=lens.clusterer,
        clusterer_parameters=lens.clusterer_parameters,
        outliers=lens.outliers,
        dormant_days=lens.dormant_days,
        no_net_spend=name in WITH_NO_NET_SPEND if nets is None else nets,
        transition=Transition(margin=lens.margin, return_guard_days=lens.return_guard_days),
        learning=Learning(
            on=lens.learning, step_factor=lens.step_factor, largest_step=lens.largest_step
        ),
        learner=lens.learner,
        learner_parameters=lens.learner_parameters,
    )


def _features(
    name: str, lens: LensSettings, half_life_days: int, naming: Naming
) -> tuple[FeatureSpec, ...]:
    scaler: Scaler = lens.scaler or ("standard" if name in STANDARD_SCALED else "robust")
    decayed_share = f"_share_d{half_life_days}"

    def spec(feature: str, transform: Transform, said: FeatureSettings | None) -> FeatureSpec:
        weight = said.shrink_orders if said else None
        if weight is None and feature.endswith(decayed_share):
            weight = lens.shrink_orders
        return FeatureSpec(feature, transform, (said and said.scaler) or scaler, weight or None)

    if lens.features is None:
        if name not in OWN:
            raise SettingsError(
                f"{naming(name, 'features')} is missing: only {' and '.join(OWN)} have features of "
                f'their own; write such as features = ["orders_d{half_life_days}"]'
            )
        stems, own = OWN[name]
        return tuple(spec(f"{stem}_d{half_life_days}", own, None) for stem in stems)
    known = _catalogue(half_life_days)
    _refuse_slips(naming(name, "features"), lens.features, known)
    return tuple(
        spec(said.name, said.transform or known[said.name].transform, said)
        for said in lens.features
    )


def _catalogue(half_life_days: int) -> dict[str, Feature]:
    from stream.profile.catalogue import catalogue  # brings numba: not for every command

    return {feature.name: feature for feature in catalogue(half_life_days)}


def _refuse_slips(
    key: str, features: tuple[FeatureSettings, ...], known: Mapping[str, Feature]
) -> None:
    for name, times in Counter(feature.name for feature in features).items():
        if name not in known:
            raise SettingsError(f"{key} has {name!r}, which is no feature: {_near(name, known)}")
        if times > 1:
            raise SettingsError(f"{key} has {name!r} {times} times: name it once")
    for said in features:
        unit = known[said.name].unit
        if unit != "share" and (said.shrink_orders or said.transform is Transform.ARCSINE_SQRT):
            raise SettingsError(
                f"{key} has {said.name!r} with what is for shares, and it counts {unit}: "
                "leave shrink_orders and arcsine_sqrt out"
            )


def _near(name: str, known: Mapping[str, Feature]) -> str:
    stem = stem_of(name)
    decayed = [each for each in known if ending_of(each) and stem_of(each) == stem]
    near = decayed or difflib.get_close_matches(name, known, n=1)
    if not near:
        return "docs/features-catalogue.md has those there are"
    return f"did you mean {near[0]!r}?"


def _plainly(lens: str, key: str) -> str:
    return f"lenses.{lens}.{key}"
