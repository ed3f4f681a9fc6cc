import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import claims from "../../../../crates/claims/vectors.json" with { type: "json" };

const DISCOVERY = {
  specie: 1,
  vault: claims.vault,
  issuer: claims.issuer,
  currency: claims.vault,
  cluster: claims.cluster,
  classes: ["inference"],
  terms: "t1",
  tariffs: {},
  limits: {},
};
const VOUCHER = { voucher: claims.signed_voucher, address: claims.voucher, vault: claims.vault, class: 1, units: "1500000", settled: "0", opened_at: 1, expires_at: 2 };
const SESSION = {
  id: "sess_1",
  object: "specie.session",
  api_key: "sk-specie-1",
  created_at: 1,
  expires_at: 2,
  terms: "t1",
  voucher: claims.voucher,
  opened_at: 1_767_225_600,
  voucher_expires_at: 3,
  units: "1500000",
  allowance: "250000",
  consumed: "0",
  held: "0",
  available: "250000",
  settled: "0",
  closing: false,
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const bodies: Readonly<Record<string, readonly [number, object]>> = {
    "/.well-known/specie": [200, DISCOVERY],
    [`/v1/vouchers/${claims.voucher}`]: [200, VOUCHER],
    "/v1/sessions": [201, SESSION],
  };
  if (request.url === "/v1/chat/completions" && request.headers.authorization === `Bearer ${SESSION.api_key}`) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const content of ["Hello, ", "world"]) response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
    response.end(`: specie-usage ${claims.usage.first}\n\ndata: [DONE]\n\n`);
    return;
  }
  const [status, body] = bodies[request.url ?? ""] ?? [404, { error: { message: "there is no such thing" } }];
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** A server that says what a gateway says to the vectors' voucher, one answer to every request; tests/e2e has a real one. */
export function serveVectors(): Promise<Server> {
  const server = createServer(answer);
  return new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(server)));
}
