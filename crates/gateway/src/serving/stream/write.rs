//! What a client of a stream is sent.
//!
//! Every block of lines that an empty line ends has data in it. Clients are met that take a block without any, one of a
//! comment alone, for an event whose data is not JSON, or count it as an empty message.

use crate::serving::ServeError;
use crate::serving::service::RenderError;
use specie_claims::usage;

/// An event.
pub(super) fn data_event(data: &str) -> String {
    let mut event = String::with_capacity(data.len() + 16);
    for line in data.split('\n') {
        event += "data: ";
        event += line;
        event.push('\n');
    }
    event.push('\n');
    event
}

/// An OpenAI client raises this as an error of the stream.
pub(super) fn error_event(error: &ServeError, render: RenderError) -> String {
    data_event(&render(error))
}

/// A charge's signed record, as the first line of the event that comes next.
pub(crate) fn record_comment(record: &str) -> String {
    usage::comment(record)
}

/// What keeps the connections between here and a client alive while its upstream is.
pub(super) const KEEP_ALIVE: &str = ": keep-alive\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_and_what_keeps_alive_are_lines_of_the_next_event() {
        let written = record_comment("a.b.c") + KEEP_ALIVE + &data_event("[DONE]");
        assert_eq!(
            written,
            ": specie-usage a.b.c\n: keep-alive\ndata: [DONE]\n\n"
        );
        assert_eq!(data_event("a\nb"), "data: a\ndata: b\n\n");
    }
}
