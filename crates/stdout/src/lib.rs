//! The command line and standard output of binaries.
//!
//! `println!` panics where standard output cannot be written. A reader that has seen enough (`specie-gateway check |
//! head -1`) closes the pipe, which is no failure. Every other error is one: a script must not take output that a full
//! device lost for a success. The lints `clippy::print_stdout` and `clippy::print_stderr` keep `println!` and
//! `eprintln!` out of the workspace's binaries.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod arguments;

pub use arguments::{arguments, help, parse};

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
};

/// A writer whose reader may close the pipe: standard output, or a test's writer.
#[derive(Debug)]
pub struct Stdout<W = io::Stdout> {
    writer: W,
    closed: bool,
}

impl Stdout {
    /// The process's standard output.
    pub fn new() -> Self {
        Self::to(io::stdout())
    }
}

impl Default for Stdout {
    fn default() -> Self {
        Self::new()
    }
}

impl<W: Write> Stdout<W> {
    /// Another writer in place of standard output.
    pub fn to(writer: W) -> Self {
        Self {
            writer,
            closed: false,
        }
    }

    /// Whether the reader has closed the pipe: further output is discarded.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Writes a line and flushes it, so that it comes before whatever another process prints next.
    ///
    /// # Errors
    /// Where it cannot be written for another reason than a closed pipe, like a full device.
    pub fn line(&mut self, line: impl Display) -> io::Result<()> {
        self.text(format_args!("{line}\n"))
    }

    /// Writes a text as it is and flushes it.
    ///
    /// # Errors
    /// Where it cannot be written for another reason than a closed pipe, like a full device.
    pub fn text(&mut self, text: impl Display) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let written = write!(self.writer, "{text}").and_then(|()| self.writer.flush());
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(io::Error::new(
                error.kind(),
                format!("standard output cannot be written: {error}"),
            )),
            Ok(()) => Ok(()),
        }
    }
}

/// Writes a line to standard error. Where standard error cannot be written, there is nobody to tell.
pub fn error_line(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Accepts some bytes, then fails.
    struct Failing(usize, ErrorKind);

    impl Write for Failing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(self.1.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_leaves_is_no_failure() {
        let mut out = Stdout::to(Failing(6, ErrorKind::BrokenPipe));
        out.line("first").unwrap();
        assert!(!out.is_closed());
        out.line("second").unwrap();
        assert!(out.is_closed());
        out.line("third").unwrap();
    }

    #[test]
    fn a_full_device_is_a_failure() {
        let mut out = Stdout::to(Failing(3, ErrorKind::StorageFull));
        let error = out.line("first").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        assert!(
            error
                .to_string()
                .starts_with("standard output cannot be written")
        );
    }

    #[test]
    fn lines_are_lines() {
        let mut written = Vec::new();
        Stdout::to(&mut written).line("one").unwrap();
        Stdout::to(&mut written).text("two").unwrap();
        assert_eq!(written, b"one\ntwo");
    }
}
