/** What the program did: its events in a log, and its instructions in a transaction. */
export * from "./answers.js";
export * from "./decode.js";
export * from "./transaction.js";
