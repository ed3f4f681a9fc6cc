// Fails where the bundle has more compressed script than it may. Says what it has.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Bytes of all script, compressed; mobile wallets, which Android alone loads, are left out. */
const MOST = 350 * 1024;

const folder = new URL('../dist/assets/', import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith('.js') && !name.startsWith('mobile-'));
const sizes = scripts.map((name) => ({ name, bytes: gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length }));
const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
console.log(`${(sum / 1024).toFixed(1)} KB of compressed script in ${sizes.length} files; ${MOST / 1024} KB are allowed`);
if (sum > MOST) {
  for (const { name, bytes } of sizes.toSorted((a, b) => b.bytes - a.bytes)) console.error(`${(bytes / 1024).toFixed(1)} KB ${name}`);
  process.exit(1);
}
