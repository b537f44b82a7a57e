//! The token that opens a served site: made once, kept in a file for its owner alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::cli::failure::Failure;
use crate::config::private;
use crate::odata::ErrorBody;

/// What a token is compared by. Digests are compared, so the time a comparison takes tells nothing about the token.
#[derive(Clone)]
pub struct Lock(Arc<[u8; 32]>);

/// A token's file, and whether it was made just now.
pub struct TokenFile {
    pub path: PathBuf,
    pub is_new: bool,
    pub lock: Lock,
}

impl TokenFile {
    /// The token of a file; made there if there is none.
    pub fn of(path: &Path) -> Result<Self, Failure> {
        let failed = |error: &std::io::Error| {
            Failure::failed(format!("{}: {error}", path.display()))
                .with("name another file with --token-file")
        };
        let is_new = !path.exists();
        if is_new {
            let token = format!("{}{}\n", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            private::replace(path, token.as_bytes()).map_err(|error| failed(&error))?;
        }
        if private::is_open_to_others(path).map_err(|error| failed(&error))? {
            let what = format!("{} can be read by others", path.display());
            let way_out = format!("chmod 600 {}", path.display());
            return Err(Failure::failed(what).with(way_out));
        }
        let token = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
        if token.trim().is_empty() {
            let way_out = "remove it to have a token made";
            return Err(Failure::failed(format!("{} is empty", path.display())).with(way_out));
        }
        Ok(Self {
            path: path.to_owned(),
            is_new,
            lock: Lock::of(token.trim()),
        })
    }
}

impl Lock {
    pub fn of(token: &str) -> Self {
        Self(Arc::new(Sha256::digest(token).into()))
    }

    fn opens(&self, request: &Request) -> bool {
        let header = request.headers().get(AUTHORIZATION);
        let shown = header.and_then(|header| header.to_str().ok());
        let token = shown.and_then(|shown| {
            let (scheme, token) = shown.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let digest: [u8; 32] = Sha256::digest(token.unwrap_or_default()).into();
        token.is_some() && digest == *self.0
    }

    /// The router behind this lock.
    pub fn before(self, router: Router) -> Router {
        router.layer(middleware::from_fn(move |request: Request, next: Next| {
            let is_open = self.opens(&request);
            async move {
                if is_open {
                    next.run(request).await
                } else {
                    refused()
                }
            }
        }))
    }
}

fn refused() -> Response {
    let status = StatusCode::UNAUTHORIZED;
    let body = ErrorBody::new(status.as_u16(), "a bearer token of this site is needed");
    let headers = [
        (WWW_AUTHENTICATE, "Bearer"),
        (CONTENT_TYPE, "application/json"),
    ];
    (status, headers, body.to_json()).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn status(header: Option<&str>) -> StatusCode {
        let router = Lock::of("open").before(Router::new().route("/", get(|| async { "in" })));
        let mut request = Request::builder().uri("/");
        if let Some(header) = header {
            request = request.header(AUTHORIZATION, header);
        }
        let request = request.body(Body::empty()).unwrap();
        router.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn only_the_token_opens() {
        assert_eq!(status(Some("Bearer open")).await, StatusCode::OK);
        assert_eq!(status(Some("bearer open")).await, StatusCode::OK);
        for wrong in [None, Some("Bearer ope"), Some("Basic open"), Some("open")] {
            assert_eq!(status(wrong).await, StatusCode::UNAUTHORIZED, "{wrong:?}");
        }
    }

    #[test]
    fn a_token_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        assert!(TokenFile::of(&path).unwrap().is_new);
        assert!(!TokenFile::of(&path).unwrap().is_new);
        assert!(!private::is_open_to_others(&path).unwrap());
        std::fs::write(&path, "").unwrap();
        assert!(TokenFile::of(&path).is_err());
    }
}
