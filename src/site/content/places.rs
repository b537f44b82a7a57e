//! Where the libraries of a site lie: the site server's own, which its distribution point shares, and one for each
//! other point in a folder called after the server.

use std::fs;
use std::path::PathBuf;

use super::library::Library;
use crate::site::Site;
use crate::sms::nal::NalPath;

/// Name of a library's folder, as it is on real servers.
const LIBRARY: &str = "SCCMContentLib";

/// Below the site's folder.
const POINTS: &str = "points";

/// The libraries of one site.
#[derive(Debug, Clone)]
pub struct Places {
    folder: PathBuf,
    server: NalPath,
}

impl Places {
    pub fn of(site: &Site) -> Self {
        Self {
            folder: site.folder().to_owned(),
            server: site.identity().nal_path(),
        }
    }

    /// The site server's library.
    pub fn master(&self) -> Library {
        Library::at(self.folder.join(LIBRARY))
    }

    /// The library of a distribution point.
    pub fn point(&self, point: &NalPath) -> Library {
        if self.is_shared(point) {
            return self.master();
        }
        let folder = folder_name(point.server());
        Library::at(self.folder.join(POINTS).join(folder).join(LIBRARY))
    }

    /// Whether a point is the site server's own.
    pub fn is_shared(&self, point: &NalPath) -> bool {
        self.server.is_same(point)
    }

    /// Every library there is.
    pub fn all(&self) -> Vec<Library> {
        let mut all = vec![self.master()];
        // No folder of points means that none ever got anything.
        let points = fs::read_dir(self.folder.join(POINTS)).into_iter().flatten();
        all.extend(
            points
                .flatten()
                .map(|point| Library::at(point.path().join(LIBRARY))),
        );
        all
    }
}

/// A server's name as the name of a folder, whatever it is made of.
fn folder_name(server: &str) -> String {
    let name: String = server
        .chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' => c.to_ascii_lowercase(),
            _ => '_',
        })
        .collect();
    if name.trim_matches('.').is_empty() {
        return format!("_{name}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_s_name_never_leads_out_of_the_folder() {
        assert_eq!(folder_name("DP02.lab.example"), "dp02.lab.example");
        assert_eq!(folder_name(".."), "_..");
        assert_eq!(folder_name("a/../b"), "a_.._b");
        assert_eq!(folder_name(""), "_");
    }
}
