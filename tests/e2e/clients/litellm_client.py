"""LiteLLM, unmodified, against a gateway as against any OpenAI-compatible server.

Prints what it saw as JSON, as openai_client.py does; whoever runs it knows what it should be.
"""

import json
import os

# It would fetch a price list when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm

litellm.telemetry = False
litellm.suppress_debug_info = True
messages = [{"role": "user", "content": "What is money redeemable in specie?"}]


def complete(model="demo", key=os.environ["GATEWAY_KEY"], messages=messages, **more):
    return litellm.completion(
        model="openai/" + model,
        api_base=os.environ["GATEWAY_URL"] + "/v1",
        api_key=key,
        messages=messages,
        num_retries=0,
        max_retries=0,
        **more,
    )


def refusal(request):
    """Status and message of the error that a request raises: LiteLLM keeps no more of the gateway's."""
    try:
        request()
    except Exception as error:
        return {
            "status": error.status_code,
            "body": {"code": str(error)},
            "type": type(error).__name__,
        }
    return None


answer = complete(max_tokens=48)
seen = {
    "plain": {
        "content": answer.choices[0].message.content,
        "prompt_tokens": answer.usage.prompt_tokens,
        "completion_tokens": answer.usage.completion_tokens,
    }
}

content, usage = "", None
for chunk in complete(max_tokens=48, stream=True, stream_options={"include_usage": True}):
    usage = getattr(chunk, "usage", None) or usage
    for choice in chunk.choices:
        content += choice.delta.content or ""
seen["streamed"] = {
    "content": content,
    "prompt_tokens": usage.prompt_tokens,
    "completion_tokens": usage.completion_tokens,
}

long = [{"role": "user", "content": "x" * 100}]
seen["beyond_allowance"] = refusal(lambda: complete(messages=long, max_tokens=400))
seen["unknown_model"] = refusal(lambda: complete(model="none"))
seen["unknown_key"] = refusal(lambda: complete(key="sk-specie-" + "1" * 40))
print(json.dumps(seen))
