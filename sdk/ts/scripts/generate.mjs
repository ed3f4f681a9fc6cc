// Writes src/generated from idl/specie.json. With --check it writes nothing and fails if a committed file differs.

import { addPdasVisitor, transformU8ArraysToBytesVisitor, updateInstructionsVisitor } from "@codama/visitors";
import { assertIsNode, constantPdaSeedNodeFromString, numberTypeNode, publicKeyTypeNode, variablePdaSeedNode } from "@codama/nodes";
import { rootNodeFromAnchor } from "@codama/nodes-from-anchor";
import { renderVisitor } from "@codama/renderers-js";
import { visit } from "@codama/visitors-core";
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inlineIdl } from "./inline.mjs";
import { apiModule } from "./openapi.mjs";
import { eventsModule, reasonsModule, refusalsModule } from "./tables.mjs";

const PACKAGE = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const REPOSITORY = resolve(PACKAGE, "../..");
const GENERATED = join(PACKAGE, "src/generated");

/** @param {string} path */
const readJson = async (path) => JSON.parse(await readFile(join(REPOSITORY, path), "utf8"));

/** @param {string} name */
const key = (name) => variablePdaSeedNode(name, publicKeyTypeNode());

/** Addresses whose bump an instruction names, or whose seed is a number: the IDL does not describe them. */
const PDAS = [
  { name: "voucher", seeds: [constantPdaSeedNodeFromString("utf8", "voucher"), key("vault"), key("session")] },
  { name: "stake", seeds: [constantPdaSeedNodeFromString("utf8", "stake"), key("pool"), key("owner")] },
  { name: "change", seeds: [constantPdaSeedNodeFromString("utf8", "change"), key("currency"), variablePdaSeedNode("index", numberTypeNode("u64"))] },
];

/** Codama's imports name no files; Node needs them named. @param {string} code @param {string} from @param {Set<string>} files */
function nameFiles(code, from, files) {
  return code.replace(/(from\s+|import\()(["'])(\.[^"']*)\2/gu, (_, before, quote, path) => {
    const target = join(dirname(from), path);
    const named = files.has(`${target}.ts`) ? `${path}.js` : `${path.replace(/\/$/u, "")}/index.js`;
    return `${before}${quote}${named}${quote}`;
  });
}

/** @param {string} folder @returns {Promise<Map<string, string>>} every file's text by its path in the folder */
async function readFolder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.sort().map(async (path) => /** @type {const} */ ([relative(folder, path), await readFile(path, "utf8")]))));
}

/** @returns {Promise<Map<string, string>>} */
async function generate() {
  const idl = await readJson("idl/specie.json");
  const imported = rootNodeFromAnchor(/** @type {import("@codama/nodes-from-anchor").AnchorIdl} */ (/** @type {unknown} */ (inlineIdl(idl))));
  const visitors = [
    addPdasVisitor({ specie: PDAS }),
    transformU8ArraysToBytesVisitor("*"),
    // The account that signs is `vendor`, too.
    updateInstructionsVisitor({ updateVault: { arguments: { vendor: { name: "nextVendor" } } } }),
  ];
  /** @type {import("@codama/nodes").Node} */
  let root = imported;
  for (const visitor of visitors) {
    /** @type {import("@codama/nodes").Node | null} */
    const visited = visit(root, visitor);
    if (visited === null) throw new Error("idl: a visitor removed the whole program");
    root = visited;
  }
  assertIsNode(root, "rootNode");
  const folder = await mkdtemp(join(tmpdir(), "specie-sdk-"));
  try {
    await visit(root, renderVisitor(folder, { syncPackageJson: false, prettierOptions: { printWidth: 120 } }));
    const rendered = await readFolder(folder);
    const names = new Set(rendered.keys());
    const files = new Map([...rendered].map(([path, code]) => [path, nameFiles(code, path, names)]));
    files.set("tables/events.ts", eventsModule(idl));
    files.set("tables/refusals.ts", refusalsModule(idl));
    files.set("tables/reasons.ts", reasonsModule(await readJson("crates/claims/openapi.json")));
    files.set("gateway/api.ts", await apiModule(join(REPOSITORY, "crates/claims/openapi.json")));
    return files;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const files = await generate();
const committed = await readFolder(GENERATED);
const differing = [...new Set([...files.keys(), ...committed.keys()])].filter((path) => files.get(path) !== committed.get(path)).sort();
if (process.argv.includes("--check")) {
  if (differing.length > 0) {
    console.error(`sdk/ts/src/generated differs from what idl/specie.json and openapi.json give:\n  ${differing.join("\n  ")}\nrun \`npm run generate --workspace @specie/sdk\` and commit the result`);
    process.exit(1);
  }
} else {
  await rm(GENERATED, { recursive: true, force: true });
  for (const [path, code] of files) {
    await mkdir(dirname(join(GENERATED, path)), { recursive: true });
    await writeFile(join(GENERATED, path), code);
  }
  console.log(`${files.size} files, ${differing.length} of them changed`);
}
