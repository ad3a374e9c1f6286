"""The four wire formats in which agents speak to model providers: what a request asks, and an answer in the same format.

Usage comes in disjoint buckets (`fresh`, `cache_read`, `cache_write`, `output`, and `reasoning` as a part of `output`); every format reports them
in its own way. Answers are streamed in pieces, as real ones are.
"""

import dataclasses
import json
import time

Call = tuple[str, str, object]
"""Id, name and arguments of a tool call."""


@dataclasses.dataclass(frozen=True)
class Asked:
    """What a request asks."""

    model: str
    tools: dict[str, list[str]]
    """Name of each offered tool, with the names of its parameters."""
    step: int
    """How many answers the history holds already."""
    schema: dict | None = None
    """Of the answer, where one is demanded: titles and other side requests."""
    stream: bool = True
    free_text: frozenset[str] = frozenset()
    """Tools whose argument is a text instead of an object."""


@dataclasses.dataclass(frozen=True)
class Answer:
    id: str
    text: str
    calls: list[Call]
    usage: dict[str, int]

    @property
    def input(self) -> int:
        return self.usage["fresh"] + self.usage["cache_read"] + self.usage["cache_write"]


def pieces(text: str, size: int = 48) -> list[str]:
    return [text[at:at + size] for at in range(0, len(text), size)]


def parameters(schema: dict | None) -> list[str]:
    return list((schema or {}).get("properties") or {})


def runs(roles: list[bool]) -> int:
    """How many runs of the model's own entries there are: an answer may be several entries."""
    return sum(own and (at == 0 or not roles[at - 1]) for at, own in enumerate(roles))


def events(*frames: dict) -> list[str]:
    return [f"event: {frame['type']}\ndata: {json.dumps(frame)}\n\n" for frame in frames]


class Anthropic:
    """Messages: input excludes the cache."""

    @staticmethod
    def asked(body: dict) -> Asked:
        wanted = (body.get("output_config") or {}).get("format") or body.get("output_format") or {}
        return Asked(body.get("model", ""), {tool.get("name"): parameters(tool.get("input_schema")) for tool in body.get("tools") or []},
                     runs([message["role"] == "assistant" for message in body.get("messages", [])]), wanted.get("schema"), bool(body.get("stream")))

    @staticmethod
    def answer(asked: Asked, answer: Answer) -> dict | list[str]:
        count = answer.usage
        usage = {"input_tokens": count["fresh"], "cache_creation_input_tokens": count["cache_write"], "cache_read_input_tokens": count["cache_read"],
                 "cache_creation": {"ephemeral_5m_input_tokens": count["cache_write"], "ephemeral_1h_input_tokens": 0}, "service_tier": "standard"}
        blocks = [{"type": "text", "text": answer.text}] if answer.text else []
        blocks += [{"type": "tool_use", "id": id, "name": name, "input": given} for id, name, given in answer.calls]
        message = {"id": "msg_01" + answer.id[:20], "type": "message", "role": "assistant", "model": asked.model, "stop_sequence": None}
        reason = "tool_use" if answer.calls else "end_turn"
        if not asked.stream:
            return message | {"content": blocks, "stop_reason": reason, "usage": usage | {"output_tokens": count["output"]}}
        frames = [{"type": "message_start", "message": message | {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}}]
        for index, block in enumerate(blocks):
            empty = {"text": ""} if block["type"] == "text" else {"input": {}}
            frames.append({"type": "content_block_start", "index": index, "content_block": block | empty})
            if block["type"] == "text":
                deltas = [{"type": "text_delta", "text": piece} for piece in pieces(block["text"])]
            else:
                deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces(json.dumps(block["input"]))]
            frames += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
            frames.append({"type": "content_block_stop", "index": index})
        final = {name: usage[name] for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")}
        frames.append({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": final | {"output_tokens": count["output"]}})
        return events(*frames, {"type": "message_stop"})


class Responses:
    """OpenAI's Responses: input includes the cache, output the reasoning."""

    @staticmethod
    def asked(body: dict) -> Asked:
        items = body.get("input") or []
        items = [{"role": "user", "content": items}] if isinstance(items, str) else items
        own = [item.get("role") == "assistant" or item.get("type") in ("reasoning", "function_call", "custom_tool_call", "local_shell_call") for item in items]
        offered = body.get("tools") or []
        return Asked(body.get("model", ""), {tool.get("name") or tool.get("type"): parameters(tool.get("parameters")) for tool in offered}, runs(own),
                     ((body.get("text") or {}).get("format") or {}).get("schema"), bool(body.get("stream")),
                     frozenset(tool["name"] for tool in offered if tool.get("type") == "custom"))

    @staticmethod
    def answer(asked: Asked, answer: Answer) -> dict | list[str]:
        usage = {"input_tokens": answer.input, "output_tokens": answer.usage["output"], "total_tokens": answer.input + answer.usage["output"],
                 "input_tokens_details": {"cached_tokens": answer.usage["cache_read"], "cache_write_tokens": answer.usage["cache_write"]},
                 "output_tokens_details": {"reasoning_tokens": answer.usage["reasoning"]}}
        items = []
        if answer.text:
            content = [{"type": "output_text", "text": answer.text, "annotations": []}]
            items.append({"type": "message", "id": "msg_" + answer.id[:24], "status": "completed", "role": "assistant", "content": content})
        for at, (id, name, given) in enumerate(answer.calls):
            if name in asked.free_text:
                items.append({"type": "custom_tool_call", "id": f"ctc_{answer.id[at:at + 22]}", "status": "completed", "call_id": id, "name": name, "input": given})
            else:
                text = json.dumps(given if isinstance(given, dict) else {"input": given})
                items.append({"type": "function_call", "id": f"fc_{answer.id[at:at + 22]}", "status": "completed", "call_id": id, "name": name, "arguments": text})
        response = {"id": "resp_" + answer.id[:24], "object": "response", "created_at": int(time.time()), "model": asked.model}
        whole = response | {"status": "completed", "output": items, "usage": usage}
        if not asked.stream:
            return whole
        frames = [{"type": "response.created", "response": response | {"status": "in_progress", "output": []}}]
        for index, item in enumerate(items):
            kind = "output_text" if item["type"] == "message" else "function_call_arguments" if "arguments" in item else "custom_tool_call_input"
            empty = {"output_text": {"content": []}, "function_call_arguments": {"arguments": ""}, "custom_tool_call_input": {"input": ""}}[kind]
            text = answer.text if kind == "output_text" else item.get("arguments") or item.get("input")
            at = {"item_id": item["id"], "output_index": index} | ({"content_index": 0} if kind == "output_text" else {})
            frames.append({"type": "response.output_item.added", "output_index": index, "item": item | {"status": "in_progress"} | empty})
            if kind == "output_text":
                frames.append({"type": "response.content_part.added", "part": {"type": "output_text", "text": "", "annotations": []}} | at)
            frames += [{"type": f"response.{kind}.delta", "delta": piece} | at for piece in pieces(text)]
            frames.append({"type": f"response.{kind}.done", {"output_text": "text", "function_call_arguments": "arguments"}.get(kind, "input"): text} | at)
            if kind == "output_text":
                frames.append({"type": "response.content_part.done", "part": item["content"][0]} | at)
            frames.append({"type": "response.output_item.done", "output_index": index, "item": item})
        frames.append({"type": "response.completed", "response": whole})
        return events(*[frame | {"sequence_number": number} for number, frame in enumerate(frames)])


class Chat:
    """OpenAI's Chat Completions: prompt tokens include the cache, and nobody is told what was written to it."""

    @staticmethod
    def asked(body: dict) -> Asked:
        tools = [(tool.get("type"), tool.get("function") or tool.get("custom") or {}) for tool in body.get("tools") or []]
        return Asked(body.get("model", ""), {tool.get("name"): parameters(tool.get("parameters")) for _, tool in tools},
                     runs([message["role"] == "assistant" for message in body.get("messages", [])]),
                     ((body.get("response_format") or {}).get("json_schema") or {}).get("schema"), bool(body.get("stream")),
                     frozenset(tool["name"] for kind, tool in tools if kind == "custom"))

    @staticmethod
    def answer(asked: Asked, answer: Answer) -> dict | list[str]:
        usage = {"prompt_tokens": answer.input, "completion_tokens": answer.usage["output"], "total_tokens": answer.input + answer.usage["output"],
                 "prompt_tokens_details": {"cached_tokens": answer.usage["cache_read"]}, "completion_tokens_details": {"reasoning_tokens": answer.usage["reasoning"]}}
        calls = [{"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": json.dumps(given if isinstance(given, dict) else {"input": given})}}
                 for index, (id, name, given) in enumerate(answer.calls)]
        reason = "tool_calls" if calls else "stop"
        head = {"id": "chatcmpl-" + answer.id[:24], "created": int(time.time()), "model": asked.model}
        if not asked.stream:
            message = {"role": "assistant", "content": answer.text or None} | ({"tool_calls": calls} if calls else {})
            return head | {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": reason}], "usage": usage}
        deltas = [{"role": "assistant", "content": ""}] + [{"content": piece} for piece in pieces(answer.text)]
        for call in calls:
            deltas.append({"tool_calls": [call | {"function": {"name": call["function"]["name"], "arguments": ""}}]})
            deltas += [{"tool_calls": [{"index": call["index"], "function": {"arguments": piece}}]} for piece in pieces(call["function"]["arguments"])]
        chunk = head | {"object": "chat.completion.chunk"}
        frames = [chunk | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
        frames += [chunk | {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}, chunk | {"choices": [], "usage": usage}]
        return [f"data: {json.dumps(frame)}\n\n" for frame in frames] + ["data: [DONE]\n\n"]


class Gemini:
    """generateContent: the prompt's count includes the cache; thoughts stand beside the candidates' tokens."""

    @staticmethod
    def asked(body: dict, model: str, stream: bool) -> Asked:
        declared = [tool for group in body.get("tools") or [] for tool in group.get("functionDeclarations") or []]
        config = body.get("generationConfig") or {}
        return Asked(model, {tool["name"]: parameters(tool.get("parametersJsonSchema") or tool.get("parameters")) for tool in declared},
                     runs([content.get("role") == "model" for content in body.get("contents", [])]),
                     config.get("responseJsonSchema") or config.get("responseSchema"), stream)

    @staticmethod
    def answer(asked: Asked, answer: Answer) -> dict | list[str]:
        count = answer.usage
        usage = {"promptTokenCount": answer.input, "cachedContentTokenCount": count["cache_read"], "candidatesTokenCount": count["output"] - count["reasoning"],
                 "thoughtsTokenCount": count["reasoning"], "totalTokenCount": answer.input + count["output"]}
        parts = [{"text": piece} for piece in (pieces(answer.text) if asked.stream else [answer.text] if answer.text else [])]
        parts += [{"functionCall": {"id": id, "name": name, "args": given}} for id, name, given in answer.calls]

        def content(some: list[dict], last: bool) -> dict:
            candidate = {"index": 0, "content": {"role": "model", "parts": some}} | ({"finishReason": "STOP"} if last else {})
            return {"candidates": [candidate], "modelVersion": asked.model, "responseId": answer.id[:22]} | ({"usageMetadata": usage} if last else {})

        if not asked.stream:
            return content(parts, True)
        parts = parts or [{"text": ""}]
        return [f"data: {json.dumps(content([part], at == len(parts) - 1))}\r\n\r\n" for at, part in enumerate(parts)]
