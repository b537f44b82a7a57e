//! `SMS_Identification`: which site this is.

use super::{Answer, Implementation};
use crate::site::context::Context;
use crate::site::seed::VERSION;

const CLASS: &str = "SMS_Identification";

pub(super) const METHODS: &[Implementation] = &[
    Implementation::reads(CLASS, "GetProviderVersion", |_, _| Ok(provider_version())),
    Implementation::reads(CLASS, "GetSiteID", |context, _| Ok(site_id(context))),
    Implementation::reads(CLASS, "GetCurrentUser", |context, _| {
        Ok(Answer::done().with("UserName", current_user(context)))
    }),
];

fn provider_version() -> Answer {
    Answer::done().with("VersionString", VERSION)
}

fn site_id(context: &Context<'_>) -> Answer {
    Answer::done().with("SiteID", context.site.code.as_str())
}

/// The embedded site knows one user: whoever runs it.
pub(in crate::site) fn current_user(context: &Context<'_>) -> String {
    let user = std::env::var("USER").unwrap_or_else(|_| "administrator".to_owned());
    format!("{}\\{user}", context.site.computer())
}
