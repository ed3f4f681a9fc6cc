//! A world as text: the seed of its founding, then what happens, one action a line.

use {
    crate::{
        generate,
        lockstep::{Failure, Lockstep},
    },
    specie_tests::model::action::Action,
    std::{
        fmt,
        str::FromStr,
        time::{Duration, Instant},
    },
};

/// What happens in the world of a seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// The seed that the world's founding follows from.
    pub seed: u64,
    /// What happens.
    pub actions: Vec<Action>,
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "world {}", self.seed)?;
        self.actions
            .iter()
            .try_for_each(|action| writeln!(f, "{action}"))
    }
}

/// Empty lines, and what follows a `#`, say nothing.
impl FromStr for Script {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lines = text
            .lines()
            .map(|line| line.split('#').next().unwrap_or("").trim());
        let mut lines = lines.filter(|line| !line.is_empty());
        let seed = lines.next().and_then(|line| line.strip_prefix("world "));
        let seed = seed.ok_or("a script begins with `world` and a seed")?;
        Ok(Self {
            seed: seed.parse().map_err(|error| format!("{seed}: {error}"))?,
            actions: lines.map(str::parse).collect::<Result<_, _>>()?,
        })
    }
}

impl Script {
    /// Plays it; where it fails, at which action and why.
    pub(crate) fn play(&self) -> Result<(), (usize, Failure)> {
        let mut lockstep = Lockstep::begin(&generate::founding(self.seed));
        for (at, action) in self.actions.iter().enumerate() {
            let _outcome = lockstep.step(action).map_err(|failure| (at, failure))?;
        }
        Ok(())
    }

    /// The shortest script found within some time that still fails: parts are taken out, ever smaller ones, as long as it
    /// does (Zeller, Hildebrandt: "Simplifying and isolating failure-inducing input", 2002).
    pub(crate) fn shrunk(mut self, within: Duration) -> Self {
        let started = Instant::now();
        let (_, failure) = self.play().expect_err("it failed before");
        let mut part = self.actions.len().div_ceil(2);
        let mut at = 0;
        while started.elapsed() < within {
            let end = (at + part).min(self.actions.len());
            let mut shorter = self.clone();
            shorter.actions.drain(at..end);
            match shorter.play() {
                Err((failed_at, other)) if other.kind() == failure.kind() => {
                    shorter.actions.truncate(failed_at + 1);
                    self = shorter;
                }
                _ => at = end,
            }
            if at >= self.actions.len() {
                if part == 1 {
                    break;
                }
                part = part.div_ceil(2);
                at = 0;
            }
        }
        self
    }
}
