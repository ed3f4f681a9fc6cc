/** What the program did: its events in a log, and its instructions in a transaction. */
export * from "./decode.js";
export * from "./transaction.js";
