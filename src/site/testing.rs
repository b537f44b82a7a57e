//! For the tests beside the code: a site that nothing has happened on yet.

use std::path::Path;

use super::{NewSite, Site};

/// A new site `lab` with the code LAB.
pub fn site_at(folder: &Path) -> Site {
    let new = NewSite {
        code: "LAB".into(),
        name: "lab".to_owned(),
    };
    Site::create(folder, &new).unwrap()
}
