// Prepares Specie's IDL for Codama's Anchor importer, which knows neither type aliases nor two things of one name.

/**
 * An IDL of Anchor, as far as this step reads it.
 * @typedef {{ name: string, discriminator: number[] }} Discriminated
 * @typedef {{ name: string, docs?: string[], type: { kind: string, alias?: unknown } }} TypeDefinition
 * @typedef {{ code: number, name: string, msg: string }} ErrorDefinition
 * @typedef {{ accounts: Discriminated[], events: Discriminated[], types: TypeDefinition[], errors: ErrorDefinition[] }} Idl
 */

/** Accounts that are renamed: `stake` is an instruction, too, and both would export STAKE_DISCRIMINATOR. */
const RENAMED_ACCOUNTS = new Map([["Stake", "StakeAccount"]]);

/** What an event's type is called: `Redeemed` becomes `RedeemedEvent`. @param {string} name */
export const eventType = (name) => `${name}Event`;

/**
 * Replaces every reference to a type by `replace`'s answer.
 * @param {unknown} node
 * @param {(name: string) => unknown} replace
 * @returns {unknown}
 */
function mapReferences(node, replace) {
  if (Array.isArray(node)) return node.map((item) => mapReferences(item, replace));
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node);
  const [key, value] = entries[0] ?? [];
  if (entries.length === 1 && key === "defined" && typeof value === "object" && value !== null && "name" in value) {
    return replace(String(value.name));
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, mapReferences(item, replace)]));
}

/**
 * The IDL without type aliases, with renamed accounts, and with each event as a defined type.
 *
 * Errors are left out: Codama's sentences are blanked in production builds, so scripts/tables.mjs writes them.
 * Aliases are followed to their end. A cycle of aliases, or an alias with type parameters, is refused.
 * @param {Idl} idl
 * @returns {Idl}
 */
export function inlineIdl(idl) {
  const aliases = new Map(idl.types.filter((type) => type.type.kind === "type").map((type) => [type.name, type]));
  const renamed = new Map([...RENAMED_ACCOUNTS, ...idl.events.map((event) => /** @type {const} */ ([event.name, eventType(event.name)]))]);

  /** @param {string} name @param {string[]} path @returns {unknown} */
  const resolve = (name, path) => {
    const alias = aliases.get(name);
    if (alias === undefined) return { defined: { name: renamed.get(name) ?? name } };
    if (path.includes(name)) throw new Error(`idl: the aliases ${[...path, name].join(" → ")} are a cycle`);
    if ("generics" in alias) throw new Error(`idl: the alias ${name} has type parameters, which cannot be inlined`);
    return mapReferences(alias.type.alias, (next) => resolve(next, [...path, name]));
  };

  /** @template {{ name: string }} T @param {T} item @returns {T} */
  const rename = (item) => ({ ...item, name: renamed.get(item.name) ?? item.name });
  const inlined = /** @type {Idl} */ (mapReferences({ ...idl, types: idl.types.filter((type) => !aliases.has(type.name)) }, (name) => resolve(name, [])));
  return { ...inlined, accounts: inlined.accounts.map(rename), types: inlined.types.map(rename), events: [], errors: [] };
}
