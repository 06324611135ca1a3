"""The doors of records: list, note, read, retract, for each kind of fact."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from backend import clock
from backend.accounts.queries import patients_visible_to
from backend.api.endpoint import Endpoint
from backend.api.fields import Shape
from backend.api.schema import operation
from backend.kernel.ids import public_id
from backend.records.filters import FactFilters, LabResultFilters, StatementFilters
from backend.records.models import Fact, LabResult, PhqScore, PregnancyTest, Statement, Weight
from backend.records.queries import facts_visible_to
from backend.records.rules import LAB_RESULTS, PHQ_SCORES, PREGNANCY_TESTS, STATEMENTS, WEIGHTS
from backend.records.serializers import (
    FactOut,
    LabResultOut,
    NoteLabResultIn,
    NotePhqScoreIn,
    NotePregnancyTestIn,
    NoteStatementIn,
    NoteWeightIn,
    PhqScoreOut,
    PregnancyTestOut,
    RetractIn,
    StatementOut,
    WeightOut,
)
from backend.records.services.note import note_fact
from backend.records.services.retract import retract_fact


class FactEndpoint(Endpoint):
    """What the doors of all kinds share."""

    def shown(self, kind: type[Fact], fact_id: str, out: type[FactOut]) -> HttpResponse:
        """One fact."""
        return self.look(self.find(facts_visible_to(self.actor, kind), fact_id), out)

    def noted(self, kind: type[Fact], takes: type[Shape], out: type[FactOut]) -> HttpResponse:
        """Note a fact about a patient whom the actor may see; anybody else is a 404."""
        values: dict[str, Any] = self.asked(takes)
        chosen = public_id("pt", values.pop("patient"))
        patient = self.find(patients_visible_to(self.actor).select_related("test_clock"), chosen)
        return self.act(
            lambda: note_fact(
                kind=kind, patient=patient, values=values, by=self.actor, at=clock.now(patient)
            ),
            out,
            status=201,
        )

    def retracted(self, kind: type[Fact], fact_id: str, out: type[FactOut]) -> HttpResponse:
        """Retract a fact."""
        reason = self.asked(RetractIn)["reason"]
        fact = self.find(facts_visible_to(self.actor, kind), fact_id)
        version = self.expected_version()
        return self.act(
            lambda: retract_fact(
                kind=kind,
                fact_id=fact.id,
                reason=reason,
                expected_version=version,
                by=self.actor,
                at=clock.now(fact.patient),
            ),
            out,
        )


class Weights(FactEndpoint):
    """GET, POST /v1/weights"""

    verbs = {"get": WEIGHTS["list"], "post": WEIGHTS["note"]}
    filters = FactFilters

    @operation(gives=WeightOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The weights that you may see, newest first."""
        return self.listed(facts_visible_to(self.actor, Weight), WeightOut)

    @operation(takes=NoteWeightIn, gives=WeightOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Note a weight."""
        return self.noted(Weight, NoteWeightIn, WeightOut)


class OneWeight(FactEndpoint):
    """GET /v1/weights/{weight_id}"""

    verbs = {"get": WEIGHTS["read"]}

    @operation(gives=WeightOut)
    def get(self, request: Request, weight_id: str) -> HttpResponse:  # noqa: ARG002
        """One weight."""
        return self.shown(Weight, weight_id, WeightOut)


class RetractWeight(FactEndpoint):
    """POST /v1/weights/{weight_id}/retract"""

    verbs = {"post": WEIGHTS["retract"]}

    @operation(takes=RetractIn, gives=WeightOut)
    def post(self, request: Request, weight_id: str) -> HttpResponse:  # noqa: ARG002
        """Take back a weight that was entered in error."""
        return self.retracted(Weight, weight_id, WeightOut)


class PregnancyTests(FactEndpoint):
    """GET, POST /v1/pregnancy_tests"""

    verbs = {"get": PREGNANCY_TESTS["list"], "post": PREGNANCY_TESTS["note"]}
    filters = FactFilters

    @operation(gives=PregnancyTestOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The pregnancy tests that you may see, newest first."""
        return self.listed(facts_visible_to(self.actor, PregnancyTest), PregnancyTestOut)

    @operation(takes=NotePregnancyTestIn, gives=PregnancyTestOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Note a pregnancy test. A patient may report one done at home."""
        return self.noted(PregnancyTest, NotePregnancyTestIn, PregnancyTestOut)


class OnePregnancyTest(FactEndpoint):
    """GET /v1/pregnancy_tests/{test_id}"""

    verbs = {"get": PREGNANCY_TESTS["read"]}

    @operation(gives=PregnancyTestOut)
    def get(self, request: Request, test_id: str) -> HttpResponse:  # noqa: ARG002
        """One pregnancy test."""
        return self.shown(PregnancyTest, test_id, PregnancyTestOut)


class RetractPregnancyTest(FactEndpoint):
    """POST /v1/pregnancy_tests/{test_id}/retract"""

    verbs = {"post": PREGNANCY_TESTS["retract"]}

    @operation(takes=RetractIn, gives=PregnancyTestOut)
    def post(self, request: Request, test_id: str) -> HttpResponse:  # noqa: ARG002
        """Take back a pregnancy test that was entered in error."""
        return self.retracted(PregnancyTest, test_id, PregnancyTestOut)


class LabResults(FactEndpoint):
    """GET, POST /v1/lab_results"""

    verbs = {"get": LAB_RESULTS["list"], "post": LAB_RESULTS["note"]}
    filters = LabResultFilters

    @operation(gives=LabResultOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The laboratory results that you may see, newest first."""
        return self.listed(facts_visible_to(self.actor, LabResult), LabResultOut)

    @operation(takes=NoteLabResultIn, gives=LabResultOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Note a laboratory result."""
        return self.noted(LabResult, NoteLabResultIn, LabResultOut)


class OneLabResult(FactEndpoint):
    """GET /v1/lab_results/{result_id}"""

    verbs = {"get": LAB_RESULTS["read"]}

    @operation(gives=LabResultOut)
    def get(self, request: Request, result_id: str) -> HttpResponse:  # noqa: ARG002
        """One laboratory result."""
        return self.shown(LabResult, result_id, LabResultOut)


class RetractLabResult(FactEndpoint):
    """POST /v1/lab_results/{result_id}/retract"""

    verbs = {"post": LAB_RESULTS["retract"]}

    @operation(takes=RetractIn, gives=LabResultOut)
    def post(self, request: Request, result_id: str) -> HttpResponse:  # noqa: ARG002
        """Take back a laboratory result that was entered in error."""
        return self.retracted(LabResult, result_id, LabResultOut)


class PhqScores(FactEndpoint):
    """GET, POST /v1/phq_scores"""

    verbs = {"get": PHQ_SCORES["list"], "post": PHQ_SCORES["note"]}
    filters = FactFilters

    @operation(gives=PhqScoreOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The PHQ scores that you may see, newest first."""
        return self.listed(facts_visible_to(self.actor, PhqScore), PhqScoreOut)

    @operation(takes=NotePhqScoreIn, gives=PhqScoreOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Note a PHQ score."""
        return self.noted(PhqScore, NotePhqScoreIn, PhqScoreOut)


class OnePhqScore(FactEndpoint):
    """GET /v1/phq_scores/{score_id}"""

    verbs = {"get": PHQ_SCORES["read"]}

    @operation(gives=PhqScoreOut)
    def get(self, request: Request, score_id: str) -> HttpResponse:  # noqa: ARG002
        """One PHQ score."""
        return self.shown(PhqScore, score_id, PhqScoreOut)


class RetractPhqScore(FactEndpoint):
    """POST /v1/phq_scores/{score_id}/retract"""

    verbs = {"post": PHQ_SCORES["retract"]}

    @operation(takes=RetractIn, gives=PhqScoreOut)
    def post(self, request: Request, score_id: str) -> HttpResponse:  # noqa: ARG002
        """Take back a PHQ score that was entered in error."""
        return self.retracted(PhqScore, score_id, PhqScoreOut)


class Statements(FactEndpoint):
    """GET, POST /v1/statements"""

    verbs = {"get": STATEMENTS["list"], "post": STATEMENTS["note"]}
    filters = StatementFilters

    @operation(gives=StatementOut, many=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """The statements that you may see, newest first."""
        return self.listed(facts_visible_to(self.actor, Statement), StatementOut)

    @operation(takes=NoteStatementIn, gives=StatementOut, status=201)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002
        """Note a statement."""
        return self.noted(Statement, NoteStatementIn, StatementOut)


class OneStatement(FactEndpoint):
    """GET /v1/statements/{statement_id}"""

    verbs = {"get": STATEMENTS["read"]}

    @operation(gives=StatementOut)
    def get(self, request: Request, statement_id: str) -> HttpResponse:  # noqa: ARG002
        """One statement."""
        return self.shown(Statement, statement_id, StatementOut)


class RetractStatement(FactEndpoint):
    """POST /v1/statements/{statement_id}/retract"""

    verbs = {"post": STATEMENTS["retract"]}

    @operation(takes=RetractIn, gives=StatementOut)
    def post(self, request: Request, statement_id: str) -> HttpResponse:  # noqa: ARG002
        """Take back a statement that was entered in error."""
        return self.retracted(Statement, statement_id, StatementOut)
