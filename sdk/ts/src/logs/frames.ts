import { isAddress, type Address } from "@solana/kit";

/** One line of a transaction's log, with the program that was running when it was written. */
export type LogLine =
  | { readonly kind: "data"; readonly program: Address | undefined; readonly fields: readonly string[] }
  | { readonly kind: "failed"; readonly program: Address; readonly reason: string };

/** A transaction's log, line by line. */
export interface LogFrames {
  readonly lines: readonly LogLine[];
  /** Whether the runtime cut the log off: then what is missing is unknown. */
  readonly isTruncated: boolean;
}

const DATA = "Program data: ";
const TRUNCATED = "Log truncated";

/**
 * Follows which program was running at each line, so that nothing another program writes is taken for Specie's.
 *
 * What a program says of itself begins with `Program log: `, whose second word is no address; it opens and closes no frame.
 */
export function readFrames(logs: readonly string[]): LogFrames {
  const running: Address[] = [];
  const lines: LogLine[] = [];
  // Behind the cut shorter lines may still stand, and which program wrote them is unknown.
  const end = logs.indexOf(TRUNCATED);
  const isTruncated = end >= 0;
  for (const line of isTruncated ? logs.slice(0, end) : logs) {
    if (line.startsWith(DATA)) lines.push({ kind: "data", program: running.at(-1), fields: line.slice(DATA.length).split(" ") });
    else {
      const failed = followFrame(line, running);
      if (failed !== undefined) lines.push(failed);
    }
  }
  return { lines, isTruncated };
}

/** Opens or closes a frame; returns how a program failed, if this line says so. */
function followFrame(line: string, running: Address[]): LogLine | undefined {
  const [first, program = "", verb = ""] = line.split(" ", 3);
  if (first !== "Program" || !isAddress(program)) return undefined;
  if (verb === "invoke") running.push(program);
  if (verb === "success") running.pop();
  if (verb !== "failed:") return undefined;
  running.pop();
  return { kind: "failed", program, reason: line.slice(`Program ${program} failed: `.length) };
}
