//! `SMS_DistributionPointGroup`: a name that is unique; what is in the group is changed by methods.

use uuid::Uuid;

use super::Rules;
use crate::site::content;
use crate::site::context::Context;
use crate::site::refusal::Refusal;
use crate::site::store::{Object, ObjectKey, StoreError, object};
use crate::sms::ids::GroupId;

pub(super) struct Group;

impl Rules for Group {
    fn create(&self, context: &Context<'_>, object: &mut Object) -> Result<(), StoreError> {
        check_name(context, object.text("Name"), "")?;
        object
            .set(
                "GroupID",
                format!("{{{}}}", Uuid::new_v4().to_string().to_uppercase()),
            )
            .set("SourceSite", context.site.code.as_str())
            .set("CreatedOn", context.now())
            .set("ModifiedOn", context.now());
        Ok(())
    }

    fn update(
        &self,
        context: &Context<'_>,
        old: &Object,
        changes: &mut Object,
    ) -> Result<(), StoreError> {
        if changes.has("Name") {
            check_name(context, changes.text("Name"), old.text("GroupID"))?;
        }
        changes.set("ModifiedOn", context.now());
        Ok(())
    }

    /// Content on the members stays (distribution.md 8).
    fn delete(
        &self,
        context: &Context<'_>,
        key: &ObjectKey,
        object: &Object,
    ) -> Result<(), StoreError> {
        content::group::forget(context, &GroupId::new(object.text("GroupID")))?;
        object::delete(
            context.db,
            context.class("SMS_DistributionPointGroup")?,
            key,
        )?;
        Ok(())
    }
}

fn check_name(context: &Context<'_>, name: &str, own_id: &str) -> Result<(), StoreError> {
    if context.count(
        "SMS_DistributionPointGroup",
        "Name = ?1 AND GroupID <> ?2",
        &[&name, &own_id],
    )? > 0
    {
        return Err(
            Refusal::already_exists(format!("there is already a group called {name}")).into(),
        );
    }
    Ok(())
}
