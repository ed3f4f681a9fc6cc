//! Routes that can be counted.

use super::Shared;
use axum::Router;
use axum::routing::MethodRouter;

/// Routes and their paths: a test compares the paths with the interface's description.
#[derive(Default)]
pub struct Routes {
    router: Router<Shared>,
    paths: Vec<&'static str>,
}

impl Routes {
    /// Adds a path and its methods.
    pub fn route(mut self, path: &'static str, methods: MethodRouter<Shared>) -> Self {
        self.router = self.router.route(path, methods);
        self.paths.push(path);
        self
    }

    /// The paths, in the order in which they were added.
    pub fn paths(&self) -> &[&'static str] {
        &self.paths
    }

    pub(super) fn into_router(self) -> Router<Shared> {
        self.router
    }
}
