//! What a site is born with: who it is, its server with its roles, the built-in collections, the names of status
//! messages and the platforms programs may ask for.

mod tables;

use serde_json::{Value, json};

use crate::sms::collection_rule::CollectionRule;
use crate::sms::schedule::{Recurrence, Span, Token};
use crate::sms::time::Moment;

use super::context::Context;
use super::methods::identity;
use super::placement;
use super::store::object::next_number;
use super::store::{Object, StoreError};

/// The product version this site stands in for.
pub(super) const VERSION: &str = "5.00.9141.1000";
const BUILD: u32 = 9141;

pub(super) const SERVER_RESOURCE: &str = "Windows NT Server";
const DISTRIBUTION_POINT: &str = "SMS Distribution Point";

/// Fills an empty database.
pub(super) fn fill(context: &Context<'_>) -> Result<(), StoreError> {
    identity(context)?;
    administrator(context)?;
    roles(context)?;
    collections(context)?;
    messages(context)?;
    platforms(context)?;
    placement::built_in_scopes(context)
}

/// An object with the defaults of its class.
fn fresh(context: &Context<'_>, class: &str) -> Result<Object, StoreError> {
    let mut object = Object::new();
    for property in &context.class(class)?.properties {
        if let Some(default) = &property.default {
            object.set(&property.name, default.clone());
        }
    }
    Ok(object)
}

fn insert(context: &Context<'_>, class: &str, values: &Value) -> Result<(), StoreError> {
    let mut object = fresh(context, class)?;
    for (name, value) in values.as_object().into_iter().flatten() {
        object.set(name, value.clone());
    }
    context.insert(class, &object)
}

fn identity(context: &Context<'_>) -> Result<(), StoreError> {
    let site = context.site;
    insert(
        context,
        "SMS_Site",
        &json!({
            "SiteCode": site.code, "SiteName": site.name, "ServerName": site.server, "Version": VERSION,
            "BuildNumber": BUILD, "Type": 2, "Status": 1, "Mode": 0, "InstallDir": context.site.name,
        }),
    )?;
    insert(
        context,
        "SMS_Identification",
        &json!({
            "ThisSiteCode": site.code, "ThisSiteName": site.name, "SMSVersion": VERSION, "SMSBuildNumber": BUILD,
            "SMSSiteServer": site.server, "SMSProviderServer": site.server, "LocaleID": 1033, "License": 1,
        }),
    )
}

/// Whoever makes the site may see and do everything.
fn administrator(context: &Context<'_>) -> Result<(), StoreError> {
    insert(
        context,
        "SMS_Admin",
        &json!({
            "AdminID": 16_777_217, "LogonName": identity::current_user(context), "RoleNames": ["Full Administrator"],
            "CategoryNames": ["All"], "CollectionNames": ["All Systems", "All Users and User Groups"],
            "SourceSite": context.site.code,
        }),
    )
}

/// The roles of the site server; it is the first distribution point.
fn roles(context: &Context<'_>) -> Result<(), StoreError> {
    let site = context.site;
    for role in ["SMS Site Server", "SMS Provider", DISTRIBUTION_POINT] {
        insert(
            context,
            "SMS_SystemResourceList",
            &json!({
                "NALPath": site.nal_path(), "ResourceType": SERVER_RESOURCE, "RoleName": role, "SiteCode": site.code,
                "ServerName": site.server, "ServerRemoteName": site.server, "SslState": 0,
            }),
        )?;
    }
    insert(
        context,
        "SMS_DistributionPointInfo",
        &json!({
            "NALPath": site.nal_path(), "ResourceType": SERVER_RESOURCE, "SiteCode": site.code,
            "SiteName": site.name, "ServerName": site.server, "Name": format!("\\\\{}", site.server),
            "Description": "Distribution point on the site server", "ID": next_number(context.db, "distribution point")?,
        }),
    )
}

fn collections(context: &Context<'_>) -> Result<(), StoreError> {
    for built_in in tables::COLLECTIONS {
        let rules: Vec<CollectionRule> = built_in
            .query
            .map(|expression| {
                let id = next_number(context.db, "query")?;
                Ok::<_, StoreError>(CollectionRule::Query {
                    name: built_in.name.to_owned(),
                    expression: expression.to_owned(),
                    id: u32::try_from(id).ok(),
                })
            })
            .transpose()?
            .into_iter()
            .collect();
        insert(
            context,
            "SMS_Collection",
            &json!({
                "CollectionID": built_in.id, "Name": built_in.name, "Comment": built_in.comment,
                "CollectionType": built_in.kind, "CollectionRules": rules, "CurrentStatus": 5, "IsBuiltIn": true,
                "IsReferenceCollection": built_in.limit.is_none(), "LimitToCollectionID": built_in.limit,
                "LimitToCollectionName": built_in.limit.and_then(tables::collection_name), "RefreshType": 6,
                "RefreshSchedule": built_in.limit.is_none().then(|| [at_four()]),
                "MemberClassName": format!("SMS_CM_RES_COLL_{}", built_in.id), "OwnedByThisSite": true,
                "LastChangeTime": context.now, "LastMemberChangeTime": crate::site::rules::NEVER_CHANGED,
                "LastRefreshTime": crate::site::rules::NEVER_CHANGED,
            }),
        )?;
    }
    Ok(())
}

/// The collections everything else stands on are evaluated in full at 04:00 each day (distribution.md 9).
fn at_four() -> Token {
    let start = jiff::civil::date(1998, 1, 1).at(4, 0, 0, 0);
    Token::new(
        Moment::DeviceClock(start),
        Recurrence::Interval(Span::days(1)),
    )
}

fn messages(context: &Context<'_>) -> Result<(), StoreError> {
    for (id, name, state, state_name) in tables::MESSAGES {
        insert(
            context,
            "SMS_AdvertisementStatusInformation",
            &json!({ "MessageID": id, "MessageName": name, "MessageState": state, "MessageStateName": state_name }),
        )?;
    }
    Ok(())
}

fn platforms(context: &Context<'_>) -> Result<(), StoreError> {
    for (text, platform, lowest, highest) in tables::PLATFORMS {
        insert(
            context,
            "SMS_SupportedPlatforms",
            &json!({
                "OSName": "Win NT", "OSPlatform": platform, "OSMinVersion": lowest, "OSMaxVersion": highest,
                "DisplayText": text, "IsSupported": true,
            }),
        )?;
    }
    Ok(())
}
