//! The url of a site, from what a person types or copies out of a browser.

use url::Url;

use crate::config::site_url;

/// What a site's url is without saying it.
const USUAL: &str = "/adminservice";

/// The url as the settings keep it: `https://server`, with a path only where it is not the usual one.
///
/// A bare server name is one over https. What stands behind the service itself, a route or a query, is cut off.
pub fn address(typed: &str) -> Result<Url, String> {
    let typed = typed.trim();
    let whole = match typed.split_once("://") {
        None => format!("https://{typed}"),
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => typed.to_owned(),
        Some((scheme, rest)) => {
            return Err(format!(
                "a site answers over https, not {scheme}; try https://{rest}"
            ));
        }
    };
    let mut url: Url = whole
        .parse()
        .map_err(|error| format!("`{typed}` is no address: {error}"))?;
    url.set_query(None);
    url.set_fragment(None);
    let path = service(url.path());
    url.set_path(&path);
    site_url(url.as_str()).map_err(|what| what.replace("`url`", &format!("`{typed}`")))?;
    Ok(url)
}

/// The path of the service: without the routes below it, and empty where it is the usual one.
fn service(path: &str) -> String {
    let lower = path.to_ascii_lowercase();
    let end = ["/wmi", "/v1.0"].iter().filter_map(|route| {
        let at = lower.find(route)?;
        let behind = lower.as_bytes().get(at + route.len());
        matches!(behind, None | Some(b'/')).then_some(at)
    });
    let end = end.min().unwrap_or(path.len());
    let path = path.get(..end).unwrap_or(path).trim_end_matches('/');
    if path.eq_ignore_ascii_case(USUAL) {
        String::new()
    } else {
        path.to_owned()
    }
}

/// As it stands in a settings file and on the screen: without a slash at its end.
pub fn told(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}

/// Whether the server is named by its address: Kerberos knows servers by name only.
pub fn is_numeric(url: &Url) -> bool {
    !matches!(url.host(), Some(url::Host::Domain(_)) | None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_types_or_copies_becomes_the_url_of_the_site() {
        for (typed, url) in [
            ("sccm01", "https://sccm01"),
            (" sccm01.corp.example ", "https://sccm01.corp.example"),
            ("localhost:8443", "https://localhost:8443"),
            ("10.0.0.7", "https://10.0.0.7"),
            ("[::1]:8443", "https://[::1]:8443"),
            (
                "HTTPS://SCCM01.corp.example/",
                "https://sccm01.corp.example",
            ),
            ("https://a/AdminService", "https://a"),
            ("https://a/adminservice/wmi/SMS_Site?$top=1", "https://a"),
            ("https://a/AdminService/v1.0/", "https://a"),
            (
                "a/AdminService_TokenAuth",
                "https://a/AdminService_TokenAuth",
            ),
            (
                "https://cmg/CCM_Proxy_MutualAuth/7/AdminService/wmi/",
                "https://cmg/CCM_Proxy_MutualAuth/7/AdminService",
            ),
        ] {
            assert_eq!(address(typed).as_ref().map(told), Ok(url), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_a_site_is_refused_with_a_reason() {
        for (typed, reason) in [
            ("http://sccm01/AdminService", "try https://sccm01"),
            ("", "is no address"),
            ("https://ann:secret@sccm01", "never stand in this file"),
            ("a b", "is no address"),
        ] {
            let refused = address(typed).unwrap_err();
            assert!(refused.contains(reason), "{typed}: {refused}");
        }
    }

    #[test]
    fn addresses_are_told_from_names() {
        assert!(is_numeric(&address("10.0.0.7").unwrap()));
        assert!(is_numeric(&address("[::1]").unwrap()));
        assert!(!is_numeric(&address("sccm01").unwrap()));
    }
}
