import { expect, test } from "vitest";
import idl from "../../../../idl/specie.json" with { type: "json" };
import { inlineIdl, type Idl } from "../../scripts/inline.mjs";

const alias = (name: string, to: unknown) => ({ name, type: { kind: "type", alias: to } });
const struct = (name: string, ...types: readonly unknown[]) => ({
  name,
  type: { kind: "struct", fields: types.map((type, index) => ({ name: `f${index}`, type })) },
});
const defined = (name: string) => ({ defined: { name } });
const idlOf = (types: Idl["types"], events: Idl["events"] = [], accounts: Idl["accounts"] = []): Idl => ({ types, events, accounts, errors: [] });

test("aliases are followed to their end, wherever they stand", () => {
  const types = [alias("A", defined("B")), alias("B", { vec: defined("C") }), alias("C", "u64"), struct("S", defined("A"), { option: defined("C") }, defined("T")), struct("T")];
  expect(inlineIdl(idlOf(types)).types).toEqual([struct("S", { vec: "u64" }, { option: "u64" }, defined("T")), struct("T")]);
});

test("a cycle of aliases, and one with type parameters, rejects", () => {
  const cycle = [alias("A", defined("B")), alias("B", defined("A")), struct("S", defined("A"))];
  expect(() => inlineIdl(idlOf(cycle))).toThrow("the aliases A → B → A are a cycle");
  const generic = [{ ...alias("A", "u64"), generics: [] }, struct("S", defined("A"))];
  expect(() => inlineIdl(idlOf(generic))).toThrow("the alias A has type parameters");
});

test("an event becomes a type, and the Stake account another than the instruction", () => {
  const types = [struct("Staked", defined("Stake")), struct("Stake")];
  const inlined = inlineIdl(idlOf(types, [{ name: "Staked", discriminator: [1] }], [{ name: "Stake", discriminator: [2] }]));
  expect(inlined.events).toEqual([]);
  expect(inlined.accounts).toEqual([{ name: "StakeAccount", discriminator: [2] }]);
  expect(inlined.types).toEqual([struct("StakedEvent", defined("StakeAccount")), struct("StakeAccount")]);
});

test("nothing of the program's own IDL is lost", () => {
  const inlined = inlineIdl(idl as unknown as Idl);
  const aliases = idl.types.filter((type) => type.type.kind === "type").length;
  expect(inlined.types.length).toBe(idl.types.length - aliases);
  expect(JSON.stringify(inlined)).not.toContain('"kind":"type"');
});
