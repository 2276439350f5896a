"""What the lines of `docs/features.md` have to show: patterns in what they say, files they make."""

from app.generate_docs.data_dictionary import csv_columns

OUR_HEADER = "^" + ",".join(f'"?{name}"?' for name in csv_columns()) + ","

SEEN: dict[str, tuple[str, ...]] = {
    "F1": (r"book\.xlsx\S* \(Excel", r"book\.xls\S* \(Excel", r"shop\.zip", r"SQLite", r"Parquet"),
    "F2": (r"online-retail", r"CC BY 4\.0", r"can't be reached", r"save it as online_retail\.zip"),
    "F3": (r"lines of [\d,]+ orders", r"dirty\.truth\.json"),
    "F4": (
        r"no_customer",
        r"negative_price",
        r"exact duplicate rows",
        r"Outliers",
        r"missing",
        r"no dead letters",
    ),
    "F5": (r"recency_days +\d", r"orders +\d", r"spend +[\d,]+"),
    "F6": (
        r'"night_ratio":0\.\d',
        r'"weekend_ratio":0\.\d',
        r'"discount_ratio":0\.\d',
        r'"average_order_value":\d',
        r'"distinct_categories":\d',
        r'"basket_size":\d',
    ),
    "F7": (
        r'"seasonality": ?0\.\d',
        r'"peak_month": ?\d',
        r'"preferred_category": ?"\w+"',
        r'"country": ?"[\w ]+"',
        r'"tenure_days": ?\d',
    ),
    "F8": (r"customer_segments\.csv",),
    "F9": (r"model\.json", r"outlier score 0\.\d"),
    "F10": (r"clusterer minibatch", r"clusterer gmm", r"clusterer consensus", r"clusterer hdbscan"),
    "F11": (r"elbow", r"silhouette", r"searched", r"tune\.html"),
    "F12": (r'"inertia"', r'"silhouette"', r'"davies_bouldin"', r'"calinski_harabasz"', r"ARI"),
    "F13": (r'"confidence":(0\.\d|1)', r'"cause"'),
    "F14": (r'"importance":',),
    "F15": (r"report\.html",),
    "F16": (r"outlier score 0\.\d",),
    "F17": (r"from \\ to", r"stayed, \d+ moved", r'"moves|"flows|"items'),
    "F18": (r'"name":"(Champions|Loyal|Regulars|Frequent Buyers|Big Spenders)"', r"value refitted"),
    "F19": (r'"description":"[^"]*A typical one has placed',),
    "F20": (r'"strategy": "\w', r'"discount"', r'"budget"', r'"channels"', r'"return"|"returned"'),
    "F21": (r'"clv":\d', r'"clv_low":\d', r'"clv_high":\d'),
    "F22": (r'"churn":\{', r'"auc":0\.\d', r'"brier":0\.\d', r'"churn_risk":0\.\d'),
    "F23": (r'"p\d+"', r'"products?":|"items":|"recommended":'),
    "F24": (r"customers", r"control", r"treatment", r"spring-mail\.csv"),
    "F25": (r"profit +[\d,-]+ \(", r'"revenue":\d'),
    "F26": (r"week\.html", r"month\.html", r"(?m)^# ", r"(?m)^\{"),
    "F27": (),
    "F28": (r"ok",),
    "F29": (r"customer_segments\.csv",),
    "F30": (r"Champions|Loyal|Regulars", r'"segment":'),
    "F31": (r'"openapi":"3', r'"/customers/\{customer_id\}"'),
    "F32": (r"\n\d{3} customers",),
    "F33": (r"version", r"refitted|promoted", r"value-1"),
    "F34": (r"make compose-test", r"passed"),
    "F35": (r"many\.db|synthetic", r'"folded"|"records"'),
    "F36": (),
    "F37": (r"customer_segments\.csv",),
    "F38": (r"├── [\d.]+% of customers", r"tree\.html"),
    "F39": (r"reports/", r"passed"),
}

CHARTS = (
    r"<svg",
    r"Purchases from 22 to 6",
    r"Purchases at the weekend",
    r"What an order brings",
    r"Revenue in the period",
    r"Recency and money",
    r"How many there are",
    r"as far apart as can b",
    r"What goes together",
)

MADE: dict[str, dict[str, tuple[str, ...]]] = {
    "F3": {"dirty.truth.json": (r'"drift',)},
    "F8": {
        "people/customer_segments.csv": (r"Annual Income|income", r"segment"),
        "people/report.html": (r"Gender|gender", r"<svg"),
    },
    "F9": {"model.json": (r'"transform": ?"log1p"', r'"scale"')},
    "F11": {"tune.html": (r"<svg",)},
    "F15": {
        "segments/customer_segments.csv": (OUR_HEADER,),
        "segments/report.html": (r"effect \(0 to 1\)", r"p, corrected"),
    },
    "F16": {"moment.csv": (r"value__outlier_score", r"value__outlier\b")},
    "F26": {"week.html": (r"<html",), "month.html": (r"<html", r"Loyal|Champions", r"next|Next")},
    "F27": {"charts.html": CHARTS},
    "F29": {
        "classic/customer_segments.csv": (
            r'^"?CustomerID"?,"?total_orders"?,"?avg_order_value"?,"?night_ratio"?,'
            r'"?weekend_ratio"?,"?category_diversity"?,"?kmeans_cluster"?,"?dbscan_cluster"?,'
            r'"?marketing_action"?\r?\n',
        )
    },
    "F37": {"columns/report.html": (r"[Pp]referred [Cc]ategory", r"<svg")},
    "F38": {"tree.html": (r"<svg",)},
}
"""Files, and patterns that must be in them."""

REFUSED = {"F2": "shoal datasets get online-retail --out ."}
"""Lines that have to end with an error, because nothing is to be reached from here."""
