import { connectGateway, openSession, streamChat, type SessionRequest } from "@specie/sdk/gateway";
import { readRecord } from "@specie/sdk/messages";

/** Asks a model at a vendor's gateway, and returns the answer and what it cost in units, verified. */
export async function ask(url: string, session: SessionRequest, model: string, content: string) {
  const gateway = connectGateway(url);
  const { apiKey } = await openSession(gateway, session);
  const answer = { text: "", units: 0n };
  for await (const event of streamChat(gateway, { model, messages: [{ role: "user", content }] }, { apiKey })) {
    if (event.kind === "text") answer.text += event.text;
    if (event.kind === "usage") answer.units = (await readRecord(event.record, session)).units;
  }
  return answer;
}
