//! A site server that is a Windows machine, as nearly all are: it is installed on a drive, and reads source folders by
//! UNC paths. This machine stands behind one server, so that packages with files can be practised too.

use axum::body::Body;
use axum::response::Response;
use serde_json::Value;

use super::{Asked, rewritten};

/// Under this name the root folder of this machine is shared: `\\files\srv\apps` is `/srv/apps`.
const SERVER: &str = r"\\files";

const SOURCE: &str = "PkgSourcePath";
const INSTALLED_IN: (&str, &str) = (
    "InstallDir",
    r"C:\Program Files\Microsoft Configuration Manager",
);

/// A source folder that is sent as Windows has it becomes one of this machine.
pub(super) fn taken(asked: &mut Asked) {
    let Ok(mut sent) = serde_json::from_slice::<Value>(&asked.body) else {
        return;
    };
    let Some(folder) = sent.get_mut(SOURCE) else {
        return;
    };
    let shared = folder.as_str().and_then(|path| path.strip_prefix(SERVER));
    let Some(here) = shared.filter(|rest| rest.starts_with('\\')) else {
        return;
    };
    *folder = here.replace('\\', "/").into();
    asked.send(sent.to_string());
}

/// What an answer says of folders, as Windows has it.
pub(super) async fn shown(answer: Response) -> Response {
    rewritten(answer, |body| {
        let text = std::str::from_utf8(&body).unwrap_or_default();
        let (installed, _) = INSTALLED_IN;
        if !text.contains(SOURCE) && !text.contains(installed) {
            return Body::from(body);
        }
        let Ok(mut all) = serde_json::from_slice::<Value>(&body) else {
            return Body::from(body);
        };
        match all.get_mut("value").and_then(Value::as_array_mut) {
            Some(rows) => rows.iter_mut().for_each(show),
            None => show(&mut all),
        }
        Body::from(all.to_string())
    })
    .await
}

fn show(row: &mut Value) {
    if let Some(Value::String(folder)) = row.get_mut(SOURCE)
        && folder.starts_with('/')
    {
        *folder = format!("{SERVER}{}", folder.replace('/', "\\"));
    }
    let (property, folder) = INSTALLED_IN;
    if let Some(installed) = row.get_mut(property) {
        *installed = folder.into();
    }
}
