//! Cross-origin requests: which web pages a browser lets read what the gateway answers.
//!
//! An API key travels in a header that a page must set itself, and nothing here knows a cookie. So no answer allows
//! credentials, and what any page may read is what anybody may read with curl.

use crate::offer::Origins;
use axum::http::{HeaderValue, Method};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, Any, CorsLayer};

/// How long a browser may remember the answer to a preflight. Chromium remembers none for longer.
const REMEMBERED: Duration = Duration::from_secs(7_200);

/// Answers preflights, and says in every other answer who may read it.
///
/// A page may send any header, since SDKs add their own, and read every header: all of them are meant for the client.
pub(super) fn layer(origins: &Origins) -> CorsLayer {
    let allowed = match origins {
        Origins::Any => AllowOrigin::any(),
        Origins::Listed(origins) => {
            let origins = origins.iter().map(|origin| HeaderValue::from_str(origin));
            AllowOrigin::list(origins.filter_map(Result::ok))
        }
    };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(Any)
        .max_age(REMEMBERED)
}
