"""The loopback Discord's interactions, from the bot's side: callbacks, follow-ups, edits."""

from aiohttp import web

from tests.wire.discord_desk import Desk, Routes, answer, not_empty, read
from tests.wire.discord_documents import callback_breaches, message_breaches
from tests.wire.discord_limits import ApiError
from tests.wire.discord_schema import LOADING, Files, Interaction, Json, Message

DEFERRALS = {5, 6}


class Answers:
    """Handlers for what the bot answers to people."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.world = desk.world

    def routes(self) -> Routes:
        """List what is served."""
        hook = "/webhooks/{app}/{token}"
        return [
            ("POST", "/interactions/{interaction}/{token}/callback", self.callback),
            ("POST", hook, self.follow_up),
            ("GET", hook + "/messages/{message}", self.get),
            ("PATCH", hook + "/messages/{message}", self.patch),
            ("DELETE", hook + "/messages/{message}", self.delete),
        ]

    async def callback(self, request: web.Request) -> web.Response:
        """Take the first answer to an interaction; a second one is refused with 40060."""
        interaction = self.world.interactions.get(request.match_info["token"])
        if interaction is not None and interaction.heard_at is None:
            interaction.heard_at = self.world.clock()
        if interaction is None or self._age(interaction) > self.world.settings.answer_span:
            raise ApiError(404, 10062, "Unknown interaction")
        if interaction.answered is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        body, files = await read(request)
        self.desk.check("callback", body, callback_breaches(body, dict(files.values())))
        self.desk.check_mentions(body.get("data") or {})
        self._accept(interaction, body, files)
        if request.query.get("with_response") not in {"1", "true"}:
            return web.Response(status=204)
        return answer(self._receipt(interaction))

    def _accept(self, interaction: Interaction, body: Json, files: Files) -> None:
        kind, data = body["type"], body.get("data") or {}
        interaction.data = data
        if kind == 5:
            data = {"flags": (data.get("flags") or 0) | LOADING}
        if kind in {4, 5}:
            message = self.world.post(interaction.channel_id, data, files, interaction.id)
            interaction.original = message.id
        elif kind in {6, 7} and interaction.source is not None:
            interaction.original = interaction.source
            if kind == 7:
                old = self.world.messages[interaction.source]
                self.world.keep(self.world.edit(old, data, files))
        interaction.answered = kind
        if kind not in DEFERRALS:
            self._shown(interaction)
        self.world.touch()

    def _receipt(self, interaction: Interaction) -> Json:
        shown: Json = {"id": str(interaction.id), "type": 2}
        if interaction.original is None:
            return {"interaction": shown}
        message = self.world.messages[interaction.original]
        shown["response_message_id"] = str(message.id)
        shown["response_message_loading"] = bool(message.flags & LOADING)
        shown["response_message_ephemeral"] = message.ephemeral
        resource = {"type": interaction.answered, "message": self.desk.show(message)}
        return {"interaction": shown, "resource": resource}

    async def follow_up(self, request: web.Request) -> web.Response:
        """Post a follow-up; the first after a deferral fills the deferred answer instead."""
        interaction = self._by_token(request)
        body, files = await read(request)
        self.desk.check("followup", body, message_breaches(body, dict(files.values())))
        self.desk.check_mentions(body)
        not_empty(body, files)
        original = self.world.messages.get(interaction.original or 0)
        if original is not None and original.flags & LOADING:
            message = self.world.keep(self.world.edit(original, body, files))
        else:
            message = self.world.post(interaction.channel_id, body, files, interaction.id)
        self._shown(interaction)
        return answer(self.desk.show(message))

    async def get(self, request: web.Request) -> web.Response:
        """Show an answer."""
        return answer(self.desk.show(self._message(request)))

    async def patch(self, request: web.Request) -> web.Response:
        """Edit an answer."""
        message = self._message(request)
        body, files = await read(request)
        edited = self.world.edit(message, body, files)
        self.desk.check("edit", body, message_breaches(edited.payload, edited.files))
        self._shown(self._by_token(request))
        return answer(self.desk.show(self.world.keep(edited)))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete an answer."""
        del self.world.messages[self._message(request).id]
        self.world.touch()
        return web.Response(status=204)

    def _shown(self, interaction: Interaction) -> None:
        if interaction.shown_at is None:
            interaction.shown_at = self.world.clock()

    def _age(self, interaction: Interaction) -> float:
        return self.world.clock() - interaction.created_at

    def _by_token(self, request: web.Request) -> Interaction:
        interaction = self.world.interactions.get(request.match_info["token"])
        if interaction is None or self._age(interaction) > self.world.settings.token_span:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if interaction.answered is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        return interaction

    def _message(self, request: web.Request) -> Message:
        name, interaction = request.match_info["message"], self._by_token(request)
        original = interaction.original or 0
        message = self.world.messages.get(original if name == "@original" else int(name))
        if message is None or message.channel_id != interaction.channel_id:
            raise ApiError(404, 10008, "Unknown Message")
        return message
