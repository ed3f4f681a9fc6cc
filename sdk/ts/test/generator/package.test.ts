import { readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const SOURCES = fileURLToPath(new URL("../../src", import.meta.url));

/** Every source file's path and text. */
async function sources(): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(SOURCES, { recursive: true });
  const files = entries.filter((entry) => entry.endsWith(".ts"));
  return Promise.all(files.map(async (file) => [file, await readFile(`${SOURCES}/${file}`, "utf8")] as const));
}

test("nothing needs what Safari has not: DisposableStack, which kit's withCleanup and its client plugins use", async () => {
  const found = await sources();
  expect(found.length).toBeGreaterThan(100);
  for (const [file, text] of found) {
    expect(text, file).not.toMatch(/withCleanup|DisposableStack|Symbol\.(?:asyncD|d)ispose|\busing \w+ =|extendClient|createClient\(\)/u);
  }
});

test("nothing needs Node.js, and nothing suppresses the compiler", async () => {
  for (const [file, text] of await sources()) {
    expect(text, file).not.toMatch(/from "node:|process\.env|Buffer\.|@ts-ignore|@ts-expect-error|@ts-nocheck|\bas any\b|: any\b/u);
  }
});

test("every entry point has its source, its types and its code, and none has side effects", () => {
  expect(manifest.sideEffects).toBe(false);
  for (const [path, targets] of Object.entries(manifest.exports)) {
    const name = path === "." ? "index" : `${path.slice(2)}/index`;
    expect(targets).toEqual({ "specie-source": `./src/${name}.ts`, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });
  }
});

test("the kit is the program's callers' own", () => {
  expect(manifest.peerDependencies).toEqual({ "@solana/kit": "7.0.0" });
  expect(Object.keys(manifest.dependencies)).not.toContain("@solana/kit");
});
