use serde::Deserialize;

/// Where metrics are shown.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsSection {
    /// Where Prometheus may ask for them, as address:port; empty: nowhere. They need no key, so keep them off the
    /// public network.
    pub listen: String,
}

impl MetricsSection {
    /// The address, if metrics are shown at all.
    pub fn address(&self) -> Option<&str> {
        (!self.listen.is_empty()).then_some(self.listen.as_str())
    }
}
