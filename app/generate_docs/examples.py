"""One example of every message, as a reader meets it."""

from stream.contracts.base import Message

TIME = "2011-06-06T00:00:00+00:00"
CLOCK = "2026-03-01T12:00:00.250000+00:00"
CHAMPIONS = {"id": "value-3", "name": "Champions"}
LOYAL = {"id": "value-1", "name": "Loyal"}
EXAMPLES: dict[str, dict[str, object]] = {
    "Transaction": {
        "schema_version": 1,
        "event_id": "4c7bb1ae0a2a06ba",
        "customer_id": "17850",
        "order_id": "536365",
        "product_id": "85123A",
        "category": "Decoration",
        "country": "United Kingdom",
        "quantity": 6.0,
        "unit_price": 2.55,
        "discount": 0.3,
        "amount": 15.0,
        "occurred_at": "2010-12-01T08:26:00+00:00",
        "time_known": True,
    },
    "Erasure": {"type": "erasure", "customer_id": "17850", "requested_at": CLOCK},
    "Tick": {"type": "tick", "instant": TIME},
    "Promote": {"type": "promote", "version": 2, "instant": TIME},
    "SegmentChange": {
        "type": "segment_change",
        "customer_id": "17850",
        "lens": "value",
        "sequence": 3,
        "previous": LOYAL,
        "current": CHAMPIONS,
        "cause": "moved",
        "margin": 0.31,
        "confidence": 0.84,
        "reasons": [
            {"feature": "steady_spend_d90", "before": 412.5, "after": 980.25, "contribution": 0.7},
            {"feature": "steady_orders_d90", "before": 2.1, "after": 3.05, "contribution": 0.3},
        ],
        "features": {
            "steady_orders_d90": 3.05,
            "steady_spend_d90": 980.25,
            "steady_lines_d90": 41.0,
        },
        "model_version": 2,
        "occurred_at": "2011-06-08T10:15:00+01:00",
        "observed_at": CLOCK,
    },
    "SegmentEvent": {
        "type": "segment_event",
        "lens": "value",
        "segment": CHAMPIONS,
        "happened": "renamed",
        "previous_name": "Big Baskets",
        "came_from": [{"segment": CHAMPIONS, "customers": 310, "share": 0.97, "jaccard": 0.94}],
        "customers": 320,
        "model_version": 2,
        "previous_model_version": 1,
        "occurred_at": TIME,
        "observed_at": CLOCK,
    },
    "SegmentModel": {
        "type": "segment_model",
        "version": 2,
        "based_on": 1,
        "instant": TIME,
        "created_at": CLOCK,
        "fingerprint": "9a1c5b7e20f4d3c8",
        "lenses": [
            {
                "lens": "value",
                "features": [
                    {
                        "name": "steady_orders_d90",
                        "transform": "log1p",
                        "centre": 0.9,
                        "scale": 0.6,
                    },
                    {
                        "name": "steady_spend_d90",
                        "transform": "log1p",
                        "unit": 11.5,
                        "centre": 3.4,
                        "scale": 1.2,
                    },
                ],
                "centroids": [
                    {"segment": LOYAL, "position": [0.2, 0.1], "customers": 1200},
                    {"segment": CHAMPIONS, "position": [1.6, 1.4], "customers": 320},
                ],
                "pooled_variance": 0.45,
                "rule_segments": [
                    {
                        "segment": {"id": "value-dormant", "name": "Dormant"},
                        "rule": "dormant",
                        "after_days": 90.0,
                    },
                    {
                        "segment": {"id": "value-no-net-spend", "name": "No net spend"},
                        "rule": "no_net_spend",
                    },
                ],
                "next_segment": 4,
                "fit": {"customers": 1520, "fresh": False, "inertia": 0.9, "silhouette": 0.36},
            },
            {
                "lens": "habits",
                "features": [
                    {
                        "name": "night_share_d90",
                        "transform": "arcsine_sqrt",
                        "centre": 0.3,
                        "scale": 0.2,
                        "shrinkage": {"toward": 0.12, "weight": 2.0},
                    }
                ],
                "centroids": [
                    {"segment": {"id": "habits-1", "name": "Night Owls"}, "position": [1.8]}
                ],
                "pooled_variance": 0.5,
                "next_segment": 2,
                "learning": {"on": False},
            },
        ],
        "note": "warm refit, no guard held it back",
    },
    "DriftReport": {
        "type": "drift_report",
        "instant": TIME,
        "created_at": CLOCK,
        "model_version": 1,
        "customers": 4372,
        "lenses": [
            {
                "lens": "value",
                "active_customers": 1520,
                "agreement": {"share": 0.981, "ari": 0.955},
                "published_agreement": {"share": 0.962, "ari": 0.91},
                "inertia_ratio": 1.004,
                "silhouette": 0.36,
                "tracking_gain": 0.021,
                "partition_spread": 0.08,
                "relabelled": 0.019,
                "flaps": 0.0,
                "features": [
                    {
                        "feature": "spend_d90",
                        "before": 5.8,
                        "after": 6.0,
                        "psi": 0.03,
                        "wasserstein": 0.11,
                        "split": {"mix": 0.15, "behaviour": 0.04, "model": 0.01},
                    }
                ],
                "segments": [
                    {
                        "segment": CHAMPIONS,
                        "customers": 320,
                        "share": 0.21,
                        "share_before": 0.18,
                        "share_log_ratio": 0.154,
                        "order_value_effect": 0.05,
                        "centroid_distance": 0.07,
                    }
                ],
            }
        ],
        "alerts": [
            {
                "kind": "segment_share",
                "subject": "value-3",
                "value": 0.154,
                "threshold": 0.1,
                "reason": "Champions grew from 18 % to 21 % of active customers within a week",
            }
        ],
        "decision": {"outcome": "promoted", "version": 2, "reasons": ["no guard held it back"]},
    },
    "CustomerScores": {
        "type": "customer_scores",
        "instant": TIME,
        "part": 0,
        "parts": 1,
        "customers": ["12346", "17850"],
        "clv": [None, 1843.2],
        "clv_low": [None, 610.0],
        "clv_high": [None, 3402.5],
        "probability_alive": [0.12, 0.97],
        "churn_risk": [0.91, 0.08],
        "recommended": [[], ["85123A", "22423"]],
        "recommended_new": [[], ["22423"]],
    },
    "InsightReport": {
        "type": "insight_report",
        "instant": TIME,
        "created_at": CLOCK,
        "customers": 4372,
        "lifetime": {
            "customers": 4372,
            "weeks": 52.0,
            "covers": 0.8,
            "r": 0.243,
            "alpha": 4.414,
            "a": 0.793,
            "b": 2.426,
            "p": 6.25,
            "q": 3.744,
            "v": 15.447,
            "held_out_since": "2011-03-07T00:00:00+00:00",
            "held_out": [{"repeats": 2, "customers": 311, "predicted": 0.61, "actual": 0.58}],
        },
        "churn": {
            "trained_on": 6120,
            "customers": 1904,
            "in_time": True,
            "silent": 0.41,
            "auc": 0.79,
            "brier": 0.18,
            "alive_auc": 0.74,
            "alive_brier": 0.22,
            "calibration": [{"customers": 190, "predicted": 0.11, "observed": 0.12}],
        },
        "recommending": {
            "split": "2011-05-09T00:00:00+00:00",
            "count": 10,
            "customers": 1210,
            "hit_rate": 0.67,
            "coverage": 0.52,
            "popular_hit_rate": 0.57,
            "popular_coverage": 0.004,
        },
        "segments": [
            {
                "lens": "value",
                "segment": CHAMPIONS,
                "customers": 320,
                "revenue": 1204311.4,
                "clv": 801220.0,
                "probability_alive": 0.94,
                "churn_risk": 0.11,
                "churn_auc": 0.72,
                "churn_tested": 204,
                "recommended": ["85123A", "22423"],
            }
        ],
    },
    "ExperimentPlan": {
        "type": "experiment_plan",
        "name": "spring-mail",
        "lens": "value",
        "segments": [LOYAL],
        "arms": [{"name": "control", "share": 0.5}, {"name": "mail", "share": 0.5}],
        "lift": 0.1,
        "created_at": CLOCK,
    },
    "ExperimentAssignment": {
        "type": "experiment_assignment",
        "name": "spring-mail",
        "wave": 0,
        "part": 0,
        "parts": 1,
        "instant": TIME,
        "assigned_at": CLOCK,
        "segments": [LOYAL],
        "customers": ["8f0c3b1d2e4a5968", "0b7d91c2f3e4a516"],
        "segment": [0, 0],
        "arm": [1, 0],
    },
}


def example(model: type[Message]) -> dict[str, object]:
    """The example, once it was read: with what is filled in."""
    return model.model_validate(EXAMPLES[model.__name__], strict=False).model_dump(
        mode="json", exclude_none=True
    )
