import { mostFor, type BeyondLimit, type ModelOffer } from '@specie/sdk/gateway';

/** The most tokens of an answer in the page's chat. */
const MAX_TOKENS = 256;
/** How long a question is that the first signature has room for, in characters. */
const QUESTION_LENGTH = 1_000;

/** The most tokens that a model is asked for. */
export const maxTokensOf = ({ maxOutputTokens }: ModelOffer): number => (maxOutputTokens === 0 ? MAX_TOKENS : Math.min(MAX_TOKENS, maxOutputTokens));

/** What to sign for at first, in units: what one answer fits in, of the model that can cost most, and no more than is left. */
export function firstAllowance(models: readonly ModelOffer[], left: bigint): bigint {
  const messages = [{ role: 'user' as const, content: 'x'.repeat(QUESTION_LENGTH) }];
  const most = models.map((model) => mostFor({ model, messages, maxTokens: maxTokensOf(model) })).reduce((high, one) => (one > high ? one : high), 0n);
  return most === 0n || most > left ? left : most;
}

/**
 * What to sign for next, in units since the voucher was opened: what the refused answer needs and as much again, since an answer
 * costs far less than is held for it; no more than the voucher has.
 */
export function nextAllowance({ wanted, consumed }: Pick<BeyondLimit, 'wanted' | 'consumed'>, units: bigint): bigint {
  const next = wanted > consumed ? 2n * wanted - consumed : wanted;
  return next > units ? units : next;
}
