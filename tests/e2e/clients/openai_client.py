"""The official OpenAI client, unmodified, against a gateway: changing base URL and key is all it takes.

Prints what it saw as JSON; whoever runs it knows what it should be.
"""

import json
import os

import openai

client = openai.OpenAI(
    base_url=os.environ["GATEWAY_URL"] + "/v1",
    api_key=os.environ["GATEWAY_KEY"],
    max_retries=0,
)
messages = [{"role": "user", "content": "What is money redeemable in specie?"}]
seen = {"models": [model.id for model in client.models.list()]}

answer = client.chat.completions.create(model="demo", messages=messages, max_tokens=48)
seen["plain"] = {
    "content": answer.choices[0].message.content,
    "finish_reason": answer.choices[0].finish_reason,
    "prompt_tokens": answer.usage.prompt_tokens,
    "completion_tokens": answer.usage.completion_tokens,
}

content, usage = "", None
stream = client.chat.completions.create(
    model="demo",
    messages=messages,
    max_tokens=48,
    stream=True,
    stream_options={"include_usage": True},
)
for chunk in stream:
    usage = chunk.usage or usage
    for choice in chunk.choices:
        content += choice.delta.content or ""
seen["streamed"] = {
    "content": content,
    "prompt_tokens": usage.prompt_tokens,
    "completion_tokens": usage.completion_tokens,
}


def refusal(request):
    """Status and body of the error that a request raises."""
    try:
        request()
    except openai.APIStatusError as error:
        return {"status": error.status_code, "body": error.body, "type": type(error).__name__}
    return None


seen["beyond_allowance"] = refusal(
    lambda: client.chat.completions.create(
        model="demo", messages=[{"role": "user", "content": "x" * 100}], max_tokens=400
    )
)
seen["unknown_model"] = refusal(
    lambda: client.chat.completions.create(model="none", messages=messages)
)
stranger = client.with_options(api_key="sk-specie-" + "1" * 40)
seen["unknown_key"] = refusal(
    lambda: stranger.chat.completions.create(model="demo", messages=messages)
)
print(json.dumps(seen))
