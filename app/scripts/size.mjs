// Fails where the production bundle has more compressed script than it may, or the burner wallet. Says what it has.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Bytes of all script, compressed; mobile wallets, which Android alone loads, are left out. */
const MOST = 350 * 1024;

const folder = new URL('../dist/assets/', import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith('.js') && !name.startsWith('mobile-'));
const sizes = scripts.map((name) => ({ name, bytes: gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length }));
// The burner keeps its key in the open: development and test builds alone have it.
const burners = scripts.filter((name) => readFileSync(new URL(name, folder), 'utf8').includes('specie.burner'));
if (burners.length > 0) {
  console.error(`${burners.join(', ')}: the bundle has the burner wallet, which production builds must not have`);
  process.exit(1);
}
const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
console.log(`${(sum / 1024).toFixed(1)} KB of compressed script in ${sizes.length} files; ${MOST / 1024} KB are allowed`);
if (sum > MOST) {
  for (const { name, bytes } of sizes.toSorted((a, b) => b.bytes - a.bytes)) console.error(`${(bytes / 1024).toFixed(1)} KB ${name}`);
  process.exit(1);
}
