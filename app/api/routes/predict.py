"""`POST /predict`: the segment of a customer who may not exist."""

from app.api.bodies.predict_answered import PredictionBody, prediction_body
from app.api.bodies.predict_asked import PredictRequest
from app.api.problems import Problem, problems
from app.api.routes.router import router_for
from app.api.state import Database
from app.predicting import Prediction, Predictor
from app.queries.database import Database as OpenedDatabase
from app.queries.models import current_model
from stream.contracts.instant import milliseconds

router = router_for("predict")

KEPT_SECONDS = 600.0


@router.post(
    "/predict",
    summary="The segment of a customer, from features or transactions",
    responses=problems(404),
)
def predict(asked: PredictRequest, database: Database) -> PredictionBody:
    """Measured with the newest model: nearest centroid, or the rule that holds. Nobody's history
    is looked at, so a customer on a border may be elsewhere just now."""
    return prediction_body(_predicted(asked, _predictor(database, asked.lens)))


def _predicted(asked: PredictRequest, predictor: Predictor) -> Prediction:
    if asked.features is not None:
        return predictor.predict(asked.features)
    lines = [one.line() for one in asked.transactions or ()]
    at_ms = None if asked.at is None else milliseconds(asked.at)
    return predictor.predict_from_transactions(lines, at_ms)


def _predictor(database: OpenedDatabase, lens: str | None) -> Predictor:
    model = current_model(database)
    if model is None:
        raise Problem(
            404, "no-model", "there is no model yet: `shoal snapshot` makes the first one"
        )
    if lens is not None and model.lens(lens) is None:
        known = ", ".join(one.lens for one in model.lenses)
        raise Problem(404, "unknown-lens", f"the model has not that lens: it has {known}")
    name = lens or model.main_lens.lens
    key = ("predictor", model.version, name)
    return database.memory.kept(key, KEPT_SECONDS, lambda: Predictor(model, name))
