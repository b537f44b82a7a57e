//! Distribution points of the sample: the site server's own, two more, and a group of all three.

use serde_json::json;

use super::object;
use crate::site::context::Context;
use crate::site::store::StoreError;
use crate::site::store::object::next_number;
use crate::sms::nal::NalPath;

/// The points of the site and the group they are in.
pub struct Points {
    /// Short name (`dp02`) and NAL path, the site server's first.
    pub servers: Vec<(String, NalPath)>,
    pub group: String,
}

const GROUP: &str = "{7C1A5C0E-3B1D-4E6A-9C39-5D8A0F1B2C3D}";

pub fn fill(context: &Context<'_>) -> Result<Points, StoreError> {
    let domain = context
        .site
        .server
        .split_once('.')
        .map_or("example", |(_, domain)| domain);
    let mut servers = vec![(context.site.computer().to_owned(), context.site.nal_path())];
    for name in ["dp02", "dp03"] {
        let server = format!("{name}.{domain}");
        let path = NalPath::of_server(&server, &context.site.code);
        add_server(context, &server, &path)?;
        servers.push((name.to_owned(), path));
    }
    add_group(context, &servers)?;
    Ok(Points {
        servers,
        group: GROUP.into(),
    })
}

fn add_server(context: &Context<'_>, server: &str, path: &NalPath) -> Result<(), StoreError> {
    let site = context.site;
    context.insert(
        "SMS_SystemResourceList",
        &object(json!({
            "NALPath": path, "ResourceType": "Windows NT Server", "RoleName": "SMS Distribution Point",
            "SiteCode": site.code, "ServerName": server, "ServerRemoteName": server, "SslState": 0,
        })),
    )?;
    context.insert(
        "SMS_DistributionPointInfo",
        &object(json!({
            "NALPath": path, "ResourceType": "Windows NT Server", "SiteCode": site.code, "SiteName": site.name,
            "ServerName": server, "Name": format!("\\\\{server}"), "Description": "Sample distribution point",
            "ID": next_number(context.db, "distribution point")?, "IsPullDP": false, "Priority": 200,
        })),
    )
}

fn add_group(context: &Context<'_>, servers: &[(String, NalPath)]) -> Result<(), StoreError> {
    context.insert(
        "SMS_DistributionPointGroup",
        &object(json!({
            "GroupID": GROUP, "Name": "All lab points", "Description": "Every distribution point of the lab",
            "MemberCount": servers.len(), "HasMember": true, "ContentCount": 0, "CollectionCount": 0,
            "HasRelationship": false, "ContentInSync": true, "OutOfSyncContentCount": 0, "CreatedBy": "LAB\\admin",
            "CreatedOn": context.now(), "ModifiedBy": "LAB\\admin", "ModifiedOn": context.now(),
            "SourceSite": context.site.code,
        })),
    )?;
    for (_, path) in servers {
        context.insert(
            "SMS_DPGroupMembers",
            &object(json!({ "GroupID": GROUP, "DPNALPath": path, "SiteCode": context.site.code })),
        )?;
        context.execute(
            "UPDATE SMS_DistributionPointInfo SET GroupCount = 1, HasRelationship = 1 WHERE NALPath = ?1",
            &[&path.as_str()],
        )?;
    }
    Ok(())
}
