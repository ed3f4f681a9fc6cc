use super::Finding;
use crate::ledger::{Inspection, OpenError, inspect};

/// Whether the ledger can be used, without opening it for writing.
pub(super) async fn look_at(url: &str) -> Vec<Finding> {
    let finding = match inspect(url).await {
        Ok(Inspection::Absent) => Finding::well("database", "is made at the first start"),
        Ok(Inspection::Sound { vouchers }) => Finding::well(
            "database",
            format!("its tables are up to date and its sums add up; {vouchers} vouchers"),
        ),
        Ok(Inspection::Older { missing }) => Finding::well(
            "database",
            format!("the next start brings its tables up to date: {missing} migrations"),
        ),
        Ok(Inspection::Unsound(finding)) => Finding::missing(
            "database",
            finding,
            "restore it as it was when it last added up; nothing is served from it as it is",
        ),
        Err(OpenError::NotDurable(found)) => {
            let mend = found.mend();
            Finding::missing("database", found, mend)
        }
        Err(error) => Finding::missing(
            "database",
            error,
            "see that `database` names a file that this user can read, in a folder it can write to, or a server's database",
        ),
    };
    vec![finding]
}
