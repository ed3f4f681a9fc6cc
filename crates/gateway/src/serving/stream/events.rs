//! An upstream's stream, read event by event within its time.

use super::sse::{DONE, Decoder, Event};
use crate::serving::UpstreamError;
use crate::serving::answer::Answer;
use axum::body::Bytes;
use futures::{Stream, StreamExt as _};
use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// What an upstream said.
#[derive(Debug)]
pub(super) enum Heard {
    /// A chunk of the answer, as it came and as it was read.
    Chunk { data: String, chunk: Box<Answer> },
    /// There is no more.
    Done,
    /// Something that is no part of the answer, as the comments that keep a connection alive.
    Alive,
    /// The connection ended.
    End,
}

/// A stream that is being read.
pub(super) struct Events {
    bytes: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    /// Taken at the end.
    decoder: Option<Decoder>,
    ready: VecDeque<Event>,
    idle: Duration,
    deadline: Instant,
}

impl Events {
    /// `idle` is how long no byte at all may come, `deadline` the end of everything.
    pub(super) fn new(response: reqwest::Response, idle: Duration, deadline: Instant) -> Self {
        Self {
            bytes: Box::pin(response.bytes_stream()),
            decoder: Some(Decoder::default()),
            ready: VecDeque::new(),
            idle,
            deadline,
        }
    }

    /// What comes next. It may be dropped and called again: nothing is lost.
    pub(super) async fn next(&mut self) -> Result<Heard, UpstreamError> {
        if let Some(event) = self.ready.pop_front() {
            return read(event);
        }
        let Some(decoder) = &mut self.decoder else {
            return Ok(Heard::End);
        };
        let deadline = self.deadline.min(Instant::now() + self.idle);
        match timeout_at(deadline, self.bytes.next()).await {
            Err(_) => return Err(UpstreamError::TooSlow),
            Ok(Some(Err(error))) => return Err(error.into()),
            Ok(Some(Ok(bytes))) => decoder
                .push(&bytes, &mut self.ready)
                .map_err(|_too_large| UpstreamError::NotAnAnswer)?,
            Ok(None) => {
                self.ready
                    .extend(self.decoder.take().and_then(Decoder::end));
                return self.ready.pop_front().map_or(Ok(Heard::End), read);
            }
        }
        self.ready.pop_front().map_or(Ok(Heard::Alive), read)
    }
}

fn read(event: Event) -> Result<Heard, UpstreamError> {
    let Event { kind, data } = event;
    let trimmed = data.trim();
    if kind == "error" {
        return Err(Answer::error_event(trimmed));
    }
    if trimmed.is_empty() {
        return Ok(Heard::Alive);
    }
    if trimmed == DONE {
        return Ok(Heard::Done);
    }
    let chunk = Answer::read_chunk(&data).ok_or(UpstreamError::NotAnAnswer)?;
    match chunk.failure() {
        Some(failure) => Err(failure),
        None => Ok(Heard::Chunk {
            data,
            chunk: Box::new(chunk),
        }),
    }
}
