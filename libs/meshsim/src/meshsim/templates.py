"""The message templates that the simulated Twilio knows, and what they read as."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from meshsim.twilio_wire import Refusal, content_variables

_PLACEHOLDER = re.compile(r"\{\{([^{}]+)\}\}")


class Template(BaseModel):
    """A template as it was created at Twilio and approved by WhatsApp."""

    model_config = ConfigDict(extra="forbid")

    content_sid: str = Field(pattern=r"^HX[0-9a-fA-F]{32}$")
    body: str = Field(min_length=1, description="with its placeholders, such as {{1}}")
    variables: dict[str, str] = Field(
        default_factory=dict, description="stand in for those that a send does not give"
    )

    def reads(self, given: Mapping[str, str]) -> str:
        """Return what the participant reads with these variables."""
        variables = {**self.variables, **given}
        return _PLACEHOLDER.sub(lambda found: variables.get(found[1], found[0]), self.body)

    def lacks(self, given: Mapping[str, str]) -> bool:
        """Say whether a placeholder has neither a variable nor one that stands in for it."""
        return not set(_PLACEHOLDER.findall(self.body)) <= {*self.variables, *given}


class Templates:
    """Templates by their ContentSid."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Template] = {}

    def add(self, template: Template) -> None:
        """Keep a template; one with a known sid takes the place of the former."""
        self._by_sid[template.content_sid.lower()] = template

    def describe(self) -> list[dict[str, object]]:
        """Return the templates as they were registered."""
        return [template.model_dump() for template in self._by_sid.values()]

    def refusal(self, form: Mapping[str, str]) -> Refusal | None:
        """Return why a checked create does not fit its template; None if it does, or has none."""
        if not form.get("ContentSid"):
            return None
        template = self._of(form)
        if template is None:
            return Refusal(400, 21655)
        return Refusal(400, 21656) if template.lacks(content_variables(form) or {}) else None

    def body_of(self, form: Mapping[str, str]) -> str:
        """Return what the participant reads: the body, or the template filled in."""
        template = self._of(form)
        return template.reads(content_variables(form) or {}) if template else form.get("Body", "")

    def _of(self, form: Mapping[str, str]) -> Template | None:
        return self._by_sid.get(form.get("ContentSid", "").lower())
