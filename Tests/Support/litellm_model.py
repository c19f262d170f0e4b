"""A stand-in for a provider of models: it answers every chat with one sentence, and says that it used tokens."""

import json

PROMPT_TOKENS, COMPLETION_TOKENS = 10, 5


async def body_of(receive):
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def answer_json(send, status, value):
    body = json.dumps(value, default=lambda time: time.isoformat()).encode()
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


async def model_server(scope, receive, send):
    """POST /v1/chat/completions as OpenAI has it, without streams."""
    body = await body_of(receive)
    if scope["path"] != "/v1/chat/completions":
        return await answer_json(send, 404, {"error": {"message": "the stand-in model only chats", "type": "not_found"}})
    request = json.loads(body)
    await answer_json(send, 200, {
        "id": "chatcmpl-stand-in", "object": "chat.completion", "created": 1_800_000_000, "model": request.get("model"),
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": "The stand-in says hello."}}],
        "usage": {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": COMPLETION_TOKENS,
                  "total_tokens": PROMPT_TOKENS + COMPLETION_TOKENS},
    })
