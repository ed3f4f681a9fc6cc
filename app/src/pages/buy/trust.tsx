import { Trans } from '@lingui/react/macro';
import { TrustNotice } from '../../components/notice.tsx';

export function Trust() {
  return (
    <TrustNotice>
      <p>
        <Trans>
          The program holds the rules: no vendor issues beyond measured capacity and collateral, and nobody, the currency’s authority
          included, can stop you from redeeming, consuming or reclaiming.
        </Trans>
      </p>
      <p>
        <Trans>
          You trust a quorum of attestors to measure hardware and post the price honestly, and the vendor to serve. A vendor that does not is
          challenged on chain and pays from its collateral, as far as that goes; what nothing covers is written off from every token alike.
        </Trans>
      </p>
      <p>
        <Trans>
          You trust whoever issues the stablecoin, which can freeze accounts, and the RPC node for what this page shows you before you sign.
        </Trans>
      </p>
    </TrustNotice>
  );
}
