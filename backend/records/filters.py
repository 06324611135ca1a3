"""The filters of the lists of facts."""

import django_filters as filters

from backend.api.filters import IdFilter, ListFilters
from backend.protocol.vocabulary import ANALYTES
from backend.records.topics import TOPICS


class FactFilters(ListFilters):
    """Facts of one patient."""

    patient = IdFilter("pt", field_name="patient_id")


class LabResultFilters(FactFilters):
    """Results of one analyte."""

    analyte = filters.ChoiceFilter(choices=[(code, code) for code in sorted(ANALYTES)])


class StatementFilters(FactFilters):
    """Statements of one topic."""

    topic = filters.ChoiceFilter(choices=[(topic, topic) for topic in TOPICS])
