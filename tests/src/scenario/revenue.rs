//! Fees are distributed every week, and some holders stake for their part.

use super::{
    Stage,
    plan::{CRASHES, DAY},
};
use specie_client::address;

/// How many of the holders stake.
const STAKERS: usize = 3;

impl Stage {
    /// Once a day: distributing what was earned, and what stakers do.
    pub(super) fn share_revenue(&mut self) {
        let day = self.step / DAY;
        if !self.step.is_multiple_of(DAY) {
            return;
        }
        let revenue = self
            .world
            .chain
            .tokens(&address::revenue(&self.world.currency));
        if day.is_multiple_of(7) && revenue > 0 {
            let call = self.world.distribute();
            self.send(&call);
            self.chronicle.counts.distributed += revenue;
        }
        for staker in 0..STAKERS {
            let holder = self.holders[staker].clone();
            if day == 20 || day == 120 {
                let tokens = self.world.chain.tokens(&holder.tokens) / 2;
                let call = self.world.stake(&holder, tokens);
                self.send(&call);
            } else if day.is_multiple_of(30) && day > 20 {
                let before = self.world.chain.tokens(&holder.stable);
                let call = self.world.claim(&holder);
                self.send(&call);
                let claimed = self.world.chain.tokens(&holder.stable) - before;
                self.chronicle.counts.claimed += claimed;
            }
            // One of them runs in the third crash.
            if staker == 0 && self.step == CRASHES[2].at + DAY {
                let tokens = self.world.stake_state(&holder).staked.get() / 2;
                let call = self.world.unstake(&holder, tokens);
                self.send(&call);
            }
        }
    }
}
