// Writes src/components/refusal_messages.ts from idl/specie.json: each refusal as a message that Lingui translates.
import { readFileSync, writeFileSync } from 'node:fs';

const { errors } = JSON.parse(readFileSync(new URL('../../idl/specie.json', import.meta.url), 'utf8'));
const target = new URL('../src/components/refusal_messages.ts', import.meta.url);
const lines = errors.map(({ code, msg }) => `  ${code}: msg\`${msg.replaceAll('`', '\\`')}\`,`);
const text = `// Generated from idl/specie.json by \`npm run refusals\`: do not edit.

import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Every refusal of the program, in the program's own words, by its code. */
export const REFUSAL_MESSAGES: Readonly<Record<number, MessageDescriptor>> = {
${lines.join('\n')}
};
`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/components/refusal_messages.ts is not what the IDL says: run `npm run refusals --workspace app`');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
