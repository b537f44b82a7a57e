//! Where a site answers.

use url::Url;

/// Name and place of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAddress {
    /// As the settings know it; errors name it.
    pub name: String,
    /// `https://server` or `https://server:8443`.
    pub(super) origin: String,
    /// The folder the service answers below: `/AdminService`, `/AdminService_TokenAuth`, or a longer way in.
    pub(super) root: String,
    /// Answered by this process, so on this machine.
    pub(super) is_local: bool,
}

impl SiteAddress {
    /// A site reached over the network. A url without a path means the service's usual one.
    pub fn remote(name: impl Into<String>, url: &Url) -> Self {
        let path = url.path().trim_end_matches('/');
        let root = if path.is_empty() {
            "/AdminService"
        } else {
            path
        };
        Self {
            name: name.into(),
            origin: url.origin().ascii_serialization(),
            root: root.to_owned(),
            is_local: false,
        }
    }

    /// A site of this process.
    pub fn local(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            origin: "https://localhost".to_owned(),
            root: "/AdminService".to_owned(),
            is_local: true,
        }
    }
}
