import { Trans } from '@lingui/react/macro';
import { updateVault } from '@specie/sdk/plans';
import { CLASSES, classesOf, classNumber, type Class } from '@specie/sdk/quotes';
import { useState, type ReactNode } from 'react';
import { ActionPanel } from '../../components/action_panel.tsx';
import { ClassName } from '../../components/class_name.tsx';
import { Choices } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Card, Fact, Facts, Tag } from '../../components/surface.tsx';
import type { Plan } from '../../transactions/plan.ts';
import { ownVault, type OwnProps } from './own.ts';

/** The classes of compute that vouchers of the vault may be for, and others. */
export function ClassesCard(props: OwnProps) {
  const { vendor } = props;
  const { data: vault, address } = vendor.vault;
  const offered = classesOf(vault.classes);
  const [chosen, setChosen] = useState<readonly Class[]>(offered);
  const mask = chosen.reduce((sum, name) => sum | (1 << classNumber(name)), 0);
  const retired = offered.filter((name) => !chosen.includes(name));
  const isChanged = mask !== vault.classes;
  const plan = (): Plan => ({
    kind: 'update-vault',
    details: [{ label: 'vault', value: address }],
    instructions: updateVault({ ...ownVault(props), classes: mask }).instructions,
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 md:grid-cols-2">
      <Card>
        <Facts>
          {CLASSES.map((name) => (
            <Fact key={name} label={<ClassName name={name} />}>
              <ClassTag isOffered={offered.includes(name)} served={servedBy(vendor, name)} />
            </Fact>
          ))}
        </Facts>
      </Card>
      <Card>
        <div className="space-y-4">
          <Choices<Class>
            label={<Trans>Vouchers may be opened for</Trans>}
            values={chosen}
            onChange={setChosen}
            options={CLASSES.map((name) => ({ value: name, label: <ClassName name={name} /> }))}
          />
          {chosen.length === 0 && (
            <Notice tone="warn" live>
              <Trans>A vault offers at least one class: holders must be able to redeem. Choose one, or close the vault once it owes nothing.</Trans>
            </Notice>
          )}
          {chosen.length > 0 && retired.length > 0 && (
            <Notice>
              <Trans>
                No more vouchers are opened for <ClassNames names={retired} />. Those that are open go on until they end, and must be served.
              </Trans>
            </Notice>
          )}
          <ActionPanel
            id={`classes ${address} ${mask}`}
            plan={isChanged && chosen.length > 0 ? plan : undefined}
            label={<Trans>Change the classes</Trans>}
            done={<Trans>The chain has confirmed it: the vault offers these classes.</Trans>}
          />
        </div>
      </Card>
    </div>
  );
}

/** Whether the vault's gateway has anything on offer for a class; undefined where the gateway is not in reach. */
function servedBy({ gateway }: OwnProps['vendor'], name: Class): boolean | undefined {
  if (gateway.state !== 'own') return undefined;
  const { models, pools } = gateway.offer;
  return models.some((model) => model.class === name) || pools.some((pool) => pool.class === name);
}

function ClassTag({ isOffered, served }: { readonly isOffered: boolean; readonly served: boolean | undefined }) {
  if (!isOffered) {
    return (
      <Tag>
        <Trans>not offered</Trans>
      </Tag>
    );
  }
  return served === false ? (
    <Tag long tone="warn">
      <Trans>offered, but your gateway has nothing for it</Trans>
    </Tag>
  ) : (
    <Tag tone="good">
      <Trans>offered</Trans>
    </Tag>
  );
}

function ClassNames({ names }: { readonly names: readonly Class[] }): ReactNode {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && ', '}
      <ClassName name={name} />
    </span>
  ));
}
