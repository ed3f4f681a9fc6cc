import { Plural, Trans } from '@lingui/react/macro';
import type { Voucher } from '@specie/sdk/generated';
import { remainingUnits } from '@specie/sdk/quotes';
import type { Account } from '@solana/kit';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRefreshChain } from '../../../chain/queries.ts';
import type { Snapshot } from '../../../chain/snapshot.ts';
import { Amount } from '../../../components/amount.tsx';
import { AmountField } from '../../../components/amount_field.tsx';
import { Button } from '../../../components/button.tsx';
import { CodeBlock } from '../../../components/code.tsx';
import { ErrorNotice, Notice } from '../../../components/notice.tsx';
import { Card, Fact, Facts, Section } from '../../../components/surface.tsx';
import { Time } from '../../../components/time.tsx';
import { DECIMALS, parseAmount, plainAmount } from '../../../format/amount.ts';
import { discoveryKey, useSessionState, type GatewayState, type Vendor } from '../../../gateway/queries.ts';
import { consumerOf, openAt, type Consumer, type SignedSession } from '../../../gateway/consumer.ts';
import type { SessionRecord } from '../../../sessions/store.ts';
import { firstAllowance } from './answer.ts';
import { Chat } from './chat.tsx';
import { useConversation } from './conversation.ts';

interface SessionPanelProps {
  readonly vendor: Vendor;
  readonly gateway: Extract<GatewayState, { readonly state: 'own' }>;
  readonly voucher: Account<Voucher>;
  readonly record: SessionRecord;
  readonly snapshot: Snapshot;
}

interface Opened extends SignedSession {
  readonly consumer: Consumer;
}

/** How long the account of a voucher is from being final, which the vendor waits for, at most. */
const FINALITY_SECONDS = 30;

/** Opens a session with the vendor's gateway; then shows its key, and a chat that consumes the voucher. */
export function SessionPanel({ vendor, gateway, voucher, record, snapshot }: SessionPanelProps) {
  const left = remainingUnits(voucher.data);
  const [text, setText] = useState(() => plainAmount(firstAllowance(gateway.offer.models, left), DECIMALS));
  const { turns } = useConversation(voucher.address);
  const refresh = useRefreshChain();
  const queries = useQueryClient();
  const more = parseAmount(text, DECIMALS);
  const open = useMutation({
    mutationFn: async (allow: bigint): Promise<Opened> => {
      const consumer = await consumerOf({ url: gateway.url, voucher, vault: vendor.vault, currency: snapshot.currency, record });
      const opened = await openAt(consumer, voucher.data.settled + allow, gateway.offer);
      await refresh();
      return { ...opened, consumer };
    },
    // Its prices may have changed: they are read again, so that the next try is at those that stand on the page.
    onError: () => queries.invalidateQueries({ queryKey: discoveryKey(gateway.url) }),
  });
  if (open.data === undefined) {
    const isReady = more !== undefined && more > 0n && more <= left;
    return (
      <Section
        title={<Trans>Open a session</Trans>}
        note={
          <Trans>
            The vendor signs your voucher and gives you an API key. It serves no more than your browser has signed for, and could bring all of
            that to the chain: so sign for what you mean to use soon. More is signed only when you say so. After each answer your browser
            signs for exactly what was consumed, and that is what a vendor settles.
          </Trans>
        }
      >
        <Card>
          <form
            className="grid max-w-prose gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              if (isReady) open.mutate(more);
            }}
          >
            <AmountField label={<Trans>Sign for up to</Trans>} unit="SCU" value={text} onChange={setText} most={left} />
            <div>
              <Button type="submit" look="primary" disabled={open.isPending || !isReady}>
                {open.isPending ? <Trans>Asking the vendor…</Trans> : <Trans>Open a session</Trans>}
              </Button>
            </div>
            {turns.length > 0 && (
              <p className="text-small text-muted">
                <Trans>Your conversation is kept in this tab, and goes on once a session is open.</Trans>
              </p>
            )}
            {open.isError && <ErrorNotice error={open.error} />}
            {open.isError && (
              <p className="text-small text-muted">
                <Trans>A voucher is served once its account is final, about {FINALITY_SECONDS} seconds after it was confirmed.</Trans>
              </p>
            )}
          </form>
        </Card>
      </Section>
    );
  }
  return <OpenedSession opened={open.data} gateway={gateway} onClose={open.reset} />;
}

function OpenedSession({ opened, gateway, onClose }: { readonly opened: Opened; readonly gateway: SessionPanelProps['gateway']; readonly onClose: () => void }) {
  const { consumer, session, allowance } = opened;
  const live = useSessionState(consumer.gateway, session) ?? session.state;
  const [isShown, setShown] = useState(false);
  const model = gateway.offer.models[0];
  const key = isShown ? session.apiKey : '$SPECIE_KEY';
  const curl = [
    ...(isShown ? [] : ['# Show the key above, and: export SPECIE_KEY=…']),
    `curl ${consumer.gateway.url}/v1/chat/completions \\`,
    `  -H "Authorization: Bearer ${key}" \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"model": "${model?.id ?? ''}", "max_tokens": 64, "messages": [{"role": "user", "content": "Hello"}]}'`,
  ].join('\n');
  return (
    <>
      <Section title={<Trans>Chat</Trans>} note={<Trans>This consumes the voucher. What each answer cost is checked here against the tariff that was published.</Trans>}>
        {model === undefined ? (
          <Notice tone="warn">
            <Trans>The vendor serves no model. A voucher for training leases accelerators with the command line.</Trans>
          </Notice>
        ) : (
          <Chat consumer={consumer} session={session} allowance={allowance} models={gateway.offer.models} />
        )}
      </Section>
      <Section
        title={<Trans>For any OpenAI client</Trans>}
        action={
          <Button look="quiet" onClick={onClose}>
            <Trans>Open another session</Trans>
          </Button>
        }
      >
        <Card>
          <Facts>
            <Fact label={<Trans>The key expires</Trans>}>
              <Time at={session.state.expiresAt} />
            </Fact>
            <Fact label={<Trans>It can consume</Trans>}>
              <Amount value={live.available} unit="SCU" />
            </Fact>
            <Fact label={<Trans>Consumed of the voucher so far</Trans>}>
              <Amount value={live.consumed} unit="SCU" />
            </Fact>
          </Facts>
          <div className="mt-4 grid gap-4">
            <CodeBlock text={`OPENAI_BASE_URL=${consumer.gateway.url}/v1\nOPENAI_API_KEY=${isShown ? session.apiKey : '•'.repeat(24)}`} />
            <div>
              <Button onClick={() => setShown(!isShown)} aria-pressed={isShown}>
                {isShown ? <Trans>Hide the key</Trans> : <Trans>Show the key</Trans>}
              </Button>
            </div>
            <CodeBlock text={curl} />
            <details>
              <summary className="font-medium text-verdigris-strong">
                <Trans>The voucher as the vendor signed it</Trans>
              </summary>
              <p className="my-2 max-w-prose text-small text-muted">
                <Trans>It is no secret: it proves what the vendor owes, and is checked against the chain’s account of it.</Trans>
              </p>
              <CodeBlock text={session.signedVoucher} />
            </details>
            <p className="text-small text-muted">
              <Plural value={gateway.offer.models.length} one="# model" other="# models" />: {gateway.offer.models.map(({ id }) => id).join(', ')}
            </p>
          </div>
        </Card>
      </Section>
    </>
  );
}
