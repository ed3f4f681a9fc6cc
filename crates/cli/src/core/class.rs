//! Classes of compute: what a voucher is for.

use crate::core::report::Value;
use clap::ValueEnum;
use specie_client::state;

/// What compute is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Class {
    Training,
    Inference,
    FineTuning,
}

impl From<Class> for state::Class {
    fn from(class: Class) -> Self {
        match class {
            Class::Training => Self::Training,
            Class::Inference => Self::Inference,
            Class::FineTuning => Self::FineTuning,
        }
    }
}

/// The program's bit mask of classes.
pub(crate) fn mask(classes: &[Class]) -> u8 {
    classes.iter().fold(0, |mask, class| {
        mask | 1 << state::Class::from(*class) as u8
    })
}

/// The names of the classes in a bit mask.
pub(crate) fn names(mask: u8) -> Value {
    let classes = (0..8).filter(|class| mask & (1 << class) != 0);
    Value::Names(classes.map(|class| name(class).into()).collect())
}

/// The name of a class by its number.
pub(crate) fn name(class: u8) -> &'static str {
    match class {
        0 => "training",
        1 => "inference",
        2 => "fine-tuning",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_a_mask() {
        let both = mask(&[Class::Inference, Class::FineTuning, Class::Inference]);
        assert_eq!(both, 0b110);
        assert_eq!(names(both).line(), "inference, fine-tuning");
        assert_eq!(
            names(state::Classes::ALL.0).line(),
            "training, inference, fine-tuning"
        );
    }
}
