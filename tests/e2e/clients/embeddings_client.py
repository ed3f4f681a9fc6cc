"""The official OpenAI client asks for embeddings; prints how similar the texts are, and what was metered."""

import json
import os

import openai

client = openai.OpenAI(
    base_url=os.environ["GATEWAY_URL"] + "/v1",
    api_key=os.environ["GATEWAY_KEY"],
    max_retries=0,
)
texts = [
    "A cat sits on the mat.",
    "A kitten rests on a rug.",
    "The stock market fell sharply today.",
]
together = client.embeddings.create(model="all-MiniLM-L6-v2", input=texts)
alone = client.embeddings.create(model="all-MiniLM-L6-v2", input=texts[0], encoding_format="float")
cat, kitten, market = (entry.embedding for entry in together.data)


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


print(
    json.dumps(
        {
            "dimensions": len(cat),
            "length": cosine(cat, cat),
            "cat_kitten": cosine(cat, kitten),
            "cat_market": cosine(cat, market),
            "alone": cosine(cat, alone.data[0].embedding),
            "prompt_tokens": [together.usage.prompt_tokens, alone.usage.prompt_tokens],
        }
    )
)
