//! Statements over many rows at a time.
//!
//! A statement costs its way to the database and back whatever it does, so a batch's changes of one kind share theirs. Both
//! databases name the columns of `VALUES` `column1`, `column2` and so on.

use std::sync::OnceLock;

/// The most rows of one statement. More would save little, and sqlx looks up each parameter's name among all of them.
const MOST: usize = 8;

/// How many lengths [`parts`] has.
const LENGTHS: usize = 1 + MOST.ilog2() as usize;

/// A statement whose `{}` stands for rows of parameters.
pub(super) struct Statement {
    text: &'static str,
    columns: usize,
    of_length: [OnceLock<String>; LENGTHS],
}

impl Statement {
    /// The statement `text`, whose rows have so many columns.
    pub(super) const fn new(text: &'static str, columns: usize) -> Self {
        Self {
            text,
            columns,
            of_length: [const { OnceLock::new() }; LENGTHS],
        }
    }

    /// Its text for one of the lengths that [`parts`] has.
    pub(super) fn over(&'static self, rows: usize) -> &'static str {
        let text = || self.text.replace("{}", &values(rows, self.columns));
        self.of_length[rows.ilog2() as usize].get_or_init(text)
    }
}

/// Parts of `rows` whose lengths are powers of two: a connection keeps the statements that it prepared, and so has a few.
pub(super) fn parts<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = 1 << rows.len().min(MOST).checked_ilog2()?;
        let (part, rest) = rows.split_at(length);
        rows = rest;
        Some(part)
    })
}

/// Parameters as rows: `($1, $2), ($3, $4)`.
fn values(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let parameters = (1..=columns).map(|column| format!("${}", row * columns + column));
        format!("({})", parameters.collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_all_rows_in_order_by_powers_of_two() {
        for length in [0, 1, 2, 3, 7, 8, 9, 300] {
            let rows: Vec<usize> = (0..length).collect();
            let parts: Vec<&[usize]> = parts(&rows).collect();
            assert!(parts.iter().all(|part| part.len().is_power_of_two()));
            assert!(parts.iter().all(|part| part.len() <= MOST));
            assert_eq!(parts.concat(), rows);
        }
    }

    #[test]
    fn a_statement_has_a_text_for_each_length() {
        static DELETE: Statement = Statement::new("DELETE FROM a WHERE b IN (VALUES {})", 1);
        for part in parts(&[0; 2 * MOST - 1]) {
            let rows = values(part.len(), 1);
            let text = format!("DELETE FROM a WHERE b IN (VALUES {rows})");
            assert_eq!(DELETE.over(part.len()), text);
        }
    }

    #[test]
    fn parameters_are_numbered_through() {
        assert_eq!(values(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(values(3, 1), "($1), ($2), ($3)");
    }
}
