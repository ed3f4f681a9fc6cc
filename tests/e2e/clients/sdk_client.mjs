// The TypeScript SDK as it is built, against a node and a gateway.
//
// Reads a voucher by the node's RPC, opens a session, asks twice, verifies every record, and raises the allowance. Prints what
// it saw as JSON; whoever runs it knows what it should be.

import { createKeyPairSignerFromBytes, createSolanaRpc } from "@solana/kit";
import { VAULT, VOUCHER, fetchAll, fetchCurrencyState, findVaults, findVouchers } from "@specie/sdk/accounts";
import { GatewayError, chat, connectGateway, listRecords, openSession, raiseAllowance, showSession, streamChat } from "@specie/sdk/gateway";
import { emptyStatement, follow, readRecord, termsOf } from "@specie/sdk/messages";
import { clusterOf } from "@specie/sdk/plans";
import { quoteClose, unconsumed, valueOrThrow, vaultHealth } from "@specie/sdk/quotes";
import { readFile } from "node:fs/promises";

const { RPC_URL, GATEWAY_URL, MINT, VOUCHER: address, SESSION_KEY } = process.env;
const rpc = createSolanaRpc(RPC_URL);
const { currency, standard, book, supply, now } = await fetchCurrencyState(rpc, MINT);
const [voucher] = await fetchAll(rpc, VOUCHER, [address]);
const [vault] = await fetchAll(rpc, VAULT, [voucher.data.vault]);
const found = await findVouchers(rpc, { vault: vault.address, session: voucher.data.session });
const vaults = await findVaults(rpc, currency.address);

const session = await createKeyPairSignerFromBytes(Uint8Array.from(JSON.parse(await readFile(SESSION_KEY, "utf8"))));
const { issuer } = vault.data;
const terms = termsOf(address, voucher.data);
const request = { terms, issuer, cluster: clusterOf(currency.data), session, allowance: 2_000_000n };
const gateway = connectGateway(GATEWAY_URL);
const opened = await openSession(gateway, request);
const { apiKey } = opened;

const ask = { model: "demo", messages: [{ role: "user", content: "What is money redeemable in specie?" }], max_tokens: 48 };
const plain = await chat(gateway, ask, { apiKey });
const streamed = { text: "", record: undefined };
for await (const event of streamChat(gateway, ask, { apiKey })) {
  if (event.kind === "text") streamed.text += event.text;
  if (event.kind === "usage") streamed.record = event.record;
}

const records = await listRecords(gateway, apiKey, opened.state.id);
const read = await Promise.all(records.map((record) => readRecord(record, { terms, issuer })));
const statement = read.reduce(follow, emptyStatement(voucher.data.settled));

const beyond = { ...ask, messages: [{ role: "user", content: "x".repeat(100) }], max_tokens: 400 };
const refused = await chat(gateway, beyond, { apiKey }).catch((error) => error);
const raised = await raiseAllowance(gateway, opened.state.id, { ...request, allowance: 2_100_000n });
const state = await showSession(gateway, apiKey, opened.state.id);
const rest = valueOrThrow(unconsumed({ book: book.data, supply, vault: vault.data, voucher: voucher.data }));

console.log(
  JSON.stringify(
    {
      vaults: vaults.map((one) => one.address),
      vouchers: found.map((one) => one.address),
      healthy: valueOrThrow(vaultHealth({ currency: currency.data, standard: standard.data, book: book.data, supply, vault: vault.data, now })).refusal === undefined,
      answers: [plain.answer.choices[0].message.content, streamed.text],
      charges: read.map(({ units }) => units),
      headers: [plain.units, plain.record === records[0], streamed.record === records[1]],
      cumulative: statement.cumulative,
      consumed: state.consumed,
      allowances: [opened.state.allowance, raised.allowance],
      refused: refused instanceof GatewayError ? { status: refused.status, reason: refused.reason, needs: refused.needed > 2_000_000n } : String(refused),
      closes: quoteClose(voucher.data, currency.data.params, now).ok,
      returns: rest.tokens,
    },
    (_, value) => (typeof value === "bigint" ? value.toString() : value),
  ),
);
