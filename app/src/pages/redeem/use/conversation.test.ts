import { address } from '@solana/kit';
import type { Charge } from '@specie/sdk/gateway';
import { describe, expect, it } from 'vitest';
import { conversationOf, read, updateConversation, write } from './conversation.ts';

const charge = { price: 152_000n, isAsPublished: true, record: { units: 152_000n, number: 1n } } as unknown as Charge;

describe('a conversation', () => {
  it('is read as it was written, amounts included', () => {
    const said = {
      turns: [
        { role: 'user', content: 'What is an SCU? {"bigint":"7"}' },
        { role: 'assistant', content: 'An hour.', charge },
      ],
      draft: 'and',
    } as const;
    expect(read(write(said))).toEqual(said);
  });

  it('has a question without its answer as a draft again, and loses nothing that is being typed', () => {
    const asked = [{ role: 'user', content: 'Why?' }] as const;
    expect(read(write({ turns: asked, draft: '' }))).toEqual({ turns: [], draft: 'Why?' });
    expect(read(write({ turns: asked, draft: 'Because' }))).toEqual({ turns: [], draft: 'Because' });
  });

  it('is empty where what is kept is none', () => {
    for (const odd of [null, '', '{', '[]', '{"turns":7}', 'null', '{"turns":[{"role":"system"},7]}']) expect(read(odd)).toEqual({ turns: [], draft: '' });
  });

  it('is kept in the tab for its voucher alone', () => {
    const [one, other] = [address('C3gv3oLhqNK36iwhWxuG92Rm3jNpFReSRKjZyNYLup2S'), address('11111111111111111111111111111111')];
    updateConversation(one, { draft: 'hello' });
    expect(conversationOf(one).draft).toBe('hello');
    expect(conversationOf(other).draft).toBe('');
    expect(read(sessionStorage.getItem(`specie-chat-${one}`)).draft).toBe('hello');
  });
});
