// Tables that Codama does not render: of the IDL, events by discriminator and refusals by code; of openapi.json, a gateway's reasons.

import { eventType } from "./inline.mjs";

/** @typedef {import("./inline.mjs").Idl} Idl */

const NOTE = "// Generated from idl/specie.json by `npm run generate`: do not edit.\n\n";

/** Eight bytes as hexadecimal. @param {number[]} bytes */
const hex = (bytes) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {Idl} idl @returns {string} a module that decodes an event's body by its discriminator */
export function eventsModule(idl) {
  const types = idl.events.map((event) => eventType(event.name));
  const imports = types.flatMap((type) => [`get${type}Decoder`, `type ${type}`]);
  const union = idl.events.map((event) => `  | { readonly name: "${event.name}"; readonly data: ${eventType(event.name)} }`);
  const cases = idl.events.map((event) =>
    `  "${hex(event.discriminator)}": { name: "${event.name}", decoder: get${eventType(event.name)}Decoder },`);
  return `${NOTE}import {\n${imports.map((name) => `  ${name},`).join("\n")}\n} from "../types/index.js";

/** One of the program's events, by its name. */
export type SpecieEvent =
${union.join("\n")};

/** The name of one of the program's events. */
export type SpecieEventName = SpecieEvent["name"];

/** Every event's name and decoder by its discriminator: the first eight bytes in the log, in hexadecimal. */
export const EVENTS = {
${cases.join("\n")}
} as const;
`;
}

/** @param {Idl} idl @returns {string} a module with every refusal's name and sentence by its code */
export function refusalsModule(idl) {
  const rows = idl.errors.map((error) => `  ${error.code}: [${JSON.stringify(error.name)}, ${JSON.stringify(error.msg)}],`);
  return `${NOTE}/** Every refusal of the program: its name and its sentence, which names the remedy, by code. */
export const REFUSALS = {
${rows.join("\n")}
} as const;

/** The code of one of the program's refusals. */
export type RefusalCode = keyof typeof REFUSALS;

/** The name of one of the program's refusals. */
export type RefusalName = (typeof REFUSALS)[RefusalCode][0];
`;
}

/** A reason as the document's descriptions name it, one a line. */
const REASON = /^`([a-z0-9_]+)`: (.+)$/u;

/** Every description in a document. @param {unknown} value @returns {string[]} */
function descriptionsIn(value) {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "description" && typeof inner === "string" ? [inner] : descriptionsIn(inner)));
}

/** @param {unknown} document the gateway's OpenAPI document @returns {string} a module with every reason's meaning by its code */
export function reasonsModule(document) {
  const lines = descriptionsIn(document).flatMap((description) => description.split("\n"));
  const meanings = new Map(lines.flatMap((line) => {
    const [, code, meaning] = REASON.exec(line) ?? [];
    return code === undefined || meaning === undefined ? [] : [/** @type {const} */ ([code, meaning])];
  }));
  const rows = [...meanings].sort(([left], [right]) => (left < right ? -1 : 1)).map(([code, meaning]) => `  ${code}: ${JSON.stringify(meaning)},`);
  return `// Generated from openapi.json by \`npm run generate\`: do not edit.

/** Why a gateway refuses: what each reason means, by its code. A newer gateway may have others. */
export const REASONS = {
${rows.join("\n")}
} as const;

/** The code of one of the reasons that this build knows. */
export type Reason = keyof typeof REASONS;
`;
}
