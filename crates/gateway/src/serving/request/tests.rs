use super::*;
use crate::tariff::Tariff;

const LIMITS: Limits = Limits {
    choices: 4,
    inputs: 3,
    request_seconds: 30,
    ..Limits::DEFAULT
};

fn model() -> Model {
    Model {
        id: "demo".to_owned(),
        upstreams: vec!["http://127.0.0.1:1/v1".parse().unwrap()],
        upstream_model: "inner".to_owned(),
        key: None,
        endpoints: Endpoint::ALL.to_vec(),
        tariff: Tariff {
            input_units_per_1000: 1,
            output_units_per_1000: 1,
            ..Tariff::default()
        },
        context_tokens: 2_000,
        max_output_tokens: 100,
        template_tokens: 50,
        continuous_usage: false,
    }
}

fn read_of(model: Model, endpoint: Endpoint, body: &Value) -> Result<Request, RequestRefusal> {
    let body = body.to_string();
    Request::read(endpoint, body.as_bytes(), &LIMITS, |id| {
        let found = (id == "demo").then_some(model);
        found.ok_or_else(|| RequestRefusal::UnknownModel(id.to_owned()))
    })
}

/// A small request to the endpoint, with `more` laid over it.
fn small(endpoint: Endpoint, more: Value) -> Value {
    let mut body = match endpoint {
        Endpoint::Chat => json!({"messages": [{"role": "user", "content": "hi"}]}),
        Endpoint::Completions => json!({"prompt": "hi"}),
        Endpoint::Embeddings => json!({"input": "hi"}),
    };
    body["model"] = json!("demo");
    let more = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(more);
    body
}

fn ask(endpoint: Endpoint, more: Value) -> Result<Request, RequestRefusal> {
    read_of(model(), endpoint, &small(endpoint, more))
}

fn chat(more: Value) -> Result<Request, RequestRefusal> {
    ask(Endpoint::Chat, more)
}

fn complete(more: Value) -> Result<Request, RequestRefusal> {
    ask(Endpoint::Completions, more)
}

fn embed(more: Value) -> Result<Request, RequestRefusal> {
    ask(Endpoint::Embeddings, more)
}

fn sent(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

#[test]
fn a_chat_may_read_every_byte_passed_on_and_the_template_up_to_the_context() {
    let request = chat(json!({})).unwrap();
    assert_eq!(request.most.input, request.body.len() as u64 + 50);
    let normalised = chat(json!({"stop": "\u{fdfa}"})).unwrap();
    let longer = 33 - 3;
    assert_eq!(
        normalised.most.input,
        normalised.body.len() as u64 + longer + 50
    );
    let long = chat(json!({"user": "u", "stop": "x".repeat(3_000)})).unwrap();
    assert_eq!(long.most.input, 2_000);
}

#[test]
fn a_chat_may_write_what_was_asked_or_the_models_limit_for_each_choice() {
    let cases = [
        (json!({}), 100),
        (json!({"max_tokens": 7}), 7),
        (json!({"max_completion_tokens": 8}), 8),
        (json!({"max_completion_tokens": 8, "max_tokens": 9}), 9),
        (json!({"max_tokens": 7, "n": 3}), 21),
        (json!({"max_tokens": null, "n": null}), 100),
    ];
    for (more, most) in cases {
        assert_eq!(chat(more).unwrap().most.output, most);
    }
    assert_eq!(sent(&chat(json!({})).unwrap())["max_tokens"], 100);
}

#[test]
fn a_limit_that_the_gateway_added_can_be_left_out_where_the_prompt_may_leave_less_room() {
    let short = chat(json!({})).unwrap();
    assert_eq!(short.without_limit, None);
    let long = || json!([{"role": "user", "content": "x".repeat(1_800)}]);
    let request = chat(json!({"messages": long()})).unwrap();
    assert_eq!(sent(&request)["max_tokens"], 100);
    let without: Value = serde_json::from_slice(request.without_limit.as_ref().unwrap()).unwrap();
    let mut expected = sent(&request);
    expected.as_object_mut().unwrap().remove("max_tokens");
    assert_eq!(without, expected);
    assert_eq!(request.most.output, 100);
    let asked = chat(json!({"messages": long(), "max_tokens": 100})).unwrap();
    assert_eq!(asked.without_limit, None);
    let mut roomy = model();
    roomy.max_output_tokens = roomy.context_tokens;
    let request = read_of(roomy, Endpoint::Chat, &small(Endpoint::Chat, json!({}))).unwrap();
    assert_eq!(sent(&request).get("max_tokens"), None);
    assert_eq!((request.without_limit, request.most.output), (None, 2_000));
}

#[test]
fn what_is_not_the_gateways_to_change_is_passed_on_as_it_was_sent() {
    let schema = r#"{"type":"object","properties":{"reasoning":{"minimum":-1e400},"answer":{"const":3.0}},"x":"\u00e9","x":1}"#;
    let body = format!(
        r#"{{"model":"demo","response_format":{{"json_schema":{schema}}},"seed":18446744073709551616,
            "messages":[ {{"content":"hi","role":"user","tool_calls":[],"weight":1e400}} ],"max_tokens":7.0}}"#
    );
    let request = Request::read(Endpoint::Chat, body.as_bytes(), &LIMITS, |_| Ok(model())).unwrap();
    let expected = format!(
        r#"{{"model":"inner","response_format":{{"json_schema":{schema}}},"seed":18446744073709551616,"messages":[ {{"content":"hi","role":"user","tool_calls":[],"weight":1e400}} ],"max_tokens":7.0}}"#
    );
    assert_eq!(std::str::from_utf8(&request.body), Ok(expected.as_str()));
    assert_eq!(request.most.output, 7);
}

#[test]
fn what_is_bounded_and_there_twice_rejects() {
    let image = r#"[{"type":"image_url"}]"#;
    let message = |message: &str| format!(r#"{{"model":"demo","messages":[{message}]}}"#);
    let part = |part: &str| message(&format!(r#"{{"content":[{part}]}}"#));
    let repeated = |name: &str| RequestRefusal::Repeated(name.to_owned());
    let not_offered = |name: &str| RequestRefusal::NotOffered(name.to_owned());
    for (body, refusal) in [
        (
            r#"{"model":"demo","messages":[],"n":1,"n":4}"#.to_owned(),
            repeated("n"),
        ),
        (
            message(&format!(r#"{{"content":"hi","content":{image}}}"#)),
            repeated("content"),
        ),
        (
            message(&format!(r#"{{"content":"hi","\u0063ontent":{image}}}"#)),
            repeated("content"),
        ),
        (
            message(&format!(r#"{{"Content":{image}}}"#)),
            not_offered("Content"),
        ),
        (
            part(r#"{"type":"text","type":"image_url"}"#),
            repeated("type"),
        ),
        (
            part(r#"{"type":"text","TYPE":"image_url"}"#),
            not_offered("TYPE"),
        ),
        (r#"{"model":"demo","N":9}"#.to_owned(), not_offered("N")),
    ] {
        let read = Request::read(Endpoint::Chat, body.as_bytes(), &LIMITS, |_| Ok(model()));
        assert_eq!(read.unwrap_err(), refusal, "{body}");
    }
}

#[test]
fn only_switches_of_a_template_and_only_text_are_taken() {
    let request = chat(json!({
        "chat_template_kwargs": {"enable_thinking": false}, "modalities": ["text"],
    }));
    let sent = sent(&request.unwrap());
    assert_eq!(sent["chat_template_kwargs"]["enable_thinking"], false);
    assert_eq!(sent.get("modalities"), None);
    let not_offered = |name: &str| RequestRefusal::NotOffered(name.to_owned());
    for (more, refusal) in [
        (
            json!({"chat_template_kwargs": {"chat_template": "x"}}),
            not_offered("chat_template_kwargs.chat_template"),
        ),
        (
            json!({"chat_template_kwargs": {"thinking": "x"}}),
            not_offered("chat_template_kwargs.thinking"),
        ),
        (
            json!({"chat_template_kwargs": true}),
            RequestRefusal::Parameter("chat_template_kwargs"),
        ),
        (
            json!({"modalities": ["text", "audio"]}),
            not_offered("modalities"),
        ),
        (
            json!({"prediction": {"type": "content"}}),
            not_offered("prediction"),
        ),
        (
            json!({"web_search_options": {}}),
            not_offered("web_search_options"),
        ),
    ] {
        assert_eq!(chat(more).unwrap_err(), refusal);
    }
}

#[test]
fn texts_are_bounded_by_their_bytes_and_tokens_exactly_each_up_to_the_context() {
    let long = "x".repeat(3_000);
    let cases = [
        (json!("hello"), 5 + 50),
        // Its bytes, once it is normalised.
        (json!("\u{fdfa}"), 33 + 50),
        (json!(["a", "bc"]), 51 + 52),
        (json!([1, 22, 333]), 3 + 50),
        (json!([[1, 2], [3]]), 52 + 51),
        (json!(long), 2_000),
        (json!([long, long, "a"]), 2_000 + 2_000 + 51),
    ];
    for (texts, most) in cases {
        let completion = complete(json!({"prompt": texts.clone()})).unwrap();
        assert_eq!(completion.most.input, most, "{texts}");
        let embedding = embed(json!({"input": texts.clone()})).unwrap();
        assert_eq!(
            (embedding.most.input, embedding.most.output),
            (most, 0),
            "{texts}"
        );
    }
    let suffixed = complete(json!({"prompt": ["a", "b"], "suffix": "cd\u{fdfa}"})).unwrap();
    assert_eq!(suffixed.most.input, 2 * (1 + 2 + 33 + 50));
}

#[test]
fn texts_that_are_empty_or_mixed_reject() {
    for texts in [
        json!([]),
        json!([[]]),
        json!(["a", 1]),
        json!([1, "a"]),
        json!([[1], "a"]),
        json!([[1], []]),
        json!([1.5]),
        json!([-1]),
        json!(7),
        json!({"a": 1}),
        json!(true),
        json!([[["a"]]]),
    ] {
        let refusal = complete(json!({"prompt": texts.clone()})).unwrap_err();
        assert_eq!(refusal, RequestRefusal::Parameter("prompt"), "{texts}");
        let refusal = embed(json!({"input": texts.clone()})).unwrap_err();
        assert_eq!(refusal, RequestRefusal::Parameter("input"), "{texts}");
    }
}

#[test]
fn a_completion_may_write_for_every_prompt_and_every_choice_made() {
    let cases = [
        (json!({}), 16),
        (json!({"max_tokens": 7}), 7),
        (json!({"max_tokens": 7, "n": 2}), 14),
        (json!({"max_tokens": 7, "n": 2, "best_of": 4}), 28),
        (json!({"max_tokens": 7, "prompt": ["a", "b"], "n": 2}), 28),
        (json!({"max_tokens": 0, "echo": true}), 0),
    ];
    for (more, most) in cases {
        assert_eq!(complete(more).unwrap().most.output, most);
    }
    assert_eq!(sent(&complete(json!({})).unwrap())["max_tokens"], 16);
}

#[test]
fn time_is_bounded_by_what_a_request_may_take_where_it_has_a_price() {
    for endpoint in Endpoint::ALL {
        assert_eq!(ask(endpoint, json!({})).unwrap().most.milliseconds, 0);
        let mut timed = model();
        timed.tariff.units_per_second = 5;
        let request = read_of(timed, endpoint, &small(endpoint, json!({}))).unwrap();
        assert_eq!(request.most.milliseconds, 30_000);
    }
}

#[test]
fn usage_is_forced_on_in_streams() {
    for endpoint in [Endpoint::Chat, Endpoint::Completions] {
        let request = ask(endpoint, json!({"stream": true})).unwrap();
        assert!(!request.wants_usage);
        assert_eq!(sent(&request)["stream_options"]["include_usage"], true);
        let off = json!({"stream": true, "stream_options": {"include_usage": false}});
        let off = ask(endpoint, off).unwrap();
        assert_eq!(sent(&off)["stream_options"]["include_usage"], true);
        let asked = json!({"stream": true, "stream_options": {"include_usage": true}});
        assert!(ask(endpoint, asked).unwrap().wants_usage);
    }
}

#[test]
fn the_upstream_gets_its_own_name_and_nothing_personal_or_of_its_bill() {
    for endpoint in Endpoint::ALL {
        let personal = json!({
            "user": "u", "metadata": {"a": "b"}, "safety_identifier": "s", "store": true,
            "service_tier": "priority", "prompt_cache_key": "k", "prompt_cache_retention": "24h",
        });
        let sent = sent(&ask(endpoint, personal).unwrap());
        assert_eq!(sent["model"], "inner");
        for dropped in NOT_PASSED_ON {
            assert!(sent.get(dropped).is_none(), "{dropped}");
        }
    }
}

#[test]
fn a_model_is_asked_where_it_serves_and_nowhere_else() {
    for endpoint in Endpoint::ALL {
        let mut elsewhere = model();
        elsewhere.endpoints.retain(|served| *served != endpoint);
        let refusal = read_of(elsewhere, endpoint, &small(endpoint, json!({})));
        assert_eq!(
            refusal.unwrap_err(),
            RequestRefusal::EndpointNotServed("demo".into(), endpoint.name())
        );
    }
}

#[test]
fn what_no_endpoint_knows_rejects_at_each() {
    for endpoint in Endpoint::ALL {
        for (more, refusal) in [
            (json!({"model": 1}), RequestRefusal::Parameter("model")),
            (
                json!({"model": "x"}),
                RequestRefusal::UnknownModel("x".into()),
            ),
            (
                json!({"chat_template": "x"}),
                RequestRefusal::NotOffered("chat_template".into()),
            ),
        ] {
            assert_eq!(ask(endpoint, more).unwrap_err(), refusal);
        }
        let list = Request::read(endpoint, b"[]", &LIMITS, |_| Ok(model()));
        assert!(matches!(list, Err(RequestRefusal::NotAnObject(_))));
    }
}

#[test]
fn each_bad_chat_rejects_by_name() {
    let image = json!([{"type": "image_url", "image_url": {"url": "http://10.0.0.1/"}}]);
    let too_many = RequestRefusal::TooManyTokens {
        asked: 101,
        limit: 100,
    };
    let cases = [
        (
            json!({"messages": []}),
            RequestRefusal::Parameter("messages"),
        ),
        (
            json!({"messages": [{"content": image}]}),
            RequestRefusal::ContentNotText,
        ),
        (
            json!({"max_tokens": 0}),
            RequestRefusal::Parameter("max_tokens"),
        ),
        (
            json!({"max_tokens": -1}),
            RequestRefusal::Parameter("max_tokens"),
        ),
        (json!({"max_tokens": 101}), too_many.clone()),
        (
            json!({"max_completion_tokens": 1, "max_tokens": 101}),
            too_many,
        ),
        (
            json!({"n": 5}),
            RequestRefusal::TooManyChoices { asked: 5, limit: 4 },
        ),
        (
            json!({"stream": "yes"}),
            RequestRefusal::Parameter("stream"),
        ),
        (
            json!({"prompt": "x"}),
            RequestRefusal::NotOffered("prompt".into()),
        ),
    ];
    for (more, refusal) in cases {
        assert_eq!(chat(more).unwrap_err(), refusal);
    }
}

#[test]
fn each_bad_completion_rejects_by_name() {
    let cases = [
        (
            json!({"max_tokens": 0}),
            RequestRefusal::Parameter("max_tokens"),
        ),
        (
            json!({"max_tokens": 101}),
            RequestRefusal::TooManyTokens {
                asked: 101,
                limit: 100,
            },
        ),
        (
            json!({"prompt": ["a", "b", "c"], "n": 2}),
            RequestRefusal::TooManyChoices { asked: 6, limit: 4 },
        ),
        (
            json!({"best_of": 5}),
            RequestRefusal::TooManyChoices { asked: 5, limit: 4 },
        ),
        (
            json!({"echo": true, "stream": true}),
            RequestRefusal::EchoStreamed,
        ),
        (json!({"suffix": 1}), RequestRefusal::Parameter("suffix")),
        (json!({"prompt": null}), RequestRefusal::Parameter("prompt")),
        (
            json!({"prompt_logprobs": 1}),
            RequestRefusal::NotOffered("prompt_logprobs".into()),
        ),
    ];
    for (more, refusal) in cases {
        assert_eq!(complete(more).unwrap_err(), refusal);
    }
}

#[test]
fn each_bad_embedding_rejects_by_name() {
    let cases = [
        (
            json!({"input": ["a", "b", "c", "d"]}),
            RequestRefusal::TooManyInputs { asked: 4, limit: 3 },
        ),
        (
            json!({"encoding_format": "hex"}),
            RequestRefusal::Parameter("encoding_format"),
        ),
        (
            json!({"dimensions": 0}),
            RequestRefusal::Parameter("dimensions"),
        ),
        (
            json!({"stream": true}),
            RequestRefusal::NotOffered("stream".into()),
        ),
        (json!({"input": null}), RequestRefusal::Parameter("input")),
    ];
    for (more, refusal) in cases {
        assert_eq!(embed(more).unwrap_err(), refusal);
    }
    for format in ["float", "base64"] {
        let request = embed(json!({"encoding_format": format, "dimensions": 8})).unwrap();
        assert_eq!(sent(&request)["encoding_format"], format);
        assert_eq!(sent(&request)["dimensions"], 8);
    }
}
