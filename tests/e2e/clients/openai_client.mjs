// The official OpenAI package for JavaScript, unmodified, against a gateway.
//
// Prints what it saw as JSON, as openai_client.py does; whoever runs it knows what it should be.

import { createRequire } from "node:module";

// Packages are where the test suite installed them, not beside this file.
const { default: OpenAI } = createRequire(process.env.NODE_PACKAGES + "/")("openai");

const connect = (apiKey) =>
  new OpenAI({ baseURL: process.env.GATEWAY_URL + "/v1", apiKey, maxRetries: 0 });
const client = connect(process.env.GATEWAY_KEY);
const messages = [{ role: "user", content: "What is money redeemable in specie?" }];
const seen = { models: [] };
for await (const model of client.models.list()) seen.models.push(model.id);

const answer = await client.chat.completions.create({ model: "demo", messages, max_tokens: 48 });
seen.plain = {
  content: answer.choices[0].message.content,
  finish_reason: answer.choices[0].finish_reason,
  prompt_tokens: answer.usage.prompt_tokens,
  completion_tokens: answer.usage.completion_tokens,
};

const stream = await client.chat.completions.create({
  model: "demo",
  messages,
  max_tokens: 48,
  stream: true,
  stream_options: { include_usage: true },
});
let content = "";
let usage = null;
for await (const chunk of stream) {
  usage = chunk.usage ?? usage;
  for (const choice of chunk.choices) content += choice.delta.content ?? "";
}
seen.streamed = {
  content,
  prompt_tokens: usage.prompt_tokens,
  completion_tokens: usage.completion_tokens,
};

// Status and body of the error that a request is refused with.
const refusal = async (request) => {
  try {
    await request();
    return null;
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    return { status: error.status, body: error.error, type: error.constructor.name };
  }
};

seen.beyond_allowance = await refusal(() =>
  client.chat.completions.create({
    model: "demo",
    messages: [{ role: "user", content: "x".repeat(100) }],
    max_tokens: 400,
  }),
);
seen.unknown_model = await refusal(() =>
  client.chat.completions.create({ model: "none", messages }),
);
const stranger = connect("sk-specie-" + "1".repeat(40));
seen.unknown_key = await refusal(() =>
  stranger.chat.completions.create({ model: "demo", messages }),
);
console.log(JSON.stringify(seen));
