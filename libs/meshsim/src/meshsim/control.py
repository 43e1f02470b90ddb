"""The control API under `/sim/`: what a test or a demo asks of the messaging network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Annotated, Any, Self

from pydantic import (
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from meshsim.media import MediaHost, StoredFile
from meshsim.network import Inbound, Network
from meshsim.network_faults import NetworkFault
from meshsim.population import Participant, Population
from meshsim.templates import Template
from meshsim.twilio_wire import address_of, new_sid


def _one_or_many(given: object) -> object:
    return given if isinstance(given, list) else [given]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Media(_Strict):
    """An attachment of an inbound message: its address, or what is in it.

    Of a voice note, the simulated model hears the words that the file holds as text.
    """

    content_type: str = "audio/ogg"
    url: str = ""
    words: str | None = None
    data: Base64Bytes | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if [bool(self.url), self.words is not None, self.data is not None].count(True) != 1:
            raise ValueError("give one of url, words and data")
        return self

    @property
    def content(self) -> bytes:
        """Return what is in a file that has no address yet."""
        return self.data if self.data is not None else (self.words or "").encode()


class Location(_Strict):
    """A place that a participant shares."""

    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


class Button(_Strict):
    """A quick reply that a participant taps."""

    text: str
    payload: str = ""


class InboundOrder(_Strict):
    """A message for a participant to send."""

    sender: str = Field(alias="from")
    body: str = ""
    media: list[Media] = []
    location: Location | None = None
    button: Button | None = None
    reaction: str | None = None
    interactive: dict[str, Any] | None = None
    external_user_id: str | None = Field(default=None, alias="ExternalUserId")
    opt_out_type: str | None = Field(default=None, alias="OptOutType")
    message_sid: str = Field(default_factory=new_sid)
    copies: int = Field(default=1, ge=1)

    def parameters(self) -> dict[str, str]:
        """Return the webhook parameters beyond those of a plain text."""
        form: dict[str, str] = {}
        if self.media:
            form |= {"NumMedia": str(len(self.media)), "MessageType": _media_type(self.media[0])}
        for index, media in enumerate(self.media):
            form[f"MediaUrl{index}"] = media.url
            form[f"MediaContentType{index}"] = media.content_type
        if self.location:
            form |= _location_form(self.location)
        if self.button:
            form |= {"ButtonText": self.button.text, "ButtonPayload": self.button.payload}
            form |= {"ButtonType": "QUICK_REPLY", "MessageType": "button"}
        if self.reaction is not None:
            form |= {"Body": self.reaction, "MessageType": "reaction"}
        if self.interactive:
            form |= {"InteractiveData": json.dumps(self.interactive), "MessageType": "interactive"}
        if self.external_user_id:
            form["ExternalUserId"] = self.external_user_id
        if self.opt_out_type:
            form["OptOutType"] = self.opt_out_type
        return form


def _media_type(media: Media) -> str:
    known = {"image/webp": "sticker", "text/vcard": "contacts"}
    kind = media.content_type.partition("/")[0]
    otherwise = kind if kind in {"audio", "image", "video"} else "document"
    return known.get(media.content_type, otherwise)


def _location_form(location: Location) -> dict[str, str]:
    return {
        "Latitude": str(location.latitude),
        "Longitude": str(location.longitude),
        "Label": location.label,
        "Address": location.address,
        "MessageType": "location",
    }


class NewParticipant(_Strict):
    """A participant to register; without a personality one is drawn."""

    phone: str
    personality: str | None = None
    facts: dict[str, str] | None = None


class NewParticipants(_Strict):
    """Participants to register, by name or by number."""

    participants: list[NewParticipant] = []
    count: int = Field(default=0, ge=0, le=100_000)
    seed: int = 0
    mix: dict[str, float] | None = None


def _listed(given: object) -> object:
    return {"participants": given} if isinstance(given, list) else given


_FAULTS = TypeAdapter(Annotated[list[NetworkFault], BeforeValidator(_one_or_many)])
_TEMPLATES = TypeAdapter(Annotated[list[Template], BeforeValidator(_one_or_many)])
_PARTICIPANTS = TypeAdapter(Annotated[NewParticipants, BeforeValidator(_listed)])


class Control:
    """The endpoints; answers 422 with what is wrong when a body does not fit."""

    def __init__(self, network: Network, people: Population, media: MediaHost) -> None:
        self._network = network
        self._people = people
        self._media = media

    def routes(self) -> list[BaseRoute]:
        """Return the routes to mount."""
        return [
            Route("/livez", self._livez),
            Route("/sim/record", self._record),
            Route("/sim/inbound", self._inbound, methods=["POST"]),
            Route("/sim/faults", self._faults, methods=["GET", "POST", "DELETE"]),
            Route("/sim/templates", self._templates, methods=["GET", "POST"]),
            Route("/sim/participants", self._register, methods=["POST"]),
            Route("/sim/participants", self._participants, methods=["GET"]),
        ]

    async def _livez(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _record(self, request: Request) -> Response:
        query = request.query_params
        first = query.get("since", "0")
        entries = self._network.record.since(
            int(first) if first.isdigit() else 0, query.get("kind")
        )
        answer = {
            "entries": entries,
            "next": len(self._network.record),
            "under_way": self._network.under_way,
        }
        return JSONResponse(answer)

    async def _inbound(self, request: Request) -> Response:
        try:
            order = InboundOrder.model_validate(await request.json())
        except (ValidationError, JSONDecodeError) as error:
            return _unfit(error)
        address = address_of(order.sender)
        self._keep_files(order, str(request.base_url).rstrip("/"))
        inbound = Inbound(address, order.body, order.parameters(), order.message_sid, order.copies)
        person = self._people.get(address)
        person.sent += 1
        delivery = await self._network.receive(inbound, person.name)
        answer = {
            "sid": inbound.sid,
            "http_status": delivery.status,
            "attempts": delivery.attempts,
        }
        return JSONResponse(answer)

    def _keep_files(self, order: InboundOrder, base_url: str) -> None:
        """Give every file without an address one at this Twilio."""
        for media in order.media:
            if not media.url:
                file = StoredFile(
                    order.sender, order.message_sid, media.content_type, media.content
                )
                media.url = base_url + self._media.add(file)

    async def _faults(self, request: Request) -> Response:
        faults = self._network.faults
        if request.method == "DELETE":
            faults.clear()
        if request.method == "POST":
            try:
                faults.add(_FAULTS.validate_python(await request.json()))
            except (ValidationError, JSONDecodeError) as error:
                return _unfit(error)
        return JSONResponse({"faults": faults.describe()})

    async def _templates(self, request: Request) -> Response:
        templates = self._network.templates
        if request.method == "POST":
            try:
                for template in _TEMPLATES.validate_python(await request.json()):
                    templates.add(template)
            except (ValidationError, JSONDecodeError) as error:
                return _unfit(error)
        return JSONResponse({"templates": templates.describe()})

    async def _register(self, request: Request) -> Response:
        try:
            wanted = _PARTICIPANTS.validate_python(await request.json())
            made = self._made(wanted)
        except (ValueError, JSONDecodeError) as error:
            return _unfit(error)
        return JSONResponse({"participants": [_introduction(person) for person in made]})

    def _made(self, wanted: NewParticipants) -> list[Participant]:
        named = [
            self._people.register(address_of(new.phone), new.personality, new.facts, wanted.mix)
            for new in wanted.participants
        ]
        return named + self._people.register_many(wanted.count, wanted.seed, wanted.mix)

    async def _participants(self, _request: Request) -> Response:
        return JSONResponse({"participants": [person.describe() for person in self._people]})


def _introduction(person: Participant) -> Mapping[str, str]:
    return {"phone": person.profile.phone, "personality": person.profile.personality}


def _unfit(error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=422)
