//! The methods of packages, distribution points and their groups.

use serde_json::Value;

use super::{assignment, group};
use crate::site::context::Context;
use crate::site::methods::{Answer, Call, Implementation};
use crate::site::refusal::Refusal;
use crate::site::rules;
use crate::site::store::{Object, StoreError};
use crate::sms::ids::{GroupId, PackageId};
use crate::sms::nal::NalPath;

/// What this room implements.
pub const METHODS: &[Implementation] = &[
    writing("SMS_Package", "AddDistributionPoints", add_points),
    writing("SMS_Package", "RefreshPkgSource", refresh_source),
    writing("SMS_Package", "AddChangeNotification", notify),
    writing("SMS_ContentPackage", "AddDistributionPointGroup", add_group),
    writing("SMS_DistributionPoint", "CancelDistribution", cancel),
    writing("SMS_DistributionPoint", "VerifyPackage", verify),
    writing("SMS_DistributionPointGroup", "AddPackages", group_add),
    writing("SMS_DistributionPointGroup", "RemovePackages", group_remove),
    writing(
        "SMS_DistributionPointGroup",
        "ReDistributePackage",
        group_resend,
    ),
    writing(
        "SMS_DistributionPointGroup",
        "AddDistributionPoints",
        group_add_points,
    ),
    writing(
        "SMS_DistributionPointGroup",
        "RemoveDistributionPoints",
        group_remove_points,
    ),
];

type Run = fn(&Context<'_>, &Call<'_>) -> Result<Answer, StoreError>;

const fn writing(class: &'static str, method: &'static str, run: Run) -> Implementation {
    Implementation {
        class,
        method,
        writes: true,
        run,
    }
}

fn add_points(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let points = texts(call, "NALPath");
    let sites = texts(call, "SiteCode");
    if points.len() != sites.len() {
        let words = "SiteCode and NALPath must have as many elements as each other";
        return Err(Refusal::invalid(words).into());
    }
    let package = package(call);
    for (point, site) in points.iter().zip(&sites) {
        rules::assign(context, package.as_str(), point, site)?;
    }
    Ok(Answer::done())
}

fn refresh_source(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    assignment::refresh_source(context, &package(call))?;
    Ok(Answer::done())
}

fn notify(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    assignment::try_again(context, &package(call))?;
    Ok(Answer::done())
}

fn add_group(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    for id in texts(call, "DistributionPointGroup") {
        let id = GroupId::from(id);
        let known = context.count(
            "SMS_DistributionPointGroup",
            "GroupID = ?1",
            &[&id.as_str()],
        )?;
        if known == 0 {
            return Err(
                Refusal::not_found(format!("there is no distribution point group {id}")).into(),
            );
        }
        group::add_packages(context, &id, &[package(call)])?;
    }
    Ok(Answer::done())
}

fn cancel(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let (package, point) = package_and_point(&call.arguments)?;
    assignment::cancel(context, &package, &point)?;
    Ok(Answer::done())
}

fn verify(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let (package, point) = package_and_point(&call.arguments)?;
    assignment::verify(context, &package, &point)?;
    Ok(Answer::done())
}

fn group_add(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    group::add_packages(context, &group_id(call), &packages(call))?;
    Ok(Answer::done())
}

fn group_remove(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    // The flag is optional, and yes without a word.
    let from_points = match call.arguments.get("RemoveTargetedPackages") {
        Some(flag) => flag.as_bool().unwrap_or(true),
        None => true,
    };
    group::remove_packages(context, &group_id(call), &packages(call), from_points)?;
    Ok(Answer::done())
}

fn group_resend(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let package = PackageId::new(call.arguments.text("PackageID"));
    group::redistribute(context, &group_id(call), &package)?;
    Ok(Answer::done())
}

fn group_add_points(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    let with_packages = call.arguments.flag("AddTargetedPackages");
    group::add_points(context, &group_id(call), &points(call), with_packages)?;
    Ok(Answer::done())
}

fn group_remove_points(context: &Context<'_>, call: &Call<'_>) -> Result<Answer, StoreError> {
    group::remove_points(context, &group_id(call), &points(call))?;
    Ok(Answer::done())
}

// ---- what they are called with ----

fn package(call: &Call<'_>) -> PackageId {
    PackageId::new(call.target().text("PackageID"))
}

fn group_id(call: &Call<'_>) -> GroupId {
    GroupId::new(call.target().text("GroupID"))
}

fn packages(call: &Call<'_>) -> Vec<PackageId> {
    texts(call, "PackageIDs")
        .into_iter()
        .map(PackageId::from)
        .collect()
}

fn points(call: &Call<'_>) -> Vec<NalPath> {
    texts(call, "DPNALPath")
        .into_iter()
        .map(NalPath::new)
        .collect()
}

fn texts(call: &Call<'_>, name: &str) -> Vec<String> {
    let list = call.arguments.list(name);
    list.iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn package_and_point(arguments: &Object) -> Result<(PackageId, NalPath), StoreError> {
    let (package, point) = (arguments.text("PackageId"), arguments.text("NALPath"));
    if package.is_empty() || point.is_empty() {
        return Err(Refusal::invalid("PackageId and NALPath are both needed").into());
    }
    Ok((PackageId::new(package), NalPath::new(point)))
}
