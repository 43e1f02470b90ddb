"""The least that takes a turn: verify one webhook, ask the model once, create one message.

An errand: one process, one loop, nothing kept and nothing promised.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Annotated

import typer
import uvloop
from google import genai
from google.genai import types
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from mesh_agent.models.protocol import Prompt
from mesh_agent.prompt import turn_prompt
from meshcore.domain.campaign import Campaign, evolve
from meshcore.domain.commit import Stamp
from meshcore.domain.conversation import Conversation
from meshcore.domain.conversation import evolve as evolve_conversation
from meshcore.domain.events import (
    CampaignCreated,
    Event,
    MessageComposed,
    MessageKind,
    MessageReceived,
    TurnTaken,
)
from meshcore.ids import now
from meshctl.demo import CAMPAIGN
from tests.bench.processes import wait_to_be_told

_AT_ONCE = 20
_FORM = {"MessageSid": "SM" + "0" * 32, "From": "whatsapp:+971500000001", "Body": "I'm 31"}
_URL = "https://mesh.example/twilio/inbound"


def _prompt() -> Prompt:
    """A prompt in the middle of an interview, as the agent writes it."""
    stamp = Stamp(1, now())
    campaign = evolve(Campaign("floor"), CampaignCreated.model_validate(CAMPAIGN), stamp)
    conversation = Conversation()
    story: list[Event] = []
    for n in range(4):
        text = "Good to know! How often do you drive through there?"
        said = "I drive there about four times a week, mostly in the mornings"
        kind = MessageKind.REPLY if n else MessageKind.OPENING
        story += [
            MessageComposed(message_id=f"composed-{n}", kind=kind, text=text),
            MessageReceived(message_sid=f"received-{n}", participant="somebody", text=said),
        ]
    story.insert(-1, TurnTaken(answers=("received-0", "received-1", "received-2")))
    for event in story:
        conversation = evolve_conversation(conversation, event, stamp)
    return turn_prompt(campaign, conversation, [])


class _Floor:
    def __init__(self, gemini_url: str, twilio_url: str) -> None:
        self._validator = RequestValidator("simulated")
        self._signature = self._validator.compute_signature(_URL, _FORM)
        options = types.HttpOptions(base_url=gemini_url, timeout=30_000)
        self._gemini = genai.Client(api_key="simulated", vertexai=False, http_options=options)
        self._http = AsyncTwilioHttpClient()
        self._twilio = Client("AC" + "0" * 32, "simulated", http_client=self._http)
        self._twilio.api.base_url = twilio_url
        self._prompt = _prompt()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def turn(self, to: str) -> None:
        async with self._slots:
            assert self._validator.validate(_URL, _FORM, self._signature)
            config = types.GenerateContentConfig(
                system_instruction=self._prompt.system,
                response_mime_type="application/json",
                response_json_schema=self._prompt.schema,
                max_output_tokens=2_048,
                temperature=0.6,
                thinking_config=types.ThinkingConfig(thinking_budget=0),
            )
            answer = await self._gemini.aio.models.generate_content(
                model="gemini-2.5-flash", contents=self._prompt.user, config=config
            )
            reply = str(json.loads(answer.text or "")["reply"])
            await self._twilio.messages.create_async(
                to=to, from_="whatsapp:+14155238886", body=reply
            )

    async def close(self) -> None:
        await self._gemini.aio.aclose()
        await self._http.close()


async def _run(turns: int, gemini_url: str, twilio_url: str, to: str) -> dict[str, float]:
    floor = _Floor(gemini_url, twilio_url)
    await asyncio.gather(*(floor.turn(to) for _ in range(_AT_ONCE)))
    wait_to_be_told()
    before = time.process_time()
    await asyncio.gather(*(floor.turn(to) for _ in range(turns)))
    used = time.process_time() - before
    await floor.close()
    return {"cpu_per_turn": used / turns}


def main(
    turns: Annotated[int, typer.Option()],
    gemini_url: Annotated[str, typer.Option()],
    twilio_url: Annotated[str, typer.Option()],
    to: Annotated[str, typer.Option()],
) -> None:
    """Take turns, and report the CPU time of one."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(_run(turns, gemini_url, twilio_url, to))))


if __name__ == "__main__":
    typer.run(main)
