import { Trans, useLingui } from '@lingui/react/macro';
import { consumeChat, type Charge, type ModelOffer, type OpenedSession } from '@specie/sdk/gateway';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Amount } from '../../../components/amount.tsx';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/notice.tsx';
import { Card, Tag } from '../../../components/surface.tsx';
import { formatAmount } from '../../../format/amount.ts';
import type { Consumer } from '../../../gateway/consumer.ts';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly charge?: Charge | undefined;
}

interface ChatProps {
  readonly consumer: Consumer;
  readonly session: OpenedSession;
  readonly models: readonly ModelOffer[];
}

/** The most that an answer may have. */
const MAX_TOKENS = 256;

/** A small chat that really consumes the voucher. */
export function Chat({ consumer, session, models }: ChatProps) {
  const { t } = useLingui();
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const [streaming, setStreaming] = useState('');
  const [text, setText] = useState('');
  const [modelId, setModelId] = useState(models[0]?.id ?? '');
  const input = useRef<HTMLTextAreaElement>(null);
  const model = models.find(({ id }) => id === modelId) ?? models[0];
  const spent = turns.reduce((sum, { charge }) => sum + (charge?.record.units ?? 0n), 0n);

  const ask = useMutation({
    mutationFn: async (question: string) => {
      if (model === undefined) return;
      const messages: Turn[] = [...turns, { role: 'user', content: question }];
      setTurns(messages);
      const asked = {
        model,
        messages: messages.map(({ role, content }) => ({ role, content })),
        maxTokens: model.maxOutputTokens === 0 ? MAX_TOKENS : Math.min(MAX_TOKENS, model.maxOutputTokens),
      };
      const payer = { ...consumer.request, note: consumer.note, apiKey: session.apiKey, id: session.state.id };
      let answer = '';
      let charge: Charge | undefined;
      try {
        for await (const event of consumeChat(consumer.gateway, asked, payer)) {
          if (event.kind === 'charge') charge = event.charge;
          else {
            answer += event.text;
            setStreaming(answer);
          }
        }
      } finally {
        // What was delivered before an answer broke off is charged, too: it stays, with its cost. Of what was refused nothing stays.
        if (answer !== '' || charge !== undefined) setTurns([...messages, { role: 'assistant', content: answer, charge }]);
        else {
          setTurns(turns);
          setText(question);
        }
      }
    },
    onSettled: () => {
      setStreaming('');
      input.current?.focus();
    },
  });
  const submit = (): void => {
    const question = text.trim();
    if (question === '' || ask.isPending) return;
    setText('');
    ask.mutate(question);
  };
  return (
    <Card>
      <div aria-live="polite" className="space-y-4">
        {turns.length === 0 && (
          <p className="py-6 text-center text-muted">
            <Trans>Ask anything. The vendor answers, and its signed record of what that cost appears below the answer.</Trans>
          </p>
        )}
        {turns.map((turn, index) => (
          <Said key={index} turn={turn} />
        ))}
        {streaming !== '' && <Said turn={{ role: 'assistant', content: streaming }} />}
      </div>
      {ask.isError && (
        <div className="mt-4">
          <ErrorNotice error={ask.error} />
        </div>
      )}
      <form
        className="mt-5 flex flex-wrap items-end gap-3 border-t border-line pt-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="min-w-0 flex-1 basis-64">
          <textarea
            ref={input}
            aria-label={t`Your message`}
            rows={2}
            value={text}
            placeholder={t`Your message`}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
                event.preventDefault();
                submit();
              }
            }}
            className="w-full resize-y rounded-box border border-edge bg-surface px-3 py-2 placeholder:text-muted"
          />
        </div>
        {models.length > 1 && (
            <select aria-label={t`Model`} value={modelId} onChange={(event) => setModelId(event.target.value)} className="min-h-11 rounded-box border border-edge bg-surface px-3">
              {models.map(({ id }) => (
                <option key={id}>{id}</option>
              ))}
            </select>
        )}
        <Button type="submit" look="primary" disabled={ask.isPending || text.trim() === ''}>
          <Trans>Send</Trans>
        </Button>
      </form>
      {spent > 0n && (
        <p className="mt-3 text-small text-muted">
          <Trans>
            This chat has consumed <Amount value={spent} unit="SCU" />
          </Trans>
        </p>
      )}
    </Card>
  );
}

function Said({ turn }: { readonly turn: Turn }) {
  const mine = turn.role === 'user';
  return (
    <div className={mine ? 'ml-auto max-w-[85%]' : 'max-w-[92%]'}>
      <p className={`rounded-box px-4 py-2.5 break-words whitespace-pre-wrap ${mine ? 'bg-verdigris-wash' : 'bg-sunken'}`}>{turn.content}</p>
      {turn.charge !== undefined && <Cost charge={turn.charge} />}
    </div>
  );
}

/** What an answer cost, and whether that is what the tariff makes of it. */
function Cost({ charge: { record, price, isAsPublished } }: { readonly charge: Charge }) {
  const { i18n } = useLingui();
  const count = (tokens: bigint): string => formatAmount(tokens, 0, i18n.locale);
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 px-1 text-small text-muted">
      <Amount value={record.units} unit="SCU" />
      <span>
        <Trans>
          {count(record.usage.input)} tokens read, {count(record.usage.output)} written
        </Trans>
      </span>
      {isAsPublished ? (
        <Tag long tone="good">
          <Trans>as published, signed by the vendor</Trans>
        </Tag>
      ) : (
        <Tag long tone="bad">
          <Trans>
            the published tariff makes <Amount value={price} unit="SCU" /> of it
          </Trans>
        </Tag>
      )}
    </p>
  );
}
