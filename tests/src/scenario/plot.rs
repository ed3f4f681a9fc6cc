use super::{chronicle::Chronicle, measure::Sample};
pub(super) fn draw(_: &[Sample], _: &Chronicle) -> String {
    String::new()
}
