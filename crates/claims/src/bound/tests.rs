use super::*;
use crate::tokens;

const MODEL: ModelBounds = ModelBounds {
    context_tokens: 2_000,
    max_output_tokens: 100,
    template_tokens: 50,
};

const COUNTS: Counts = Counts {
    choices: 4,
    inputs: 3,
};

/// The bound of a body that is passed on as it is.
fn most(endpoint: Endpoint, body: &str, model: &ModelBounds) -> Result<Usage, RequestRefusal> {
    let bound = Bound::of(
        endpoint,
        &mut Fields::of_body(body.as_bytes())?,
        model,
        COUNTS,
    )?;
    Ok(bound.most(model, tokens::most_of_json(body).unwrap(), 0))
}

#[test]
fn nothing_is_read_beyond_the_context_and_nothing_longer_is_written() {
    let long = "x".repeat(3_000);
    let chat = format!(r#"{{"messages":[{{"content":"{long}"}}]}}"#);
    assert_eq!(most(Endpoint::Chat, &chat, &MODEL).unwrap().input, 2_000);
    let short_context = ModelBounds {
        context_tokens: 60,
        ..MODEL
    };
    let chat = most(
        Endpoint::Chat,
        r#"{"messages":[{"content":"hi"}],"n":2}"#,
        &short_context,
    );
    assert_eq!(chat.unwrap().output, 120);
    let prompts = format!(r#"{{"prompt":["{long}","p"],"suffix":"ss","max_tokens":7}}"#);
    let completion = most(Endpoint::Completions, &prompts, &MODEL).unwrap();
    assert_eq!((completion.input, completion.output), (2_000 + 53, 14));
}

#[test]
fn what_terms_fix_of_an_offer_bounds_no_context() {
    let offer: ModelOffer = serde_json::from_value(serde_json::json!({
        "input_units_per_1000_tokens": "1", "cached_units_per_1000_tokens": "1",
        "output_units_per_1000_tokens": "1", "context_tokens": 60, "max_output_tokens": 100, "template_tokens": 50,
    }))
    .unwrap();
    let bounds = ModelBounds::of_terms(&offer);
    let long = format!(r#"{{"prompt":"{}"}}"#, "x".repeat(3_000));
    let completion = most(Endpoint::Completions, &long, &bounds).unwrap();
    assert_eq!((completion.input, completion.output), (3_050, 16));
}

#[test]
fn more_choices_or_texts_than_allowed_reject_unless_there_is_no_limit() {
    let bound = |endpoint, body: &str, counts| {
        let mut fields = Fields::of_body(body.as_bytes()).unwrap();
        Bound::of(endpoint, &mut fields, &MODEL, counts)
    };
    let prompts = r#"{"prompt":["a","b","c"],"n":2}"#;
    assert_eq!(
        bound(Endpoint::Completions, prompts, COUNTS),
        Err(RequestRefusal::TooManyChoices { asked: 6, limit: 4 })
    );
    let texts = r#"{"input":["a","b","c","d"]}"#;
    assert_eq!(
        bound(Endpoint::Embeddings, texts, COUNTS),
        Err(RequestRefusal::TooManyInputs { asked: 4, limit: 3 })
    );
    let unlimited = bound(Endpoint::Completions, prompts, Counts::UNLIMITED);
    assert_eq!(unlimited.unwrap().answers, 6);
    assert!(bound(Endpoint::Embeddings, texts, Counts::UNLIMITED).is_ok());
}

#[test]
fn time_is_bounded_where_it_has_a_price() {
    let timed = |units_per_second| Tariff {
        units_per_second,
        ..Tariff::default()
    };
    assert_eq!(most_milliseconds(&timed(0), 30), 0);
    assert_eq!(most_milliseconds(&timed(1), 30), 30_000);
    assert_eq!(most_milliseconds(&timed(1), u64::MAX), u64::MAX);
}
