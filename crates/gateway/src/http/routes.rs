//! Routes that can be counted.

use super::Shared;
use axum::Router;
use axum::routing::MethodRouter;

/// Routes, and which there are: the interface's description must have every one.
#[derive(Default)]
pub struct Routes {
    router: Router<Shared>,
    paths: Vec<&'static str>,
}

impl Routes {
    /// Adds what is at a path.
    pub fn route(mut self, path: &'static str, methods: MethodRouter<Shared>) -> Self {
        self.router = self.router.route(path, methods);
        self.paths.push(path);
        self
    }

    /// Where something is.
    pub fn paths(&self) -> &[&'static str] {
        &self.paths
    }

    pub(super) fn into_router(self) -> Router<Shared> {
        self.router
    }
}
