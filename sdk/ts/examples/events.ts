import { decodeEvents } from "@specie/sdk/events";

/** What the program says that a transaction did, in words. */
export function describe(logs: readonly string[]): string {
  const { events, isTruncated } = decodeEvents(logs);
  const names = events.map(({ name }) => name).join(", ");
  return isTruncated ? `${names} (the log was cut off: there may be more)` : names;
}
