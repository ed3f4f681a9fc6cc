import { REFUSALS, type RefusalCode, type RefusalName } from "../generated/tables/refusals.js";

export { REFUSALS, type RefusalCode, type RefusalName };

/** Why the program refuses, or would: the same name, code and sentence whoever finds it. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  /**
   * @param code the program's error code, from 6000
   * @param reason the error's name in the program
   * @param sentence what is wrong, and mostly what would help: where it does not say that, `explain` does
   */
  private constructor(
    readonly code: RefusalCode,
    readonly reason: RefusalName,
    readonly sentence: string,
  ) {
    super(`${sentence} (${reason} ${code})`);
  }

  /** The refusal of a program's error code; undefined for a code that is not one of Specie's. */
  static ofCode(code: number): Refusal | undefined {
    if (!isRefusalCode(code)) return undefined;
    const [reason, sentence] = REFUSALS[code];
    return new Refusal(code, reason, sentence);
  }

  /** The refusal of a name that the program knows. */
  static of(reason: RefusalName): Refusal {
    for (const [code, [name]] of Object.entries(REFUSALS)) {
      const refusal = name === reason ? Refusal.ofCode(Number(code)) : undefined;
      if (refusal !== undefined) return refusal;
    }
    throw new RangeError(`${reason} is no refusal of the program`);
  }
}

function isRefusalCode(code: number): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}

/** Throws a refusal unless a rule holds. */
export function ensure(holds: boolean, reason: RefusalName): asserts holds {
  if (!holds) throw Refusal.of(reason);
}
