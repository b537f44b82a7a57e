//! Distribution point groups: packages are targeted to the group, and every member has them.

use rusqlite::params;

use crate::site::context::Context;
use crate::site::rules;
use crate::site::store::{Object, StoreError};
use crate::sms::ids::{GroupId, PackageId};
use crate::sms::nal::NalPath;

/// Targets packages to a group: they are assigned to every member.
pub fn add_packages(
    context: &Context<'_>,
    group: &GroupId,
    packages: &[PackageId],
) -> Result<(), StoreError> {
    let points = members(context, group)?;
    for package in packages {
        for (point, site) in &points {
            rules::assign(context, package.as_str(), point, site)?;
        }
        context.execute(
            "INSERT INTO consign_group_package (GroupID, PackageID) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![group.as_str(), package.as_str()],
        )?;
    }
    recount(context, group)
}

/// Ends the targeting; `from_points` takes the packages off the members too.
pub fn remove_packages(
    context: &Context<'_>,
    group: &GroupId,
    packages: &[PackageId],
    from_points: bool,
) -> Result<(), StoreError> {
    for package in packages {
        context.execute(
            "DELETE FROM consign_group_package WHERE GroupID = ?1 AND PackageID = ?2",
            params![group.as_str(), package.as_str()],
        )?;
        if from_points {
            for assignment in assignments(context, group, package)? {
                rules::withdraw(context, &assignment)?;
            }
        }
    }
    recount(context, group)
}

/// Sends a package again to every member that has it.
pub fn redistribute(
    context: &Context<'_>,
    group: &GroupId,
    package: &PackageId,
) -> Result<(), StoreError> {
    for assignment in assignments(context, group, package)? {
        rules::send_again(context, &assignment)?;
    }
    Ok(())
}

/// Adds points to a group; `with_packages` assigns what is targeted to the group.
pub fn add_points(
    context: &Context<'_>,
    group: &GroupId,
    points: &[NalPath],
    with_packages: bool,
) -> Result<(), StoreError> {
    for point in points {
        context.execute(
            "INSERT INTO SMS_DPGroupMembers (GroupID, DPNALPath, SiteCode)
             SELECT ?1, NALPath, SiteCode FROM SMS_SystemResourceList
             WHERE NALPath = ?2 AND RoleName = 'SMS Distribution Point'
             ON CONFLICT DO NOTHING",
            params![group.as_str(), point.as_str()],
        )?;
    }
    if with_packages {
        let added = members(context, group)?;
        let added = added
            .iter()
            .filter(|(path, _)| points.contains(&NalPath::new(path)));
        for (point, site) in added {
            for package in packages(context, group)? {
                rules::assign(context, package.as_str(), point, site)?;
            }
        }
    }
    recount(context, group)
}

/// Takes points out of a group; what they hold stays.
pub fn remove_points(
    context: &Context<'_>,
    group: &GroupId,
    points: &[NalPath],
) -> Result<(), StoreError> {
    for point in points {
        context.execute(
            "DELETE FROM SMS_DPGroupMembers WHERE GroupID = ?1 AND DPNALPath = ?2",
            params![group.as_str(), point.as_str()],
        )?;
    }
    recount(context, group)
}

/// Forgets a group that was deleted; what its members hold stays.
pub fn forget(context: &Context<'_>, group: &GroupId) -> Result<(), StoreError> {
    for table in ["consign_group_package", "SMS_DPGroupMembers"] {
        context.execute(
            &format!("DELETE FROM {table} WHERE GroupID = ?1"),
            params![group.as_str()],
        )?;
    }
    recount_points(context)
}

/// Brings the counts of a group, and of all points, up to date.
pub fn recount(context: &Context<'_>, group: &GroupId) -> Result<(), StoreError> {
    let sql = "UPDATE SMS_DistributionPointGroup SET
                   MemberCount = (SELECT count(*) FROM SMS_DPGroupMembers AS member WHERE member.GroupID = ?1),
                   HasMember = EXISTS (SELECT 1 FROM SMS_DPGroupMembers AS member WHERE member.GroupID = ?1),
                   ContentCount = (SELECT count(*) FROM consign_group_package AS target WHERE target.GroupID = ?1)
               WHERE GroupID = ?1";
    context.execute(sql, params![group.as_str()])?;
    recount_points(context)?;
    recount_sync(context)
}

fn recount_points(context: &Context<'_>) -> Result<(), StoreError> {
    let sql = "UPDATE SMS_DistributionPointInfo AS info SET
                   GroupCount = (SELECT count(*) FROM SMS_DPGroupMembers WHERE DPNALPath = info.NALPath),
                   HasRelationship = EXISTS (SELECT 1 FROM SMS_DPGroupMembers WHERE DPNALPath = info.NALPath)
               WHERE GroupCount IS NOT (SELECT count(*) FROM SMS_DPGroupMembers WHERE DPNALPath = info.NALPath)";
    context.execute(sql, &[])?;
    Ok(())
}

/// Counts anew, for every group, the packages that some member does not hold in their newest version.
pub(super) fn recount_sync(context: &Context<'_>) -> Result<(), StoreError> {
    let sql = "WITH lagging (GroupID, Packages) AS (
                   SELECT target.GroupID, count(DISTINCT target.PackageID)
                   FROM consign_group_package AS target
                   JOIN SMS_DPGroupMembers AS member ON member.GroupID = target.GroupID
                   JOIN SMS_Package AS package ON package.PackageID = target.PackageID
                   LEFT JOIN SMS_PackageStatusDistPointsSummarizer AS point
                       ON point.PackageID = target.PackageID AND point.ServerNALPath = member.DPNALPath
                   WHERE point.State IS NULL OR point.State NOT IN (0, 8)
                       OR point.SourceVersion < package.SourceVersion
                   GROUP BY target.GroupID),
               counted (GroupID, Packages) AS (
                   SELECT each.GroupID, coalesce(lagging.Packages, 0)
                   FROM SMS_DistributionPointGroup AS each LEFT JOIN lagging USING (GroupID))
               UPDATE SMS_DistributionPointGroup AS point_group SET
                   OutOfSyncContentCount = counted.Packages, ContentInSync = counted.Packages = 0
               FROM counted
               WHERE counted.GroupID = point_group.GroupID
                   AND point_group.OutOfSyncContentCount IS NOT counted.Packages";
    context.execute(sql, &[])?;
    Ok(())
}

/// Path and site code of each member.
fn members(context: &Context<'_>, group: &GroupId) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT server.NALPath, server.SiteCode FROM SMS_DPGroupMembers AS member
               JOIN SMS_SystemResourceList AS server
                   ON server.NALPath = member.DPNALPath AND server.RoleName = 'SMS Distribution Point'
               WHERE member.GroupID = ?1";
    let mut statement = context.db.prepare_cached(sql)?;
    let rows = statement.query_map([group.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn packages(context: &Context<'_>, group: &GroupId) -> Result<Vec<PackageId>, StoreError> {
    let sql = "SELECT PackageID FROM consign_group_package WHERE GroupID = ?1";
    let mut statement = context.db.prepare_cached(sql)?;
    let rows = statement.query_map([group.as_str()], |row| {
        Ok(PackageId::from(row.get::<_, String>(0)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where members of a group hold a package.
fn assignments(
    context: &Context<'_>,
    group: &GroupId,
    package: &PackageId,
) -> Result<Vec<Object>, StoreError> {
    context.find(
        "SMS_DistributionPoint",
        "PackageID = ?2 AND Status IS NOT 3
             AND ServerNALPath IN (SELECT DPNALPath FROM SMS_DPGroupMembers WHERE GroupID = ?1)",
        params![group.as_str(), package.as_str()],
    )
}
