//! Classes of compute: what a voucher is for.

use serde::{Deserialize, Serialize};

/// What a voucher is for. The chain gives each a number, and a bit in the classes that a vault offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Training from scratch.
    Training,
    /// Inference.
    Inference,
    /// Fine-tuning.
    #[serde(alias = "fine_tuning")]
    FineTuning,
}

impl Class {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Training, Self::Inference, Self::FineTuning];

    /// The class of a number on chain.
    pub fn of(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// The number that the class has on chain.
    pub fn number(self) -> u8 {
        match self {
            Self::Training => 0,
            Self::Inference => 1,
            Self::FineTuning => 2,
        }
    }

    /// The class's bit among the classes that a vault offers.
    pub fn bit(self) -> u8 {
        1 << self.number()
    }

    /// The class's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Inference => "inference",
            Self::FineTuning => "fine-tuning",
        }
    }
}

impl std::fmt::Display for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_back() {
        for class in Class::ALL {
            assert_eq!(Class::of(class.number()), Some(class));
        }
        assert_eq!(Class::of(3), None);
    }

    #[test]
    fn both_spellings_of_fine_tuning_are_read() {
        for text in ["\"fine-tuning\"", "\"fine_tuning\""] {
            let class: Class = serde_json::from_str(text).unwrap();
            assert_eq!(class, Class::FineTuning);
        }
        assert_eq!(
            serde_json::to_string(&Class::FineTuning).unwrap(),
            "\"fine-tuning\""
        );
    }
}
