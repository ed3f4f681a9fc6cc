import { Trans, useLingui } from '@lingui/react/macro';
import { consumeChat, type Charge, type ModelOffer, type OpenedSession } from '@specie/sdk/gateway';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type RefObject } from 'react';
import { Amount } from '../../../components/amount.tsx';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/notice.tsx';
import { Card, Tag } from '../../../components/surface.tsx';
import { formatAmount } from '../../../format/amount.ts';
import type { Consumer } from '../../../gateway/consumer.ts';
import { conversationOf, updateConversation, useConversation, type Turn } from './conversation.ts';

interface ChatProps {
  readonly consumer: Consumer;
  readonly session: OpenedSession;
  readonly models: readonly ModelOffer[];
}

/** The most that an answer may have. */
const MAX_TOKENS = 256;

/** A small chat that really consumes the voucher. */
export function Chat({ consumer, session, models }: ChatProps) {
  const { voucher } = consumer.request.terms;
  const { turns, draft } = useConversation(voucher);
  const [streaming, setStreaming] = useState('');
  // The reader stopped before a word had come.
  const [isStoppedEarly, setStoppedEarly] = useState(false);
  const [modelId, setModelId] = useState(models[0]?.id ?? '');
  const input = useRef<HTMLTextAreaElement>(null);
  const stop = useRef<AbortController>(undefined);
  const model = models.find(({ id }) => id === modelId) ?? models[0];
  const spent = turns.reduce((sum, { charge }) => sum + (charge?.record.units ?? 0n), 0n);

  const ask = useMutation({
    mutationFn: async (question: string) => {
      if (model === undefined) return;
      const messages: Turn[] = [...turns, { role: 'user', content: question }];
      updateConversation(voucher, { turns: messages, draft: '' });
      setStoppedEarly(false);
      const asked = {
        model,
        messages: messages.map(({ role, content }) => ({ role, content })),
        maxTokens: model.maxOutputTokens === 0 ? MAX_TOKENS : Math.min(MAX_TOKENS, model.maxOutputTokens),
      };
      const payer = { ...consumer.request, note: consumer.note, apiKey: session.apiKey, id: session.state.id };
      const stopping = new AbortController();
      stop.current = stopping;
      let answer = '';
      let charge: Charge | undefined;
      try {
        for await (const event of consumeChat(consumer.gateway, asked, payer, stopping.signal)) {
          if (event.kind === 'charge') charge = event.charge;
          else {
            answer += event.text;
            setStreaming(answer);
          }
        }
      } catch (error) {
        if (!stopping.signal.aborted) throw error;
      } finally {
        const isStopped = stopping.signal.aborted && charge === undefined;
        // What was delivered before an answer broke off is charged, too: it stays, with its cost. Of what was refused nothing stays.
        if (answer !== '' || charge !== undefined) updateConversation(voucher, { turns: [...messages, { role: 'assistant', content: answer, charge, isStopped }] });
        else {
          updateConversation(voucher, { turns, draft: conversationOf(voucher).draft || question });
          setStoppedEarly(stopping.signal.aborted);
        }
      }
    },
    onSettled: () => {
      setStreaming('');
      input.current?.focus();
    },
  });
  const submit = (): void => {
    const question = draft.trim();
    if (question !== '' && !ask.isPending) ask.mutate(question);
  };
  return (
    <Card>
      <div aria-live="polite" aria-busy={ask.isPending} className="space-y-4">
        {turns.length === 0 && (
          <p className="py-6 text-center text-muted">
            <Trans>Ask anything. The vendor answers, and its signed record of what that cost appears below the answer.</Trans>
          </p>
        )}
        {turns.map((turn, index) => (
          <Said key={index} turn={turn} />
        ))}
        {streaming !== '' && <Said turn={{ role: 'assistant', content: streaming }} />}
        {ask.isPending && streaming === '' && <Waiting />}
      </div>
      {isStoppedEarly && (
        <p role="status" className="mt-4 text-small text-muted">
          <Trans>You stopped it before a word had come. If the vendor charged anything all the same, its record stands under Vouchers.</Trans>
        </p>
      )}
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
        <Message input={input} text={draft} onChange={(text) => updateConversation(voucher, { draft: text })} onSubmit={submit} />
        {models.length > 1 && <ModelChoice models={models} chosen={modelId} onChoose={setModelId} />}
        {ask.isPending ? (
          // Another key than the button that sends: a press of that one is none of this one.
          <Button key="stop" type="button" onClick={() => stop.current?.abort()}>
            <Trans>Stop</Trans>
          </Button>
        ) : (
          <Button key="send" type="submit" look="primary" disabled={draft.trim() === ''}>
            <Trans>Send</Trans>
          </Button>
        )}
      </form>
      {turns.length > 0 && (
        <div className="mt-3 flex flex-wrap items-center justify-between gap-x-4 text-small text-muted">
          <span>
            {spent > 0n && (
              <Trans>
                This chat has consumed <Amount value={spent} unit="SCU" />
              </Trans>
            )}
          </span>
          <Button look="quiet" disabled={ask.isPending} onClick={() => updateConversation(voucher, { turns: [] })}>
            <Trans>Begin a new conversation</Trans>
          </Button>
        </div>
      )}
    </Card>
  );
}

interface MessageProps {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onSubmit: () => void;
}

/** What the reader types; Enter sends it. */
function Message({ input, text, onChange, onSubmit }: MessageProps) {
  const { t } = useLingui();
  return (
    <div className="min-w-0 flex-1 basis-64">
      <textarea
        ref={input}
        dir="auto"
        aria-label={t`Your message`}
        rows={2}
        value={text}
        placeholder={t`Your message`}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            onSubmit();
          }
        }}
        className="w-full resize-y rounded-box border border-edge bg-surface px-3 py-2 placeholder:text-muted"
      />
    </div>
  );
}

interface ModelChoiceProps {
  readonly models: readonly ModelOffer[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

function ModelChoice({ models, chosen, onChoose }: ModelChoiceProps) {
  const { t } = useLingui();
  return (
    <select aria-label={t`Model`} value={chosen} onChange={(event) => onChoose(event.target.value)} className="min-h-11 max-w-full min-w-0 rounded-box border border-edge bg-surface px-3">
      {models.map(({ id }) => (
        <option key={id}>{id}</option>
      ))}
    </select>
  );
}

/** An answer that has not begun. */
function Waiting() {
  return (
    <p className="inline-flex items-center gap-2.5 rounded-box bg-sunken px-4 py-2.5 text-muted">
      <span aria-hidden="true" className="size-2.5 rounded-pill bg-verdigris motion-safe:animate-pulse" />
      <Trans>Waiting for the answer…</Trans>
    </p>
  );
}

function Said({ turn }: { readonly turn: Turn }) {
  const mine = turn.role === 'user';
  return (
    <div className={mine ? 'ml-auto max-w-[85%]' : 'max-w-[92%]'}>
      <p dir="auto" className={`rounded-box px-4 py-2.5 wrap-anywhere whitespace-pre-wrap ${mine ? 'bg-verdigris-wash' : 'bg-sunken'}`}>{turn.content}</p>
      {turn.charge !== undefined && <Cost charge={turn.charge} />}
      {turn.isStopped === true && (
        <p className="mt-1.5 px-1 text-small text-muted">
          <Trans>You stopped it. What was written until then is charged: its record stands under Vouchers.</Trans>
        </p>
      )}
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
