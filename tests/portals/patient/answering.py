"""What the forms of the first questions send."""

from tests.factories.intake import IntakeResponseFactory

SKIN = {
    "indication": "acne",
    "severity": "severe",
    "scarring": "yes",
    "prior_treatment_failed": ["topical", "relapsed"],
}
HEALTH = {
    "conditions.none": "yes",
    "family_history.none": "yes",
    "allergies": "soya",
    "procedures.none": "yes",
    "activities": ["contact_lenses"],
}
MOOD = {f"phq_{number}": "none" for number in range(1, 10)}


def draft(patient, **saved):
    """A draft with these answers."""
    return IntakeResponseFactory(patient=patient, answers=saved)


def saved(response):
    """The answers that the draft holds now."""
    response.refresh_from_db()
    return response.answers


def send(reader, section, response, to="next", **fields):
    """Send one section as it was just read."""
    response.refresh_from_db()
    return reader.send(f"/me/intake/{section}", version=response.version, to=to, **fields)
