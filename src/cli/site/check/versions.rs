//! What a site of some version cannot do (adminservice.md 9), by the build its version names.

/// The first build of a version, and what sites before it cannot do.
const SINCE: &[(u32, &str, &str)] = &[
    (
        8913,
        "1910",
        "calls of methods, and filters by the beginning of a name",
    ),
    (
        9012,
        "2006",
        "names of classes in any other case than their own",
    ),
    (
        9068,
        "2111",
        "membership rules and content calls on one object",
    ),
];

/// From this build on NTLM is refused.
const WITHOUT_NTLM: u32 = 9141;

/// The build in a version, `5.00.9141.1000`.
pub fn build(version: &str) -> Option<u32> {
    version.split('.').nth(2)?.trim().parse().ok()
}

/// What such a site cannot do.
pub fn cannot(build: u32) -> Vec<String> {
    let missing = SINCE.iter().filter(|(since, ..)| build < *since);
    missing
        .map(|(_, version, what)| format!("{what} came with {version}"))
        .collect()
}

/// Whether NTLM is of any use there.
pub fn takes_ntlm(build: u32) -> bool {
    build < WITHOUT_NTLM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_decides_what_is_missing() {
        assert_eq!(build("5.00.9141.1000"), Some(9141));
        assert_eq!(build("garbage"), None);
        assert_eq!(cannot(9141), Vec::<String>::new());
        assert_eq!(cannot(9058).len(), 1);
        assert_eq!(cannot(8853).len(), 3);
        assert!(takes_ntlm(9135) && !takes_ntlm(9141));
    }
}
