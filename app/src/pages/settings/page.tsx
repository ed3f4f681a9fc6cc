import { Trans, useLingui } from '@lingui/react/macro';
import { useConfig } from '../../chain/context.tsx';
import { useCluster, useSnapshot } from '../../chain/queries.ts';
import { Address } from '../../components/address.tsx';
import { Choice } from '../../components/field.tsx';
import { Card, Fact, Facts, PageHeader, Section } from '../../components/surface.tsx';
import { updateSettings, useSettings, type Locale, type Theme } from '../../config/settings.ts';
import { LOCALES } from '../../i18n/i18n.ts';
import { FeeCap, Slippage } from './limits.tsx';
import { Nodes } from './nodes.tsx';

export default function SettingsPage() {
  const { t } = useLingui();
  const settings = useSettings();
  return (
    <>
      <PageHeader
        title={<Trans>Settings</Trans>}
        lead={<Trans>What you choose here stays in this browser. The page has no account of you, and tells nobody what you do.</Trans>}
      />
      <Section
        title={<Trans>RPC nodes</Trans>}
        note={
          <Trans>
            The page reads the chain through these, the first that answers. A node sees your addresses and decides what you are shown; it
            cannot spend anything.
          </Trans>
        }
      >
        <Nodes />
      </Section>
      <Section title={<Trans>Limits of what you sign</Trans>}>
        <div className="grid gap-5 sm:grid-cols-2">
          <FeeCap />
          <Slippage />
        </div>
      </Section>
      <Section title={<Trans>Appearance and language</Trans>}>
        <div className="space-y-5">
          <Choice<Theme>
            label={<Trans>Theme</Trans>}
            value={settings.theme}
            onChange={(theme) => updateSettings({ theme })}
            options={[
              { value: 'system', label: t`As the system` },
              { value: 'light', label: t`Light` },
              { value: 'dark', label: t`Dark` },
            ]}
          />
          <Choice<Locale>
            label={<Trans>Language</Trans>}
            value={settings.locale}
            onChange={(locale) => updateSettings({ locale })}
            options={[
              { value: 'en', label: LOCALES.en },
              { value: 'zh-HK', label: <span lang="zh-HK">{LOCALES['zh-HK']}</span> },
            ]}
          />
        </div>
      </Section>
      <Section title={<Trans>What this page is set to</Trans>}>
        <Currency />
      </Section>
    </>
  );
}

function Currency() {
  const { mint } = useConfig();
  const { data } = useSnapshot();
  const { genesis, mismatch } = useCluster();
  return (
    <Card>
      <Facts>
        <Fact label={<Trans>Mint</Trans>}>
          <Address value={mint} />
        </Fact>
        {data !== undefined && (
          <Fact label={<Trans>Currency</Trans>}>
            <Address value={data.currency.address} />
          </Fact>
        )}
        {genesis !== undefined && (
          <Fact label={<Trans>Genesis hash of the node’s cluster</Trans>}>
            <Address value={genesis} />
          </Fact>
        )}
        {data !== undefined && genesis !== undefined && (
          <Fact label={<Trans>Is it the currency’s cluster?</Trans>}>{mismatch ? <Trans>No: nothing can be signed</Trans> : <Trans>Yes</Trans>}</Fact>
        )}
      </Facts>
    </Card>
  );
}
