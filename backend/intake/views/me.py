"""The patient who acts."""

from backend.accounts.models import Patient
from backend.accounts.queries import patients_visible_to
from backend.api.endpoint import Endpoint
from backend.kernel.errors import NotFound


class PatientEndpoint(Endpoint):
    """A door for what patients do themselves."""

    def me(self) -> Patient:
        """The patient behind the account. Raises NotFound before she is registered."""
        if self.actor.patient_id is None:
            raise NotFound()
        return patients_visible_to(self.actor).get(id=self.actor.patient_id)
