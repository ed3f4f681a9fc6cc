//! A pool of accelerators that a vendor leases out.

use super::Terms;
use super::provisioner::Provisioner;
use crate::class::Class;
use std::sync::Arc;

/// A pool of accelerators on offer, and the provisioner that runs jobs on it.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The name that holders ask for, and that usage records give as the model.
    pub id: String,
    /// What it is for: training or fine-tuning.
    pub class: Class,
    /// Accelerators that it has.
    pub accelerators: u32,
    /// The most accelerators of one lease.
    pub most: u32,
    /// What a lease is agreed on that starts in a session opened now.
    pub terms: Terms,
    /// Who runs its jobs.
    pub provisioner: Arc<dyn Provisioner>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use specie_client::state;

    #[test]
    fn classes_have_the_programs_numbers() {
        let programs = [
            state::Class::Training,
            state::Class::Inference,
            state::Class::FineTuning,
        ];
        for (class, program) in Class::ALL.into_iter().zip(programs) {
            assert_eq!(class.number(), program as u8);
        }
        let all = Class::ALL.iter().fold(0, |all, class| all | class.bit());
        assert_eq!(all, state::Classes::ALL.0);
    }
}
