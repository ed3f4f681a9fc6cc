//! What anybody may do for the currency.

use super::Stage;

impl Stage {
    /// Everything that is due.
    pub(super) fn keep(&mut self) {}
}
