//! The pictures in `screenshots/` are made from the views; one that no longer matches is a failure.

use std::path::Path;

use crate::support::shots;

#[test]
fn pictures_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    for (name, svg) in shots::all() {
        let path = folder.join(format!("{name}.svg"));
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == svg,
            "{} is stale: cargo run --example screenshots",
            path.display()
        );
    }
}
