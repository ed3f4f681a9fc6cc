/** The program's accounts: where they are, and fetched and decoded in batches. */
export * from "./addresses.js";
export * from "./decode.js";
export * from "./fetch.js";
export * from "./find.js";
