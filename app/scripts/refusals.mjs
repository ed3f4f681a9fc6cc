// Writes src/components/refusal_messages.ts from idl/specie.json, the SDK's remedies and what readers are told instead: each as a
// message that Lingui translates.
import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { READER_SENTENCES } from './reader_refusals.mjs';

const { errors } = JSON.parse(readFileSync(new URL('../../idl/specie.json', import.meta.url), 'utf8'));
const target = new URL('../src/components/refusal_messages.ts', import.meta.url);
const message = (text) => `msg\`${text.replaceAll('`', '\\`')}\``;
const lines = errors.map(({ code, name, msg }) => `  ${code}: ${message(READER_SENTENCES[name] ?? msg)},`);
const unknown = Object.keys(READER_SENTENCES).filter((sentence) => !errors.some(({ name }) => name === sentence));
if (unknown.length > 0) throw new Error(`scripts/reader_refusals.mjs has sentences for no error of the IDL: ${unknown.join(', ')}`);

// The module names no other at run time, so that its text without types is a module of its own.
const source = readFileSync(new URL('../../sdk/ts/src/errors/remedies.ts', import.meta.url), 'utf8');
const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
const { REMEDIES } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
/** The SDK's remedies are for whoever writes programs with it; a reader of the page reloads. */
const onThePage = (remedy) => (/\bthis SDK\b/u.test(remedy) ? 'reload the page, so that the accounts are read again' : remedy);
const remedies = errors.flatMap(({ code, name }) =>
  REMEDIES[name] === undefined || name in READER_SENTENCES ? [] : [`  ${code}: ${message(onThePage(REMEDIES[name]))},`],
);
if (Object.keys(REMEDIES).some((remedy) => !errors.some(({ name }) => name === remedy))) throw new Error('a remedy is for no error of the IDL');
const text = `// Generated from idl/specie.json, sdk/ts/src/errors/remedies.ts and scripts/reader_refusals.mjs by \`npm run refusals\`: do not edit.

import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Every refusal of the program by its code: in words for the reader, or the program's own where those will do. */
export const REFUSAL_MESSAGES: Readonly<Record<number, MessageDescriptor>> = {
${lines.join('\n')}
};

/** What would help, where those words do not say it. */
export const REMEDY_MESSAGES: Readonly<Record<number, MessageDescriptor>> = {
${remedies.join('\n')}
};
`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/components/refusal_messages.ts is not what the IDL and the SDK say: run `npm run refusals --workspace app`');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
