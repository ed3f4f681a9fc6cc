//! The usage records that were checked, one a line, in order: the holder's own account of a voucher.

use crate::tab::{self, TabError, unusable};
use specie_claims::usage::{Statement, UsageRecord};
use specie_service::private;
use specie_wire::Voucher;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

/// A file of checked records, to which more are added.
#[derive(Debug)]
pub(crate) struct Records {
    path: PathBuf,
    file: File,
}

impl Records {
    /// Opens a voucher's records and follows them; returns those that were there. A last line that a crash cut off is
    /// dropped: the gateway lists it again.
    pub(crate) fn open(
        folder: &Path,
        terms: &Voucher,
        statement: &mut Statement,
    ) -> Result<(Self, Vec<UsageRecord>), TabError> {
        let path = folder.join(format!("{}.records", tab::name(terms)));
        let failed = unusable(&path);
        tab::refuse_if_open_to_others(&path)?;
        let file = private::only_owner(OpenOptions::new().create(true).read(true).append(true))
            .open(&path)
            .map_err(&failed)?;
        let (mut records, mut whole) = (Vec::new(), 0);
        let mut reader = BufReader::new(&file);
        let mut line = String::new();
        while reader.read_line(&mut line).map_err(&failed)? > 0 {
            let Some(token) = line.strip_suffix('\n') else {
                break;
            };
            let followed = statement.read(token).and_then(|record| {
                statement.follow(&record)?;
                Ok(record)
            });
            records.push(followed.map_err(|fault| TabError::Damaged {
                path: path.clone(),
                problem: format!("line {}: {fault}", records.len() + 1),
            })?);
            whole += line.len() as u64;
            line.clear();
        }
        file.set_len(whole).map_err(&failed)?;
        Ok((Self { path, file }, records))
    }

    /// Adds a record. One that is not on disk after a crash is listed by the gateway again, so it is not flushed.
    pub(crate) fn add(&mut self, token: &str) -> Result<(), TabError> {
        let line = format!("{token}\n");
        self.file
            .write_all(line.as_bytes())
            .map_err(unusable(&self.path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}
