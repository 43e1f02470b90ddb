"""What is done with the drafts of a turn: what is kept, how it ends, which words are sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mesh_agent import phrases, reply_rules
from mesh_agent.drafts import context_of, pending_fields
from mesh_agent.manners.mending import HARD_LENGTH, MAX_SENTENCES, counted
from mesh_agent.manners.sentences import sentences
from mesh_agent.phrases import Phrase
from mesh_agent.plain_answers import plainly_answered
from mesh_agent.reply_context import language_with
from meshcore.domain.distress import plain_distress
from meshcore.domain.events import EndReason, FieldState, TurnTaken
from meshcore.domain.turns import Proposal, is_out_of_budget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh_agent.drafts import Draft
    from meshcore.domain.campaign import Campaign
    from meshcore.domain.conversation import Conversation
    from meshcore.domain.events import ExtractionRecorded

_FAREWELLS: dict[EndReason, Phrase] = {
    EndReason.COMPLETED: Phrase.GOODBYE,
    EndReason.OUT_OF_BUDGET: Phrase.GOODBYE_OUT_OF_BUDGET,
    EndReason.OPTED_OUT: Phrase.GOODBYE_TO_OPT_OUT,
    EndReason.DECLINED: Phrase.DECLINED,
    EndReason.DISTRESS: Phrase.DISTRESS_GOODBYE,
    EndReason.INAPPROPRIATE: Phrase.CALM_GOODBYE,
}


@dataclass(frozen=True)
class Case:
    """The drafts of one turn, the last one last, and what they are about."""

    drafts: Sequence[Draft]
    campaign: Campaign
    conversation: Conversation

    @cached_property
    def extractions(self) -> tuple[ExtractionRecorded, ...]:
        """What all drafts found out: the participant's last word on each field.

        A value stays when somebody will not, or cannot, repeat it. What plainly answers the
        question counts also where no draft has taken it down.
        """
        place = {m.id: n for n, m in enumerate(self.conversation.messages)}
        found = sorted(
            (e for draft in self.drafts for e in draft.extractions),
            key=lambda e: (e.state is FieldState.EXTRACTED, place.get(e.message_sid, -1)),
        )
        plain = plainly_answered(self.campaign, self.conversation)
        if plain and all(e.message_sid != plain.message_sid for e in found):
            found.append(plain)
        return tuple({extraction.field: extraction for extraction in found}.values())

    @cached_property
    def language(self) -> str | None:
        """What the participant is spoken to in."""
        told = next((d.language for d in reversed(self.drafts) if d.language), None)
        return language_with(self.campaign, self.conversation, told)

    def pending(self) -> tuple[list[str], list[str]]:
        """The fields that are still to be asked about: required ones, and all."""
        found = {extraction.field for extraction in self.extractions}
        return pending_fields(self.campaign, self.conversation, found)

    def end(self) -> EndReason | None:
        """Why the interview ends with this turn, if it does.

        An opt-out or distress that was once borne out is not taken back by a second draft.
        """
        if grave := self.grave_end():
            return grave
        required, pending = self.pending()
        chosen = next((d.end for d in reversed(self.drafts) if d.end is not None), None)
        if chosen is EndReason.COMPLETED and required:
            chosen = None
        if chosen is None and not pending:
            return EndReason.COMPLETED
        if chosen is None and self._is_out_of_budget():
            return EndReason.OUT_OF_BUDGET if required else EndReason.COMPLETED
        return chosen

    def grave_end(self) -> EndReason | None:
        """An opt-out, or distress, if there is one in any draft or for code to see."""
        heard = {draft.end for draft in self.drafts}
        if EndReason.OPTED_OUT in heard:
            return EndReason.OPTED_OUT
        distressing = EndReason.DISTRESS in heard or is_distressing(self.conversation)
        return EndReason.DISTRESS if distressing else None

    def words(
        self, end: EndReason | None = None, *, ending: bool = False
    ) -> tuple[str | None, str | None]:
        """The model's words that may be sent, and the field that they ask about; or nothing.

        The last draft's if they keep the rules, else an earlier one's, else what plain repair makes
        of them. Words that lead on do not fit an end, nor a farewell what goes on.
        """
        ending = ending or end is not None
        fitting = [d for d in reversed(self.drafts) if (d.end is end if end else d.goes_on)]
        for draft in fitting:
            if draft.may_be_sent:
                return draft.reply, draft.asked
        for draft in fitting:
            context = context_of(draft, self.campaign, self.conversation, ending=ending)
            mended = reply_rules.repair(draft.reply, context)
            if not any(b.rule.blocking for b in reply_rules.breaches(mended, context)):
                return mended, draft.asked
        return None, None

    def turn(self, *, fallback: bool) -> TurnTaken:
        """What all drafts took together, and which rules they broke."""
        usages = [draft.usage for draft in self.drafts]
        costs = [u.cost_usd for u in usages if u.cost_usd is not None]
        return TurnTaken(
            answers=(),
            model=next((u.model for u in reversed(usages) if u.model), None),
            model_calls=sum(u.model_calls for u in usages),
            input_tokens=sum(u.input_tokens for u in usages),
            output_tokens=sum(u.output_tokens for u in usages),
            cached_tokens=sum(u.cached_tokens for u in usages),
            cost_usd=sum(costs) if costs else None,
            rejected_extractions=sum(u.rejected_extractions for u in usages),
            breaches=tuple(b.rule.value for draft in self.drafts for b in draft.breaches),
            fallback=fallback,
            language=self.language,
        )

    def _is_out_of_budget(self) -> bool:
        schema, limits = self.campaign.extraction_schema, self.campaign.limits
        return is_out_of_budget(self.conversation, schema, limits, self.turn(fallback=False))


def conclude_opening(case: Case) -> Proposal:
    """The first message. Whatever the model wrote, it says that one can stop at any time."""
    reply, asked = case.words()
    turn = case.turn(fallback=reply is None)
    if reply is None:
        reply = phrases.say(Phrase.OPENING, case.language)
    elif not phrases.tells_how_to_stop(reply):
        reply = _with_the_way_out(reply, case.language)
    return Proposal(reply, asked=asked, turn=turn)


def _with_the_way_out(opening: str, language: str | None) -> str:
    """The opening with the sentence that it lacks, before its question and within its length."""
    found = sentences(opening, language)
    greetings = len(found) - counted(found)
    stop = phrases.say(Phrase.YOU_CAN_STOP, language)
    before = found[:-1][: greetings + MAX_SENTENCES - 2]
    return " ".join([*before, stop, found[-1]])


def conclude_turn(case: Case) -> Proposal:
    """The turn: the values of all drafts, the end that they bear out, the best words there are."""
    end = case.end()
    reply, asked = case.words(end)
    turn = case.turn(fallback=reply is None)
    if end is not None:
        return Proposal(
            _goodbye(reply, end, case.campaign, case.language), case.extractions, None, end, turn
        )
    if reply is None:
        reply, asked = _question(case)
    return Proposal(reply, case.extractions, asked, None, turn)


def conclude_courtesy(case: Case) -> Proposal:
    """The one reply to what came after the end."""
    insulting = any(draft.end is EndReason.INAPPROPRIATE for draft in case.drafts)
    end = case.grave_end() or (EndReason.INAPPROPRIATE if insulting else None)
    reply, _ = case.words(end, ending=True)
    turn = case.turn(fallback=reply is None)
    if end is not None:
        reply = _goodbye(reply, end, case.campaign, case.language)
    return Proposal(reply or phrases.say(Phrase.COURTESY, case.language), end=end, turn=turn)


def is_distressing(conversation: Conversation) -> bool:
    """Whether a message that waits for an answer plainly tells of distress."""
    return any(plain_distress(message.words) for message in conversation.unanswered)


def farewell(end: EndReason, campaign: Campaign, conversation: Conversation) -> Proposal:
    """An ending in our own words, without the model."""
    language = language_with(campaign, conversation)
    turn = TurnTaken(answers=(), fallback=True)
    return Proposal(_goodbye(None, end, campaign, language), end=end, turn=turn)


def _goodbye(reply: str | None, end: EndReason, campaign: Campaign, language: str | None) -> str:
    words = reply or phrases.say(_FAREWELLS[end], language)
    support = campaign.support_text
    if end is EndReason.DISTRESS and support and support not in words:
        words = f"{words[: HARD_LENGTH - len(support) - 2]}\n\n{support}"
    return words


def _question(case: Case) -> tuple[str, str | None]:
    """A question in our own words, other ones each time, and the field that it is about."""
    required, pending = case.pending()
    said = [m.text for m in case.conversation.messages if m.sender == "agent"]
    field = next(iter(required or pending), None)
    if field is None:
        return phrases.say(Phrase.FALLBACK, case.language, said), None
    description = case.campaign.extraction_schema[field].description
    return phrases.ask_about(description, case.language, said), field
