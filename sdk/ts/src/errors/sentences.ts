import {
  SOLANA_ERROR__BLOCK_HEIGHT_EXCEEDED,
  SOLANA_ERROR__INSTRUCTION_ERROR__COMPUTATIONAL_BUDGET_EXCEEDED,
  SOLANA_ERROR__INSTRUCTION_ERROR__ILLEGAL_OWNER,
  SOLANA_ERROR__INSTRUCTION_ERROR__INSUFFICIENT_FUNDS,
  SOLANA_ERROR__INSTRUCTION_ERROR__INVALID_ACCOUNT_DATA,
  SOLANA_ERROR__INSTRUCTION_ERROR__INVALID_ACCOUNT_OWNER,
  SOLANA_ERROR__INSTRUCTION_ERROR__INVALID_INSTRUCTION_DATA,
  SOLANA_ERROR__INSTRUCTION_ERROR__INVALID_SEEDS,
  SOLANA_ERROR__INSTRUCTION_ERROR__MISSING_REQUIRED_SIGNATURE,
  SOLANA_ERROR__INSTRUCTION_ERROR__NOT_ENOUGH_ACCOUNT_KEYS,
  SOLANA_ERROR__INSTRUCTION_ERROR__PROGRAM_FAILED_TO_COMPLETE,
  SOLANA_ERROR__INSTRUCTION_ERROR__UNINITIALIZED_ACCOUNT,
  SOLANA_ERROR__INSTRUCTION_ERROR__UNSUPPORTED_PROGRAM_ID,
  SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR,
  SOLANA_ERROR__TRANSACTION_ERROR__ACCOUNT_IN_USE,
  SOLANA_ERROR__TRANSACTION_ERROR__ACCOUNT_NOT_FOUND,
  SOLANA_ERROR__TRANSACTION_ERROR__ALREADY_PROCESSED,
  SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND,
  SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_FEE,
  SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_RENT,
  SOLANA_ERROR__TRANSACTION_ERROR__INVALID_PROGRAM_FOR_EXECUTION,
  SOLANA_ERROR__TRANSACTION_ERROR__PROGRAM_ACCOUNT_NOT_FOUND,
  SOLANA_ERROR__TRANSACTION_ERROR__SIGNATURE_FAILURE,
  SOLANA_ERROR__TRANSACTION_ERROR__WOULD_EXCEED_MAX_ACCOUNT_COST_LIMIT,
  SOLANA_ERROR__TRANSACTION_ERROR__WOULD_EXCEED_MAX_BLOCK_COST_LIMIT,
} from "@solana/kit";

/** What went wrong, so that a page can react to it. */
export type Cause = "refused" | "balance" | "frozen" | "account" | "expired" | "busy" | "signature" | "budget" | "network" | "program";

/** A cause, and a sentence that names the remedy. */
export type Sentence = readonly [Cause, string];

const TOO_LITTLE_SOL: Sentence = ["balance", "The wallet holds too little SOL for the fee and rent of this: send it some SOL, and try again"];
const EXPIRED: Sentence = ["expired", "The transaction expired before it was processed, and nothing happened: try again"];
const BUSY: Sentence = ["busy", "The network is busy with this account: try again, or with a higher priority fee"];
const OUTDATED: Sentence = ["program", "The program does not understand this instruction: reload, to get the client of the program's version"];
const WRONG_ACCOUNT: Sentence = ["account", "An account is not what the program expects: reload, so that accounts are fetched again"];

/** Failures of a transaction or its instructions that no program's own code says, by kit's error codes. */
export const BY_KIT_CODE: Readonly<Record<number, Sentence>> = {
  [SOLANA_ERROR__TRANSACTION_ERROR__ACCOUNT_NOT_FOUND]: TOO_LITTLE_SOL,
  [SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_FEE]: TOO_LITTLE_SOL,
  [SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_RENT]: TOO_LITTLE_SOL,
  [SOLANA_ERROR__INSTRUCTION_ERROR__INSUFFICIENT_FUNDS]: TOO_LITTLE_SOL,
  [SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND]: EXPIRED,
  [SOLANA_ERROR__BLOCK_HEIGHT_EXCEEDED]: EXPIRED,
  [SOLANA_ERROR__TRANSACTION_ERROR__ALREADY_PROCESSED]: ["expired", "This transaction was processed already: look at what it did before sending another"],
  [SOLANA_ERROR__TRANSACTION_ERROR__ACCOUNT_IN_USE]: BUSY,
  [SOLANA_ERROR__TRANSACTION_ERROR__WOULD_EXCEED_MAX_BLOCK_COST_LIMIT]: BUSY,
  [SOLANA_ERROR__TRANSACTION_ERROR__WOULD_EXCEED_MAX_ACCOUNT_COST_LIMIT]: BUSY,
  [SOLANA_ERROR__TRANSACTION_ERROR__SIGNATURE_FAILURE]: ["signature", "A signature of the transaction is not valid: sign it again"],
  [SOLANA_ERROR__INSTRUCTION_ERROR__MISSING_REQUIRED_SIGNATURE]: ["signature", "A signature is missing: sign with the account that this belongs to"],
  [SOLANA_ERROR__TRANSACTION_ERROR__PROGRAM_ACCOUNT_NOT_FOUND]: ["network", "The program is not deployed on this cluster: check which cluster the RPC serves"],
  [SOLANA_ERROR__TRANSACTION_ERROR__INVALID_PROGRAM_FOR_EXECUTION]: ["network", "The program is not deployed on this cluster: check which cluster the RPC serves"],
  [SOLANA_ERROR__INSTRUCTION_ERROR__UNSUPPORTED_PROGRAM_ID]: ["network", "The program is not deployed on this cluster: check which cluster the RPC serves"],
  [SOLANA_ERROR__INSTRUCTION_ERROR__COMPUTATIONAL_BUDGET_EXCEEDED]: ["budget", "The transaction needs more compute units than its limit: raise the limit, and try again"],
  [SOLANA_ERROR__INSTRUCTION_ERROR__PROGRAM_FAILED_TO_COMPLETE]: ["budget", "The program could not finish, most often for want of compute units: raise the limit, and try again"],
  [SOLANA_ERROR__INSTRUCTION_ERROR__INVALID_INSTRUCTION_DATA]: OUTDATED,
  [SOLANA_ERROR__INSTRUCTION_ERROR__NOT_ENOUGH_ACCOUNT_KEYS]: OUTDATED,
  [SOLANA_ERROR__INSTRUCTION_ERROR__INVALID_SEEDS]: WRONG_ACCOUNT,
  [SOLANA_ERROR__INSTRUCTION_ERROR__ILLEGAL_OWNER]: WRONG_ACCOUNT,
  [SOLANA_ERROR__INSTRUCTION_ERROR__INVALID_ACCOUNT_OWNER]: WRONG_ACCOUNT,
  [SOLANA_ERROR__INSTRUCTION_ERROR__INVALID_ACCOUNT_DATA]: WRONG_ACCOUNT,
  [SOLANA_ERROR__INSTRUCTION_ERROR__UNINITIALIZED_ACCOUNT]: ["account", "An account does not exist any more, or not yet: reload, so that accounts are fetched again"],
  [SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR]: ["network", "The RPC does not answer as it must: try again, or choose another RPC"],
};

/** Refusals of the framework that the program is written in, by its codes. */
export const BY_FRAMEWORK_CODE: Readonly<Record<number, Sentence>> = {
  2000: ["account", "An account must be writable in this instruction: build it with this SDK"],
  2001: ["account", "Two accounts do not belong together: reload, so that accounts are fetched again"],
  2003: ["account", "An account does not meet a condition of the instruction: reload, so that accounts are fetched again"],
  2005: ["balance", "An account would hold too little SOL for its rent: send the wallet some SOL, and try again"],
  2007: ["account", "An account must be a program: build the instruction with this SDK"],
  2011: ["account", "An account cannot be closed into itself: name another account"],
  2012: ["account", "An account is not at the address that the program expects: reload, so that accounts are fetched again"],
  2013: ["account", "An account holds data already where it must be empty: name a fresh one"],
  2019: ["account", "An account is not as long as it must be: build it with this SDK"],
  2020: ["account", "An account is missing that the instruction needs: build it with this SDK"],
  2040: ["account", "One account stands twice where two are needed: name two accounts"],
  2500: ["program", "A condition of the program does not hold: please report this transaction"],
  2501: ["program", "Two values of the program must be equal, and are not: please report this transaction"],
  2502: ["program", "Two keys of the program must be equal, and are not: please report this transaction"],
  2503: ["program", "Two values of the program must differ, and do not: please report this transaction"],
  2504: ["program", "Two keys of the program must differ, and do not: please report this transaction"],
  2505: ["program", "A value of the program must be greater than another, and is not: please report this transaction"],
  2506: ["program", "A value of the program must be at least another, and is not: please report this transaction"],
};

/** Refusals of the Token program, by its codes. */
export const BY_TOKEN_CODE: Readonly<Record<number, Sentence>> = {
  0: ["balance", "A token account holds too little SOL for its rent: send it some SOL"],
  1: ["balance", "A token account holds less than this takes from it: choose a smaller amount, or top it up"],
  2: ["account", "The mint is not one of the Token program: check the currency's mint"],
  3: ["account", "A token account is of another mint than this needs: choose an account of the right token"],
  4: ["signature", "A token account belongs to another key than the one that signs: connect its owner's wallet"],
  5: ["account", "The mint's supply is fixed, and nothing more can be minted: check the currency's mint"],
  6: ["account", "The account is in use already: name a fresh one"],
  7: ["signature", "A multisignature account names another number of signers: check its signers"],
  8: ["signature", "A multisignature account needs another number of signers: check its signers"],
  9: ["account", "A token account is not set up yet: create it first"],
  10: ["account", "This does not work with wrapped SOL: choose another token"],
  11: ["account", "Only an account of wrapped SOL can be closed with a balance: empty it first"],
  12: OUTDATED,
  13: ["account", "A token account is in a state in which this does not work: reload, so that accounts are fetched again"],
  14: ["program", "An amount is too large for the Token program: choose a smaller amount"],
  15: ["account", "The Token program does not know this kind of authority: build the instruction with this SDK"],
  16: ["account", "The mint has no freeze authority: nothing of it can be frozen"],
  17: ["frozen", "A token account is frozen by its mint's issuer: only the issuer can thaw it"],
  18: ["account", "The mint has other decimals than this expects: reload, so that accounts are fetched again"],
  19: ["account", "This works only with wrapped SOL: choose an account of wrapped SOL"],
};

/** Refusals of the System program, by its codes. */
export const BY_SYSTEM_CODE: Readonly<Record<number, Sentence>> = {
  0: ["account", "An account that this would create exists already: reload; what it should create may be there"],
  1: TOO_LITTLE_SOL,
};

/** Refusals of the program of associated token accounts, by its codes. */
export const BY_ASSOCIATED_TOKEN_CODE: Readonly<Record<number, Sentence>> = {
  0: ["account", "The associated token account belongs to another owner: name a token account of the right owner"],
};
