import { BPS_WHOLE, isFull, mostTokens, mulDiv, UNITS_PER_SCU, valueOf } from '@specie/sdk/quotes';
import type { Backing, Vault } from '@specie/sdk/generated';
import type { Account } from '@solana/kit';
import { backingIn, type Snapshot } from '../../chain/snapshot.ts';
import { healthOf, vaultSnapshot } from '../../chain/views.ts';

/** A currency's books, summed over its vaults at one time. */
export interface Book {
  readonly supply: bigint;
  /** Units owed to holders of tokens, and to those of vouchers. */
  readonly outstanding: bigint;
  readonly open: bigint;
  readonly delivered: bigint;
  readonly owed: bigint;
  /** Work that all capacity still delivers, and that all is owed, in TFLOP. */
  readonly capacityWork: bigint;
  readonly owedWork: bigint;
  readonly collateral: bigint;
  /** What is owed at the reference price, in base units of the collateral token, rounded up. */
  readonly owedValue: bigint;
  readonly coverageBps: bigint | undefined;
  readonly collateralBps: bigint | undefined;
}

const share = (part: bigint, whole: bigint): bigint | undefined => (whole === 0n ? undefined : (part * BPS_WHOLE) / whole);

export function bookOf(snapshot: Snapshot, now: bigint): Book {
  const sums = snapshot.vaults.reduce(
    (sum, vault) => {
      const health = healthOf(vaultSnapshot(snapshot, vault, now));
      const { balances } = vault.data;
      return {
        outstanding: sum.outstanding + balances.outstanding,
        open: sum.open + balances.open,
        delivered: sum.delivered + balances.delivered,
        collateral: sum.collateral + balances.collateral,
        capacityWork: sum.capacityWork + (health?.capacityWork ?? 0n),
        owedWork: sum.owedWork + (health?.owedWork ?? 0n),
        owedValue: sum.owedValue + (health?.owedValue ?? 0n),
      };
    },
    { outstanding: 0n, open: 0n, delivered: 0n, collateral: 0n, capacityWork: 0n, owedWork: 0n, owedValue: 0n },
  );
  return {
    ...sums,
    supply: snapshot.supply,
    owed: sums.outstanding + sums.open,
    coverageBps: share(sums.capacityWork, sums.owedWork),
    collateralBps: share(sums.collateral, sums.owedValue),
  };
}

/** What is supposed to go wrong. */
export interface Stress {
  /** The price of an SCU as a share of today's, in basis points. */
  readonly priceBps: bigint;
  /** Whether the vendor that owes most is gone, with all its hardware. */
  readonly largestGone: boolean;
}

/** What would then be so. */
export interface Outcome {
  readonly price: bigint;
  /** Collateral for all that is owed, at that price. */
  readonly collateralBps: bigint | undefined;
  /** The vendor that is gone. */
  readonly gone: Account<Vault> | undefined;
  /** Units that its collateral and insurance buy back. */
  readonly bought: bigint;
  /** Units that nothing buys back: what is owed above all tokens takes them first, then every token and its vouchers alike. */
  readonly loss: bigint;
  /** What a token is backed by then. */
  readonly backing: Backing;
}

function largest(vaults: readonly Account<Vault>[]): Account<Vault> | undefined {
  const owes = ({ data }: Account<Vault>): bigint => data.balances.outstanding + data.balances.open;
  return vaults.reduce<Account<Vault> | undefined>((most, vault) => (most === undefined || owes(vault) > owes(most) ? vault : most), undefined);
}

/** Reckons a default as the program does: bought back at the highest premium, and the rest owed to nobody. */
export function stressed(snapshot: Snapshot, { priceBps, largestGone }: Stress): Outcome {
  const { params, insuranceReserved } = snapshot.currency.data;
  const backing = backingIn(snapshot);
  const price = mulDiv(snapshot.standard.data.price, priceBps, BPS_WHOLE, 'up');
  const owed = snapshot.vaults.reduce((sum, { data }) => sum + data.balances.outstanding + data.balances.open, 0n);
  const collateral = snapshot.vaults.reduce((sum, { data }) => sum + data.balances.collateral, 0n);
  const collateralBps = price === 0n ? undefined : share(collateral, valueOf(owed, price, 'up'));
  const gone = largestGone ? largest(snapshot.vaults) : undefined;
  if (gone === undefined || price === 0n) {
    return { price, collateralBps, gone, bought: 0n, loss: 0n, backing };
  }
  const { outstanding, open, collateral: held, withdrawing } = gone.data.balances;
  const short = outstanding + open;
  const cost = mulDiv(price, BPS_WHOLE + BigInt(params.liquidationPremiumMax), BPS_WHOLE, 'up');
  const free = snapshot.insurance > insuranceReserved ? snapshot.insurance - insuranceReserved : 0n;
  const insurable = mulDiv(free, BigInt(params.insurancePerDefault), BPS_WHOLE, 'down');
  const reach = held + withdrawing;
  const need = valueOf(short, cost, 'up');
  const insurance = need > reach ? (need - reach < insurable ? need - reach : insurable) : 0n;
  const affordable = mulDiv(reach + insurance, UNITS_PER_SCU, cost, 'down');
  const bought = affordable < short ? affordable : short;
  const loss = short - bought;
  // Its vouchers stand for the tokens that their units are worth, and share the loss.
  const standing = backing.owed === 0n && !isFull(backing) ? open : mostTokens(open, backing);
  return { price, collateralBps, gone, bought, loss, backing: { owed: backing.owed + open - loss, tokens: backing.tokens + standing } };
}
