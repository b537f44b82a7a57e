//! Questions to the site that change nothing: is a share or source used already, which id comes next.

use super::{Answer, Call, Implementation};
use crate::site::context::Context;
use crate::site::rules::ADVERTISEMENT_COUNTER;
use crate::site::store::StoreError;
use crate::site::store::object::peek_number;

pub(super) const METHODS: &[Implementation] = &[
    Implementation::reads("SMS_Package", "CheckDuplicateShareName", share_name),
    Implementation::reads("SMS_Package", "CheckDuplicateSourceName", source_name),
    Implementation::reads("SMS_Advertisement", "GetNextID", next_id),
];

fn share_name(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    is_used(context, call, "ShareType = 2 AND ShareName", "ShareName")
}

fn source_name(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    is_used(context, call, "PkgSourcePath", "SourceName")
}

/// Whether another package than the one named uses the value.
fn is_used(
    context: &Context<'_>,
    call: &Call<'_>,
    column: &str,
    argument: &str,
) -> Result<Answer, StoreError> {
    let condition = format!("{column} = ?1 AND PackageID <> ?2 AND ActionInProgress IS NOT 3");
    let (value, own) = (
        call.arguments.text(argument),
        call.arguments.text("PackageID"),
    );
    let others = context.count("SMS_Package", &condition, &[&value, &own])?;
    Ok(Answer::done().with("Result", others > 0))
}

/// The number behind the next id, not the id itself.
fn next_id(context: &Context<'_>, _: &Call<'_>) -> Result<Answer, StoreError> {
    Ok(Answer::done().with("NextID", peek_number(context.db, ADVERTISEMENT_COUNTER)?))
}
