//! Why a request is refused for what it says.

/// Why a request is refused for what it says. All are final: the same request will be refused again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    /// Not a JSON object.
    #[error("the request's body is not a JSON object: {0}")]
    NotAnObject(String),
    /// A parameter, or a part of one, is named twice.
    #[error(
        "{0} is there twice in one object: send it once, because servers differ in which of the two they read"
    )]
    Repeated(String),
    /// Nested deeper than parsers take.
    #[error("the request's body is nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A parameter is missing, of the wrong type, or out of range.
    #[error("`{0}` is missing, of the wrong type or out of range")]
    Parameter(&'static str),
    /// No such model.
    #[error("the model {0} is not on offer here; see /v1/models")]
    UnknownModel(String),
    /// The model came on offer after the session was opened, so that no price of it was agreed on.
    #[error(
        "the model {0} came on offer after this session was opened; open another session to use it"
    )]
    NotInTerms(String),
    /// The model is asked elsewhere.
    #[error("the model {0} does not serve {1}; /v1/models says what it serves")]
    EndpointNotServed(String, &'static str),
    /// A parameter that is not passed on.
    #[error("the parameter {0} is not offered here")]
    NotOffered(String),
    /// Images, audio or files.
    #[error("only text content is offered here")]
    ContentNotText,
    /// More than the model may write.
    #[error("{asked} output tokens were asked for and the model's limit is {limit}")]
    TooManyTokens {
        /// What was asked for.
        asked: u64,
        /// The model's limit.
        limit: u64,
    },
    /// More choices than allowed, over all prompts.
    #[error("{asked} choices were asked for and the limit is {limit}")]
    TooManyChoices {
        /// What was asked for.
        asked: u64,
        /// The limit.
        limit: u64,
    },
    /// More texts than allowed.
    #[error("there are {asked} inputs and the limit is {limit}")]
    TooManyInputs {
        /// How many there are.
        asked: u64,
        /// The limit.
        limit: u64,
    },
    /// A prompt that comes back in a stream could not be told from what was written.
    #[error("echo is offered without stream only")]
    EchoStreamed,
}
