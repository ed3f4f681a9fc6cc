// Bundles one import of each entry point and fails where it is larger than it may be: what is not used must not be there.

import { gzipSync } from "node:zlib";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const PACKAGE = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** One name of each entry point, and the most compressed bytes that it may bring beside @solana/kit. */
const IMPORTS = [
  { entry: "generated", name: "getRedeemInstruction", most: 1_500 },
  { entry: "accounts", name: "findVaults", most: 1_900 },
  { entry: "quotes", name: "quotePurchase", most: 6_000 },
  { entry: "quotes", name: "valueOf", most: 5_000 },
  { entry: "messages", name: "readRecord", most: 2_300 },
  // With why a gateway refuses, by code, which every one of its errors reads.
  { entry: "gateway", name: "streamChat", most: 3_100 },
  { entry: "events", name: "decodeEvents", most: 3_800 },
  { entry: "errors", name: "explain", most: 10_500 },
  { entry: "plans", name: "redeem", most: 2_000 },
];

/** @param {string} entry @param {string} name @returns {Promise<number>} compressed bytes of the bundle */
async function sizeOf(entry, name) {
  const id = "virtual:import";
  const built = await build({
    root: PACKAGE,
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "one-import",
        resolveId: (source) => (source === id ? `\0${id}` : null),
        load: (source) => (source === `\0${id}` ? `export { ${name} } from ${JSON.stringify(resolve(PACKAGE, "dist", entry, "index.js"))};` : null),
      },
    ],
    build: { write: false, minify: true, rollupOptions: { input: id, external: [/^@solana\/kit$/u], preserveEntrySignatures: "strict", output: { format: "es" } } },
  });
  const outputs = [built].flat().flatMap((one) => ("output" in one ? one.output : []));
  return outputs.reduce((sum, chunk) => sum + (chunk.type === "chunk" ? gzipSync(chunk.code).length : 0), 0);
}

let isTooLarge = false;
for (const { entry, name, most } of IMPORTS) {
  const size = await sizeOf(entry, name);
  isTooLarge ||= size > most;
  console.log(`${`${entry}: ${name}`.padEnd(34)} ${String(size).padStart(6)} of ${most} bytes${size > most ? ": too large" : ""}`);
}
if (isTooLarge) {
  console.error("an import brings more than it may: find what it pulls in, or raise its limit in scripts/size.mjs with the reason");
  process.exit(1);
}
