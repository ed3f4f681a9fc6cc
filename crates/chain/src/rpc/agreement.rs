//! What several nodes say, and what of it counts.
//!
//! One node can lie, lag, or be of another cluster, and none of that shows in its answer. Of several, a fact counts once so
//! many of them say the same, byte for byte, at slots that lie close together. Nodes beyond that number change nothing by
//! being down, behind or wrong.

use crate::ChainError;
use solana_pubkey::Pubkey;
use specie_wire::Key;

/// How many nodes must agree, and how far apart they may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Nodes that must say the same.
    pub nodes: usize,
    /// Slots that these may lie apart.
    pub slot_distance: u64,
}

/// One node's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer<T> {
    /// Which node it is: its place in the configuration, from 1.
    pub(super) node: usize,
    /// The genesis hash of the cluster that it is of.
    pub(super) cluster: Key,
    /// The finalized slot that it answered for.
    pub(super) slot: u64,
    /// What it said.
    pub(super) value: T,
}

impl Agreement {
    /// Answers of one cluster, of which so many nodes are; `expected`, once that is known.
    pub(super) fn of_one_cluster<'a, T>(
        &self,
        answers: &'a [Answer<T>],
        expected: Option<Key>,
    ) -> Result<Vec<&'a Answer<T>>, ChainError> {
        let of = |cluster: Key| -> Vec<&Answer<T>> {
            answers.iter().filter(|a| a.cluster == cluster).collect()
        };
        let clusters = match expected {
            Some(cluster) => vec![cluster],
            None => answers.iter().map(|answer| answer.cluster).collect(),
        };
        let enough = clusters.into_iter().map(of);
        enough
            .into_iter()
            .find(|of_one| of_one.len() >= self.nodes)
            .ok_or_else(|| {
                let clusters = answers.iter().map(|answer| {
                    let cluster = Pubkey::new_from_array(answer.cluster);
                    format!("RPC node {} of {cluster}", answer.node)
                });
                let expected = expected.map_or_else(String::new, |cluster| {
                    format!(", the currency of {}", Pubkey::new_from_array(cluster))
                });
                ChainError::OtherCluster(clusters.collect::<Vec<_>>().join(", ") + &expected)
            })
    }

    /// The answers of so many nodes that lie close together, the newest that there are.
    pub(super) fn together<'a, T>(
        &self,
        answers: &[&'a Answer<T>],
    ) -> Result<Vec<&'a Answer<T>>, ChainError> {
        let mut newest_first = answers.to_vec();
        newest_first.sort_by_key(|answer| std::cmp::Reverse(answer.slot));
        newest_first
            .windows(self.nodes)
            .find(|window| window[0].slot - window[self.nodes - 1].slot <= self.slot_distance)
            .map(<[_]>::to_vec)
            .ok_or_else(|| {
                let slots = newest_first
                    .iter()
                    .map(|answer| format!("node {} at slot {}", answer.node, answer.slot));
                ChainError::Lagging(format!(
                    "{}, more than {} apart",
                    slots.collect::<Vec<_>>().join(", "),
                    self.slot_distance
                ))
            })
    }

    /// What so many nodes say of one thing, close together, and the lowest slot at which they do.
    pub(super) fn on<'a, T: PartialEq>(
        &self,
        what: &str,
        answers: &[&'a Answer<T>],
    ) -> Result<(u64, &'a T), ChainError> {
        let mut lagging = None;
        for answer in answers {
            let same: Vec<_> = answers
                .iter()
                .filter(|other| other.value == answer.value)
                .copied()
                .collect();
            if same.len() >= self.nodes {
                match self.together(&same) {
                    Ok(together) => {
                        let slots = together.iter().map(|answer| answer.slot);
                        return Ok((slots.min().unwrap_or_default(), &answer.value));
                    }
                    Err(apart) => lagging = Some(apart),
                }
            }
        }
        // Nodes far apart may well say different things; that they are apart is what is wrong.
        let apart = self.together(answers).err().or(lagging);
        Err(apart.unwrap_or_else(|| {
            ChainError::Disagreeing(format!(
                "of {} nodes no {} say the same of {what}",
                answers.len(),
                self.nodes
            ))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Agreement = Agreement {
        nodes: 2,
        slot_distance: 10,
    };

    /// Nodes 1, 2, 3 and so on, each at its slot with its word.
    fn answers(said: &[(u64, &'static str)]) -> Vec<Answer<&'static str>> {
        let numbered = said.iter().enumerate();
        numbered
            .map(|(n, (slot, value))| Answer {
                node: n + 1,
                cluster: [9; 32],
                slot: *slot,
                value: *value,
            })
            .collect()
    }

    fn agreed(said: &[(u64, &'static str)]) -> Result<&'static str, ChainError> {
        let answers = answers(said);
        let agreed = TWO.on("it", &answers.iter().collect::<Vec<_>>());
        agreed.map(|(_, said)| *said)
    }

    #[test]
    fn an_answer_of_enough_nodes_at_close_slots_counts_whatever_others_answer() {
        assert_eq!(agreed(&[(100, "a"), (100, "a")]), Ok("a"));
        assert_eq!(agreed(&[(100, "a"), (110, "a")]), Ok("a"));
        assert_eq!(agreed(&[(100, "b"), (100, "a"), (101, "a")]), Ok("a"));
        assert_eq!(agreed(&[(u64::MAX, "b"), (100, "a"), (101, "a")]), Ok("a"));
        assert_eq!(agreed(&[(0, "a"), (100, "a"), (101, "a")]), Ok("a"));
    }

    #[test]
    fn one_node_alone_is_not_two() {
        assert!(matches!(
            agreed(&[(100, "a"), (100, "b")]),
            Err(ChainError::Disagreeing(_))
        ));
        assert!(matches!(
            agreed(&[(100, "a"), (100, "b"), (100, "c")]),
            Err(ChainError::Disagreeing(_))
        ));
    }

    #[test]
    fn equal_answers_at_distant_slots_are_reported_as_lag() {
        for second in ["a", "b"] {
            assert!(matches!(
                agreed(&[(100, "a"), (111, second)]),
                Err(ChainError::Lagging(_))
            ));
        }
    }

    #[test]
    fn a_node_of_another_cluster_counts_as_zero() {
        let mut answers = answers(&[(100, "a"), (100, "a"), (100, "a")]);
        answers[0].cluster = [8; 32];
        let of_one = TWO.of_one_cluster(&answers, None).unwrap();
        assert_eq!(of_one.iter().map(|a| a.node).collect::<Vec<_>>(), [2, 3]);
        assert!(TWO.of_one_cluster(&answers, Some([9; 32])).is_ok());
        let other = TWO.of_one_cluster(&answers, Some([8; 32]));
        assert!(matches!(other, Err(ChainError::OtherCluster(_))));
        answers.pop();
        assert!(matches!(
            TWO.of_one_cluster(&answers, None),
            Err(ChainError::OtherCluster(_))
        ));
    }

    #[test]
    fn the_newest_group_of_close_slots_is_used() {
        let answers = answers(&[(50, "a"), (100, "b"), (55, "c"), (95, "d")]);
        let together = TWO.together(&answers.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(together.iter().map(|a| a.node).collect::<Vec<_>>(), [2, 4]);
    }
}
