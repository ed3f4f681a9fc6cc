//! Wrong answers of nodes about the chain.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

/// Wrong answers of nodes, as far as later readings show them; clones share the counts.
#[derive(Clone, Debug)]
pub struct ChainMeter {
    /// Readings that a later one contradicts, and of which nothing was recorded.
    pub contradicted: Counter,
    /// Records that later readings contradict, and that were taken back.
    pub taken_back: Counter,
}

impl ChainMeter {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let (contradicted, taken_back) = (Counter::default(), Counter::default());
        registry.register(
            "specie_chain_readings_contradicted",
            "Readings of the chain that a later reading contradicted before anything was recorded",
            contradicted.clone(),
        );
        registry.register(
            "specie_chain_records_taken_back",
            "Records reverted because later readings of the chain contradicted them",
            taken_back.clone(),
        );
        Self {
            contradicted,
            taken_back,
        }
    }
}
